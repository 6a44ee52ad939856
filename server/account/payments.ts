import { type Queryable, transaction } from '#db/client.ts'
import { lockStanding } from '#db/queries/cards.ts'
import { type ChallengeRow, toChallenge } from '#db/queries/challenges.ts'
import { lockAsked, waitingPayments } from '#db/queries/decoupled.ts'
import type { Purchase } from '#db/schema.ts'
import { allows } from '#domain/account/assurance.ts'
import { next } from '#domain/challenge/machine.ts'
import type { Event } from '#domain/challenge/states.ts'
import { barredBy } from '#domain/risk/card-standing.ts'
import { applyTransition } from '../challenge/apply.ts'
import { codeRecipientsOf } from '../challenge/code-recipients.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { isId, lockFor } from './sessions.ts'

// Payments that are asked about in the account: while the cardholder was not at the merchant (decoupled authentication), or while a
// window waits.

export interface WaitingPayment {
  readonly id: string
  readonly purchase: Purchase
  readonly lastFour: string
  readonly askedAt: number
  /** Answers count before this moment. */
  readonly until: number
}

export interface WaitingPayments {
  readonly payments: readonly WaitingPayment[]
  /** More wait than are listed. */
  readonly more: boolean
}

/** A requestor that waits for days may ask ten times an hour. */
const listed = 20

/** What waits for an answer; what ends first, first. Looking asks for no more than being signed in. */
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
    /** Answered before, too late, the card is good no longer, or no such payment of this cardholder: all look alike. */
    | 'over'
}

/** The cardholder answers. The result leaves by the worker, or with the window that waits for it, whichever is first. */
export async function answerPayment(actor: Actor, id: string, answer: PaymentAnswer): Promise<PaymentAnswered> {
  if (!allows('answer-payment', actor, now())) return { kind: 'stronger-authentication-needed' }
  if (!isId(id)) return { kind: 'over' }
  const { cardholderId } = actor
  return transaction(async tx => {
    if (!(await lockFor(tx, 'answer-payment', actor))) return { kind: 'stronger-authentication-needed' }
    const row = await lockAsked(tx, cardholderId, id)
    if (!row || (row.state !== 'awaiting-cardholder' && !row.outOfBand.includes('account'))) return { kind: 'over' }
    const at = now()
    // Since the window asked here, payments have come to be watched: the person the restriction is about may be signed in.
    const inWindow = row.state !== 'awaiting-cardholder'
    if (answer === 'approved' && inWindow && (await codeRecipientsOf(tx, row, at)).restricted) return { kind: 'over' }
    const event = eventOf(answer, barredBy(await lockStanding(tx, row.cardId), at))
    const outcome = await take(tx, row, event, at)
    log.info('payment.answered', { acsTransID: row.acsTransID, cardholderId, outcome })
    return { kind: outcome === answer ? answer : 'over' }
  })
}

/** What has happened to the card since counts before a yes does. */
function eventOf(answer: PaymentAnswer, barred: ReturnType<typeof barredBy>): Event {
  if (answer === 'approved' && barred) return { kind: 'barred', by: barred }
  return { kind: 'answered', method: 'account', event: { kind: answer } }
}

async function take(tx: Queryable, row: ChallengeRow, event: Event, at: number): Promise<string> {
  const challenge = await applyTransition(tx, row, next(toChallenge(row), event, at), at)
  return challenge.state === 'ended' ? challenge.outcome : challenge.state
}
