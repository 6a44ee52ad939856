import type { Queryable } from '#db/client.ts'
import { type ChallengeRow, toChallenge } from '#db/queries/challenges.ts'
import { codeLimit } from '#domain/challenge/in-window.ts'
import { next } from '#domain/challenge/machine.ts'
import type { Challenge, Event, Start } from '#domain/challenge/states.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import { anyCode, begunBy, type Selection, sendsCode } from '#domain/methods/selection.ts'
import { isAllowed } from '../methods/available.ts'
import { serverMethods } from '../methods/registry.ts'
import { applyTransition } from './apply.ts'
import type { CardLimits } from './card-limits.ts'
import type { RecipientsNow } from './code-recipients.ts'

interface Wanted {
  readonly selected: Selection
  readonly recipients: RecipientsNow
  readonly limits: CardLimits
  /** Why these are not the methods that the cardholder prefers. */
  readonly notice?: Extract<Start, { kind: 'methods' }>['notice']
}

interface Reserved {
  readonly start: Start
  /** The methods for which a send was reserved under a cap. */
  readonly reserved: readonly MethodId[]
}

/**
 * Begins methods if the state machine agrees. Sends under a cap are reserved first, so that the machine decides knowing
 * the result, and released if it decides otherwise. `event` builds the event from what can begin.
 */
export async function begin(
  tx: Queryable,
  row: ChallengeRow,
  wanted: Wanted,
  at: number,
  event: (start: Start) => Event,
): Promise<Challenge> {
  const { recipients } = wanted
  const { start, reserved } = await reserve(tx, row, wanted, at)
  const step = next(toChallenge(row), event(start), at)
  const begun = step.effects.flatMap(effect => (effect.kind === 'begin' ? effect.methods : []))
  for (const id of reserved) if (!begun.includes(id)) await serverMethods[id].release?.(tx, row, recipients, at)
  return applyTransition(tx, row, step, at, { recipients, limits: wanted.limits })
}

async function reserve(
  tx: Queryable,
  row: ChallengeRow,
  { selected, recipients, limits, notice }: Wanted,
  at: number,
): Promise<Reserved> {
  if (!selected.some(sendsCode)) {
    return { start: { kind: 'methods', selected, begun: selected, ...(notice && { notice }) }, reserved: [] }
  }
  if (limits.sending.kind === 'flooded' || limits.codes.kind !== 'permitted')
    return { start: { kind: 'flooded' }, reserved: [] }
  const allowed = anyCode.filter(id => isAllowed(id, recipients))
  const begun = begunBy(selected, allowed)
  if (begun.length === 0) return { start: { kind: 'no-contact' }, reserved: [] }
  const start: Start = { kind: 'methods', selected, begun }
  const limit = codeLimit({ ...row, lastSentAt: row.lastSentAt ?? undefined }, at)
  if (limit) return { start, reserved: [] }

  const [reserved, refused]: [MethodId[], MethodId[]] = [[], []]
  for (const id of begun) {
    const { reserve } = serverMethods[id]
    if (!reserve) continue
    const group = (await reserve(tx, row, recipients, at)) ? reserved : refused
    group.push(id)
  }
  if (refused.length === 0) return { start, reserved }
  // For a smaller purchase the remaining contact suffices. For a larger one it does not: a person who reads the mailbox
  // can exhaust a cap, and the text message is how the cardholder hears of the purchase.
  const left = begunBy(
    selected,
    allowed.filter(id => !refused.includes(id)),
  )
  if (!recipients.larger && left.length > 0) return { start: { kind: 'methods', selected, begun: left }, reserved }
  return { start: { kind: 'sms-limited', restriction: recipients.restricted }, reserved }
}
