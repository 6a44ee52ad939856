import { z } from 'zod'
import { policy } from '#domain/challenge/policy.ts'
import type { PolicySignals } from '#domain/risk/history/signal-table.ts'
import { type Policy, readsSignal } from '#domain/risk/policy/policy.ts'
import type { Identified } from '../authentication/identify.ts'
import { postSigned } from '../messaging/gateways/signed-post.ts'
import { Hosts } from '../outbox/hosts.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { gotNoAnswer } from '../platform/outbound.ts'

// The interface for issuers that score payments themselves: docs/risk-score.md.

const answerSchema = z.object({ score: z.number().min(0).max(100) })

const hosts = new Hosts()
const host = 'score service'
/** Whether it answered last, so that each change is logged once, and not each AReq. */
let isAvailable = true

/**
 * The signals, with the score of the issuer's own service if one of the policies reads it. Waits `timeout` milliseconds at most;
 * a service that does not answer rests for a while, so that it does not delay every AReq. Never throws.
 */
export async function withExternalScore(
  signals: PolicySignals,
  { history }: Pick<Identified, 'history'>,
  policies: readonly (Policy | undefined)[],
  timeout: number = policy.scoreTimeout,
): Promise<PolicySignals> {
  const service = config().scoreService
  const isRead = policies.some(each => each && readsSignal(each, 'externalScore'))
  if (!service || !history || !isRead || hosts.free(host, policy.slotsPerHost.score) === 0) return signals
  const { event, issuerRef, lastFour } = history
  // Unknown signals are left out.
  const asked = { id: event.id, cardholderId: issuerRef, lastFour, areq: event.areq, signals }
  const answer = await hosts.enter(
    host,
    () => postSigned(service, asked, timeout),
    given => !gotNoAnswer(given),
  )
  const parsed =
    answer.kind === 'answered' && answer.status === 200 ? answerSchema.safeParse(parse(answer.body)) : undefined
  if (parsed?.success) {
    if (!isAvailable) log.info('risk.score-available', {})
    isAvailable = true
    return { ...signals, externalScore: parsed.data.score }
  }
  if (isAvailable)
    log.warn('risk.score-unavailable', answer.kind === 'answered' ? { status: answer.status } : { why: answer.why })
  isAvailable = false
  return signals
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
