import { type Queryable, transaction } from '#db/client.ts'
import { lockStanding } from '#db/queries/cards.ts'
import { type ChallengeRow, toChallenge } from '#db/queries/challenges.ts'
import { lockPaymentOf, waitingPayments } from '#db/queries/decoupled.ts'
import type { Purchase } from '#db/schema.ts'
import { allows } from '#domain/account/assurance.ts'
import { next } from '#domain/challenge/machine.ts'
import type { Event } from '#domain/challenge/states.ts'
import { type Invalid, invalidity } from '#domain/risk/card-standing.ts'
import { applyTransition } from '../challenge/apply.ts'
import { codeRecipientsOf } from '../challenge/code-recipients.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { isId, lockFor } from './sessions.ts'

// Payments that the cardholder approves or declines in the account: by decoupled authentication, or out of band while a
// challenge window waits.

export interface WaitingPayment {
  readonly id: string
  readonly purchase: Purchase
  readonly lastFour: string
  readonly askedAt: number
  /** The deadline: an answer must come before it. */
  readonly until: number
}

export interface WaitingPayments {
  readonly payments: readonly WaitingPayment[]
  /** More payments wait than are listed. */
  readonly more: boolean
}

/** The list is limited because a requestor may ask ten times an hour and wait for days. */
const listed = 20

/** The payments that wait for an answer, the earliest deadline first. Being signed in is enough to see them. */
export async function listWaitingPayments({ cardholderId }: Actor): Promise<WaitingPayments> {
  const rows = await waitingPayments(cardholderId, now(), listed + 1)
  const payments = rows.slice(0, listed).map(({ createdAt, deadlineAt, ...row }) => ({
    ...row,
    askedAt: createdAt,
    until: deadlineAt ?? 0,
  }))
  return { payments, more: rows.length > listed }
}

export type PaymentAnswer = 'approved' | 'declined'

export type PaymentAnswered = {
  readonly kind:
    | PaymentAnswer
    | 'stronger-authentication-needed'
    /**
     * Already answered, too late, the card is no longer valid, or the cardholder has no such payment: the answer does
     * not say which.
     */
    | 'over'
}

/**
 * Records the cardholder's answer. Either the worker sends the result, or the waiting window does, whichever comes
 * first.
 */
export async function answerPayment(actor: Actor, id: string, answer: PaymentAnswer): Promise<PaymentAnswered> {
  if (!allows('answer-payment', actor, now())) return { kind: 'stronger-authentication-needed' }
  if (!isId(id)) return { kind: 'over' }
  const { cardholderId } = actor
  return transaction(async tx => {
    if (!(await lockFor(tx, 'answer-payment', actor))) return { kind: 'stronger-authentication-needed' }
    const row = await lockPaymentOf(tx, cardholderId, { acsTransID: id })
    if (!row || (row.state !== 'awaiting-cardholder' && !row.outOfBand.includes('account'))) return { kind: 'over' }
    const at = now()
    // Payments may have become restricted since the window offered this method. The person who is signed in may then be
    // the intruder, so an approval is not accepted.
    const inWindow = row.state !== 'awaiting-cardholder'
    if (answer === 'approved' && inWindow && (await codeRecipientsOf(tx, row, at)).restricted) return { kind: 'over' }
    const event = eventOf(answer, invalidity(await lockStanding(tx, row.cardId), at))
    const outcome = await take(tx, row, event, at)
    log.info('payment.answered', { acsTransID: row.acsTransID, cardholderId, outcome })
    return { kind: outcome === answer ? answer : 'over' }
  })
}

/** If the card has become unusable since, an approval is not accepted. */
function eventOf(answer: PaymentAnswer, barred: Invalid | undefined): Event {
  if (answer === 'approved' && barred) return { kind: 'barred', by: barred }
  return { kind: 'answered', method: 'account', event: { kind: answer } }
}

async function take(tx: Queryable, row: ChallengeRow, event: Event, at: number): Promise<string> {
  const challenge = await applyTransition(tx, row, next(toChallenge(row), event, at), at)
  return challenge.state === 'ended' ? challenge.outcome : challenge.state
}
