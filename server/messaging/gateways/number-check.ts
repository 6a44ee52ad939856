import { z } from 'zod'
import { policy } from '#domain/challenge/policy.ts'
import type { Hosts } from '../../outbox/hosts.ts'
import { config } from '../../platform/config.ts'
import { gotNoAnswer } from '../../platform/outbound.ts'
import { postSigned } from './signed-post.ts'

// The interface for issuers that can find out whether a mobile number was moved to another SIM card or ported to another
// carrier: docs/number-check.md.

/**
 * `unavailable`: the service gave no usable answer in time. `busy`: it responds, but has as many questions of ours as it
 * may have at once.
 */
export type NumberChecked = 'not-moved' | 'moved' | 'unavailable' | 'busy'

const host = 'number check'

const answerSchema = z.object({ swapped: z.boolean() })

/**
 * Whether a number was moved within the time that the issuer considers recent; undefined without such a service. A
 * service that does not answer rests for a while, as gateways do, so that it does not delay every message.
 */
export async function checkNumber(id: string, phoneNumber: string, hosts: Hosts): Promise<NumberChecked | undefined> {
  const { numberCheck } = config()
  if (!numberCheck) return undefined
  if (hosts.free(host, policy.slotsPerHost.numberCheck) === 0) return hosts.responds(host) ? 'busy' : 'unavailable'
  const question = { id, phoneNumber, maxAge: numberCheck.recentHours }
  const answer = await hosts.enter(
    host,
    () => postSigned(numberCheck, question, policy.numberCheckTimeout),
    given => !gotNoAnswer(given),
  )
  if (answer.kind !== 'answered' || answer.status !== 200) return 'unavailable'
  const parsed = answerSchema.safeParse(parse(answer.body))
  if (!parsed.success) return 'unavailable'
  return parsed.data.swapped ? 'moved' : 'not-moved'
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
