import { database, type Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import type { OpenReport } from '#db/queries/reports.ts'
import { trustsMerchant } from '#db/queries/trusted-merchants.ts'
import type { MerchantIdentity, Purchase } from '#db/schema.ts'
import { type Reachable, restrictionOn } from '#domain/contact/code-recipients.ts'
import type { TrustStatus } from '#domain/emv/wishes.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import { trustMerchant } from '../account/trust-merchant.ts'
import { openContacts } from '../messaging/message.ts'
import { config } from '../platform/config.ts'
import type { Issuer } from '../platform/issuer.ts'
import { whatHappened } from './code-recipients.ts'

// Merchants that a cardholder trusts, as messages and the window ask about them. The rule: domain/risk/decide.ts.

/** Whether this issuer keeps a list of trusted merchants at all. */
export function keepsTrustList({ challengeAboveAtTrustedMerchant }: Issuer = config().issuer): boolean {
  return Object.keys(challengeAboveAtTrustedMerchant).length > 0
}

/** Highest amount without a challenge in a trusted merchant, minor units; undefined where trust changes nothing in a currency. */
export function trustLimit(currency: string): bigint | undefined {
  return config().issuer.challengeAboveAtTrustedMerchant[currency]
}

/** Undefined where the AReq did not say who the merchant is. */
export function merchantOf(directoryServer: string, purchase: Partial<Purchase>): MerchantIdentity | undefined {
  const { acquirerBIN, merchantID: acquirerMerchantID } = purchase
  return acquirerBIN && acquirerMerchantID ? { directoryServer, acquirerBIN, acquirerMerchantID } : undefined
}

interface Holder extends Pick<OpenReport, 'reportOpenSince' | 'numberStoppedAt'> {
  readonly cardholderId: string
  readonly contacts: readonly Reachable[]
}

/** While payments are restricted no cardholder's word is valid: neither one given before, nor a new one. */
export async function trustStatus(
  holder: Holder | undefined,
  merchant: MerchantIdentity | undefined,
  now: number,
  tx: Queryable = database(),
): Promise<TrustStatus> {
  if (!keepsTrustList()) return 'E'
  if (!holder || !merchant || restrictionOn(holder.contacts, whatHappened(holder), now)) return 'U'
  return (await trustsMerchant(tx, holder.cardholderId, merchant)) ? 'Y' : 'N'
}

async function statusNow(tx: Queryable, row: ChallengeRow, now: number) {
  const owner = await ownerOf(tx, row.cardId)
  const holder = { ...owner, contacts: await openContacts(tx, owner.cardholderId, now) }
  const merchant = merchantOf(row.directoryServer, row.purchase)
  return { owner, merchant, status: await trustStatus(holder, merchant, now, tx) }
}

export interface TrustOffer {
  /** Minor units. */
  readonly limit: bigint
  /** Only where the code of the text message is entered: an e-mail has one as well, and proves too little. */
  readonly needsSms: boolean
}

/**
 * Up to which amount the merchant of a challenge could be trusted from now on, undefined where that is not offered:
 * nothing is asked that proves more than a mailbox; the merchant is trusted already; or trust would change nothing.
 */
export async function trustOffer(
  tx: Queryable,
  row: ChallengeRow,
  now: number,
  proofs: readonly Pick<ProofRow, 'method' | 'state'>[],
): Promise<TrustOffer | undefined> {
  const asked = proofs.filter(({ method, state }) => state !== 'withdrawn' && methods[method].answered === 'in-window')
  const enough = asked.filter(({ method }) => mayTrust(method))
  const limit = enough.length > 0 ? await trustable(tx, row, now) : undefined
  return limit === undefined ? undefined : { limit, needsSms: enough.length < asked.length }
}

function mayTrust(id: MethodId): boolean {
  const method = methods[id]
  return method.answered === 'in-window' && method.proves !== 'mailbox'
}

/** The same, whatever is asked. */
export async function trustable(tx: Queryable, row: ChallengeRow, now: number): Promise<bigint | undefined> {
  if (row.messageCategory !== '01') return undefined
  const limit = trustLimit(row.purchase.currency ?? '')
  return limit !== undefined && (await statusNow(tx, row, now)).status === 'N' ? limit : undefined
}

/** The cardholder has succeeded, and wants the merchant to be trusted. False: the AReq did not say who that is. */
export async function trustMerchantOfChallenge(tx: Queryable, row: ChallengeRow, now: number): Promise<boolean> {
  const merchant = merchantOf(row.directoryServer, row.purchase)
  if (!merchant) return false
  await trustMerchant(tx, await ownerOf(tx, row.cardId), merchant, row.purchase.merchantName, now)
  return true
}

/** What the result of a challenge says about the trust in its merchant, if anything. `trusted`: from now on. */
export async function trustInResult(
  tx: Queryable,
  row: ChallengeRow,
  trusted: boolean,
  now: number,
): Promise<TrustStatus | undefined> {
  if (trusted) return 'Y'
  return row.trustAsked ? (await statusNow(tx, row, now)).status : undefined
}
