import { database, transaction } from '#db/client.ts'
import { openReportOf } from '#db/queries/reports.ts'
import {
  provenPayment,
  provenPayments,
  removeTrustedMerchant,
  trustedMerchantsOf,
} from '#db/queries/trusted-merchants.ts'
import type { MerchantIdentity } from '#db/schema.ts'
import { allows } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { restrictionOn } from '#domain/contact/code-recipients.ts'
import { audit } from '../audit/audit.ts'
import { restrictionFacts } from '../challenge/code-recipients.ts'
import { keepsTrustList, merchantOf } from '../challenge/trust.ts'
import { decryptEffectiveContacts } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { isId, lockFor } from './sessions.ts'
import { trustMerchant } from './trust-merchant.ts'

export interface TrustedShown {
  readonly id: string
  readonly merchantName: string
  readonly trustedAt: number
}

/** A merchant that could be trusted, with the cardholder's last payment there. */
export interface MerchantShown {
  readonly paymentId: string
  readonly merchantName: string
  readonly paidAt: number
}

export interface Merchants {
  readonly trusted: readonly TrustedShown[]
  readonly others: readonly MerchantShown[]
}

/** The merchants that a cardholder trusts, and those at which they authenticated a payment recently. */
export async function listMerchants({ cardholderId }: Actor): Promise<Merchants> {
  const [trusted, payments] = await Promise.all([
    trustedMerchantsOf(database(), cardholderId),
    provenPayments(database(), cardholderId, provenSince(), accountPolicy.paymentsLookedAt),
  ])
  const seen = new Set(trusted.map(keyOf))
  const others: MerchantShown[] = []
  for (const { id, directoryServer, purchase, endedAt } of payments) {
    const merchant = merchantOf(directoryServer, purchase)
    if (!merchant || seen.has(keyOf(merchant))) continue
    seen.add(keyOf(merchant))
    others.push({ paymentId: id, merchantName: purchase.merchantName, paidAt: endedAt ?? 0 })
  }
  return {
    trusted: trusted.map(({ id, merchantName, trustedAt }) => ({ id, merchantName, trustedAt })),
    others,
  }
}

export type Trusted = {
  readonly kind:
    | 'done'
    | 'stronger-authentication-needed'
    /** The cardholder has no such payment, it is too old, or this deployment keeps no list of trusted merchants. */
    | 'unknown'
    /** A report is open, or the e-mail address was changed recently. */
    | 'restricted'
    /** The daily limit is reached; there is one because every contact is notified each time. */
    | 'limited'
}

/** Trusts the merchant of a payment that the cardholder authenticated. */
export async function trustMerchantOf(actor: Actor, paymentId: string): Promise<Trusted> {
  if (!allows('trust-merchant', actor, now())) return { kind: 'stronger-authentication-needed' }
  if (!isId(paymentId) || !keepsTrustList()) return { kind: 'unknown' }
  const { cardholderId } = actor
  if ((await countTry('merchantsTrusted', cardholderId)).kind === 'limited') return { kind: 'limited' }
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'trust-merchant', actor))) return { kind: 'stronger-authentication-needed' }
    const payment = await provenPayment(tx, cardholderId, provenSince(), paymentId)
    const merchant = payment && merchantOf(payment.directoryServer, payment.purchase)
    if (!payment || !merchant) return { kind: 'unknown' }
    const happened = restrictionFacts(await openReportOf(tx, cardholderId))
    if (restrictionOn(await decryptEffectiveContacts(tx, cardholderId, at), happened, at)) return { kind: 'restricted' }
    await trustMerchant(tx, actor, merchant, payment.purchase.merchantName, at)
    return { kind: 'done' }
  })
}

/** Removing trust only makes payments stricter, so being signed in is enough. */
export async function distrustMerchant(
  { cardholderId }: Actor,
  id: string,
): Promise<{ readonly kind: 'done' | 'unknown' }> {
  const removed =
    isId(id) &&
    (await transaction(async tx => {
      const found = await removeTrustedMerchant(tx, cardholderId, id, now())
      if (found) await audit(tx, { type: 'merchant-distrusted', cardholderId, ref: id })
      return found
    }))
  if (removed) log.info('merchant.distrusted', { cardholderId })
  return { kind: removed ? 'done' : 'unknown' }
}

function provenSince(): number {
  return now() - accountPolicy.merchantsProvenWithin
}

function keyOf({ directoryServer, acquirerBIN, acquirerMerchantID }: MerchantIdentity): string {
  return JSON.stringify([directoryServer, acquirerBIN, acquirerMerchantID])
}
