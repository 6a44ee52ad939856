import { z } from 'zod'
import { policy } from '#domain/challenge/policy.ts'
import { postSigned, type SharedGateway } from '../messaging/gateways/signed-post.ts'
import { newRandomId } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'

// The interface for issuers that check the facts of a registration themselves: docs/registration.md.

/** `unavailable`: the issuer's service gave no usable answer in time. */
export type FactsChecked = 'right' | 'wrong' | 'unavailable'

interface Asked {
  /** The issuer's own id. */
  readonly cardholderId: string
  readonly debitAccountLastFour?: string
  /** YYYY-MM-DD. */
  readonly dateOfBirth: string
}

const answerSchema = z.object({ matches: z.boolean() })

/** Asks the service once. The facts are in the request alone: they are stored nowhere. */
export async function askService(service: SharedGateway, asked: Asked): Promise<FactsChecked> {
  const answer = await postSigned(service, { id: newRandomId(), ...asked }, policy.factsServiceTimeout)
  const parsed =
    answer.kind === 'answered' && answer.status === 200 ? answerSchema.safeParse(parse(answer.body)) : undefined
  if (!parsed?.success) {
    log.warn(
      'registration.service-unavailable',
      answer.kind === 'answered' ? { status: answer.status } : { why: answer.why },
    )
    return 'unavailable'
  }
  return parsed.data.matches ? 'right' : 'wrong'
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
