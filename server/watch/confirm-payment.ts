import { database, transaction } from '#db/client.ts'
import { confirmedPayment, confirmRefusedPayment, type RefusedPayment, refusedPaymentOf } from '#db/queries/alerts.ts'
import type { MerchantIdentity } from '#db/schema.ts'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import { isConfirmable } from '#domain/watch/confirmation.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import type { Actor } from '../account/actor.ts'
import { isId, lockFor } from '../account/sessions.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'

/** A refused payment, as its page shows it. */
export interface RefusedPage {
  readonly id: string
  readonly merchantName: string
  /** Minor units; undefined without an amount. */
  readonly price: { readonly amount: string; readonly currency: string; readonly exponent: string } | undefined
  readonly lastFour: string
  readonly refusedAt: number
  readonly state: ReturnType<typeof isConfirmable>
  /** Until when the confirmation lasts; undefined before it. */
  readonly until: number | undefined
}

/** A refused payment of the actor's own; undefined if there is no such alert, or it is another cardholder's. */
export async function readRefused(actor: Actor, alertId: string): Promise<RefusedPage | undefined> {
  const found = isId(alertId) ? await refusedPaymentOf(database(), actor.cardholderId, alertId) : undefined
  if (!found) return undefined
  const { alert, areq, lastFour } = found
  const text = (name: string) => (typeof areq[name] === 'string' ? String(areq[name]) : '')
  const [amount, currency, exponent] = [text('purchaseAmount'), text('purchaseCurrency'), text('purchaseExponent')]
  return {
    id: alert.id,
    merchantName: shownMerchantName(text('merchantName')),
    price: amount && currency && exponent ? { amount, currency, exponent } : undefined,
    lastFour,
    refusedAt: alert.raisedAt,
    state: stateOf(found),
    until: alert.confirmedAt === null ? undefined : alert.confirmedAt + watchPolicy.confirmedFor,
  }
}

/**
 * "This was me" about a refused payment, by the signed-in cardholder: for a while, payments with the card at the
 * merchant are challenged instead, and only a passkey or an approval device passes that challenge.
 */
export async function confirmRefused(
  actor: Actor,
  alertId: string,
): Promise<{ readonly kind: 'confirmed' | 'not-confirmable' | 'unknown' | 'stronger-authentication-needed' }> {
  return transaction(async tx => {
    if (!(await lockFor(tx, 'confirm-refused-payment', actor))) return { kind: 'stronger-authentication-needed' }
    const found = isId(alertId) ? await refusedPaymentOf(tx, actor.cardholderId, alertId) : undefined
    if (!found) return { kind: 'unknown' }
    if (stateOf(found) !== 'confirmable') return { kind: 'not-confirmable' }
    await confirmRefusedPayment(tx, alertId, now())
    const { cardholderId } = actor
    await audit(tx, { type: 'refused-payment-confirmed', cardholderId, ref: alertId })
    log.info('alert.payment-confirmed', { cardholderId })
    return { kind: 'confirmed' }
  })
}

function stateOf({ alert, decision, cardStatus }: RefusedPayment) {
  return isConfirmable({ ...alert, decision, cardStatus }, now())
}

/** The alert of which the cardholder has just said "this was me", about a payment with this card at this merchant. */
export function confirmedByCardholder(
  payment: MerchantIdentity & { readonly cardId: string },
  at: number,
): Promise<string | undefined> {
  return confirmedPayment(payment, at - watchPolicy.confirmedFor)
}
