import { database, type Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import type { OpenReport } from '#db/queries/reports.ts'
import { trustsMerchant } from '#db/queries/trusted-merchants.ts'
import type { MerchantIdentity, Purchase } from '#db/schema.ts'
import { type Reachable, restrictionOn } from '#domain/contact/code-recipients.ts'
import type { TrustStatus } from '#domain/emv/requested-elements.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import { trustMerchant } from '../account/trust-merchant.ts'
import { decryptEffectiveContacts } from '../messaging/message.ts'
import { config } from '../platform/config.ts'
import type { Issuer } from '../platform/issuer.ts'
import { restrictionFacts } from './code-recipients.ts'

// Merchants that a cardholder trusts, for EMV 3DS messages and the window. The rule is in domain/risk/decide.ts.

/** Whether this issuer lets cardholders trust merchants. */
export function keepsTrustList({ challengeAboveAtTrustedMerchant }: Issuer = config().issuer): boolean {
  return Object.keys(challengeAboveAtTrustedMerchant).length > 0
}

/**
 * The highest amount at a trusted merchant that needs no challenge, minor units; undefined for a currency in which
 * trust changes nothing.
 */
export function trustLimit(currency: string): bigint | undefined {
  return config().issuer.challengeAboveAtTrustedMerchant[currency]
}

/** The merchant's identity; undefined if the AReq did not contain it. */
export function merchantOf(directoryServer: string, purchase: Partial<Purchase>): MerchantIdentity | undefined {
  const { acquirerBIN, merchantID: acquirerMerchantID } = purchase
  return acquirerBIN && acquirerMerchantID ? { directoryServer, acquirerBIN, acquirerMerchantID } : undefined
}

interface Holder extends Pick<OpenReport, 'reportOpenSince' | 'numberStoppedAt'> {
  readonly cardholderId: string
  readonly contacts: readonly Reachable[]
}

/** The whiteListStatus of a merchant. While payments are restricted, neither existing nor new trust is valid. */
export async function trustStatus(
  holder: Holder | undefined,
  merchant: MerchantIdentity | undefined,
  now: number,
  tx: Queryable = database(),
): Promise<TrustStatus> {
  if (!keepsTrustList()) return 'E'
  if (!holder || !merchant || restrictionOn(holder.contacts, restrictionFacts(holder), now)) return 'U'
  return (await trustsMerchant(tx, holder.cardholderId, merchant)) ? 'Y' : 'N'
}

async function statusNow(tx: Queryable, row: ChallengeRow, now: number) {
  const owner = await ownerOf(tx, row.cardId)
  const holder = { ...owner, contacts: await decryptEffectiveContacts(tx, owner.cardholderId, now) }
  const merchant = merchantOf(row.directoryServer, row.purchase)
  // A number that was registered in a window proves too little to trust a merchant by.
  const isProvisional = holder.contacts.some(contact => contact.channel === 'sms' && contact.isProvisional)
  return { owner, merchant, status: await trustStatus(holder, merchant, now, tx), isProvisional }
}

export interface TrustOffer {
  /** Minor units. */
  readonly limit: bigint
  /** Only the code of the text message is enough: an e-mail with a code was sent as well, and proves too little. */
  readonly needsSms: boolean
}

/**
 * The amount up to which a challenge's merchant could be trusted from now on. Undefined where trust is not offered: no
 * method in use proves more than access to a mailbox; the merchant is already trusted; or trust would change nothing.
 */
export async function trustOffer(
  tx: Queryable,
  row: ChallengeRow,
  now: number,
  proofs: readonly Pick<ProofRow, 'method' | 'state'>[],
): Promise<TrustOffer | undefined> {
  const asked = proofs.filter(({ method, state }) => state !== 'withdrawn' && row.selected.includes(method))
  const enough = asked.filter(({ method }) => provesEnoughToTrust(method))
  const limit = enough.length > 0 ? await trustable(tx, row, now) : undefined
  return limit === undefined ? undefined : { limit, needsSms: enough.length < asked.length }
}

function provesEnoughToTrust(id: MethodId): boolean {
  const method = methods[id]
  return method.answered === 'in-window' && method.proves !== 'mailbox'
}

/** The same amount, regardless of the methods in use. */
export async function trustable(tx: Queryable, row: ChallengeRow, now: number): Promise<bigint | undefined> {
  if (row.messageCategory !== '01') return undefined
  const limit = trustLimit(row.purchase.currency ?? '')
  if (limit === undefined) return undefined
  const { status, isProvisional } = await statusNow(tx, row, now)
  return status === 'N' && !isProvisional ? limit : undefined
}

/**
 * Trusts the merchant after a successful challenge, as the cardholder requested. Returns false if the AReq did not
 * identify the merchant.
 */
export async function trustMerchantOfChallenge(tx: Queryable, row: ChallengeRow, now: number): Promise<boolean> {
  const merchant = merchantOf(row.directoryServer, row.purchase)
  if (!merchant) return false
  await trustMerchant(tx, await ownerOf(tx, row.cardId), merchant, row.purchase.merchantName, now)
  return true
}

/**
 * The whiteListStatus for a challenge's result, if it is to have one. `trusted`: the merchant was trusted in this
 * challenge.
 */
export async function trustInResult(
  tx: Queryable,
  row: ChallengeRow,
  trusted: boolean,
  now: number,
): Promise<TrustStatus | undefined> {
  if (trusted) return 'Y'
  return row.trustAsked ? (await statusNow(tx, row, now)).status : undefined
}
