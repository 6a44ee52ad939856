import { database } from '#db/client.ts'
import { removeAuthentication } from '#db/queries/authentications.ts'
import { dropMessagesAbout } from '#db/queries/outbox.ts'
import type { Erro } from '#domain/emv/erro.ts'
import type { ARes } from '#domain/emv/messages.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { internalErrorARes } from './ares.ts'
import { ConcurrencyLimiter } from './concurrency-limiter.ts'
import type { Request } from './request.ts'

/** A plain flag: an AbortController would do the same, and costs as much as an HMAC. */
export interface Deadline {
  /** The AReq has been answered U, so nothing may be saved any more. */
  passed: boolean
}

export function stopIfPassed({ passed }: Deadline): void {
  if (passed) throw new Error('answered U meanwhile')
}

const limiter = new ConcurrencyLimiter()

/**
 * Runs `work` within the time for an AReq, and within the limit of concurrent AReqs of its directory server. Never
 * throws: in every other case the answer is U.
 */
export async function withinLimits(
  request: Request,
  work: (deadline: Deadline) => Promise<ARes | Erro>,
): Promise<ARes | Erro> {
  const { acsTransID } = request.ids
  const { id: directoryServer, maxConcurrent } = request.directoryServer
  let timer: ReturnType<typeof setTimeout> | number | undefined
  const timeout = new Promise<undefined>(resolve => {
    timer = setTimeout(resolve, config().areqTime)
  })
  const deadline: Deadline = { passed: false }
  const working = limiter.run(directoryServer, maxConcurrent, () => work(deadline))
  try {
    const answer = working && (await Promise.race([working, timeout]))
    if (answer) return answer
    if (working) {
      deadline.passed = true
      log.error('areq.too-slow', { acsTransID })
      // If the work fails, nothing was saved.
      working.then(
        () => undoAuthentication(request),
        () => {},
      )
    } else if (limiter.shouldLog(directoryServer, now())) {
      log.error('areq.too-many', { directoryServer, count: maxConcurrent })
    }
  } catch (error) {
    log.error('areq.failed', { acsTransID, error })
  } finally {
    clearTimeout(timer)
  }
  return internalErrorARes(request)
}

/**
 * Removes an authentication that was saved just as it was given up: its challenge would send a result that no one
 * expects.
 */
async function undoAuthentication({ id, ids: { acsTransID } }: Request): Promise<void> {
  try {
    if (!(await removeAuthentication(id))) return
    await dropMessagesAbout(database(), id, now())
    await audit(database(), { type: 'payment-taken-back', ref: id })
    log.warn('areq.taken-back', { acsTransID })
  } catch (error) {
    log.error('areq.not-taken-back', { acsTransID, error })
  }
}
