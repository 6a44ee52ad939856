import { database, type Queryable } from '#db/client.ts'
import { type ChallengeRow, lockWindow, updateChallenge } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import type { Guard } from '#db/queries/reports.ts'
import { trustsMerchant } from '#db/queries/trusted-merchants.ts'
import type { MerchantIdentity, Purchase } from '#db/schema.ts'
import { type Reachable, watchedBy } from '#domain/contact/routes.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import type { TrustStatus } from '#domain/emv/wishes.ts'
import { trustMerchant } from '../account/trust-merchant.ts'
import { openContacts } from '../delivery/message.ts'
import { config } from '../platform/config.ts'
import type { Issuer } from '../platform/issuer.ts'
import { whatHappened } from './routes.ts'

// Shops that a cardholder trusts, as messages and the window ask about them. The rule: domain/risk/decide.ts.

/** Whether this issuer keeps a list of trusted shops at all. */
export function keepsTrustList({ challengeAboveAtTrustedMerchant }: Issuer = config().issuer): boolean {
  return Object.keys(challengeAboveAtTrustedMerchant).length > 0
}

/** Highest amount without a challenge in a trusted shop, minor units; undefined where trust changes nothing in a currency. */
export function trustLimit(currency: string): bigint | undefined {
  return config().issuer.challengeAboveAtTrustedMerchant[currency]
}

/** Undefined where the AReq did not say who the merchant is. */
export function merchantOf(directoryServer: string, purchase: Partial<Purchase>): MerchantIdentity | undefined {
  const { acquirerBIN, merchantID: acquirerMerchantID } = purchase
  return acquirerBIN && acquirerMerchantID ? { directoryServer, acquirerBIN, acquirerMerchantID } : undefined
}

interface Holder extends Pick<Guard, 'guardedAt' | 'numberStoppedAt'> {
  readonly cardholderId: string
  readonly contacts: readonly Reachable[]
}

/** While payments are watched nobody's word counts: neither one given before, nor a new one. */
export async function trustStatus(
  holder: Holder | undefined,
  merchant: MerchantIdentity | undefined,
  now: number,
  tx: Queryable = database(),
): Promise<TrustStatus> {
  if (!keepsTrustList()) return 'E'
  if (!holder || !merchant || watchedBy(holder.contacts, whatHappened(holder), now)) return 'U'
  return (await trustsMerchant(tx, holder.cardholderId, merchant)) ? 'Y' : 'N'
}

async function statusNow(tx: Queryable, row: ChallengeRow, now: number) {
  const owner = await ownerOf(tx, row.cardId)
  const holder = { ...owner, contacts: await openContacts(tx, owner.cardholderId, now) }
  const merchant = merchantOf(row.directoryServer, row.purchase)
  return { owner, merchant, status: await trustStatus(holder, merchant, now, tx) }
}

/**
 * Up to which amount the shop of a challenge could be trusted from now on, minor units. Undefined where that is not offered:
 * the code went to a mailbox, which proves too little; the shop is trusted already; or trust would change nothing.
 */
export async function trustOffer(tx: Queryable, row: ChallengeRow, now: number): Promise<bigint | undefined> {
  if (row.messageCategory !== '01' || row.destination !== null || row.destinationMobile === null) return undefined
  const limit = trustLimit(row.purchase.currency ?? '')
  return limit !== undefined && (await statusNow(tx, row, now)).status === 'N' ? limit : undefined
}

/** What stands at the box in the window. Kept whatever the code is, so that a wrong one unticks nothing. */
export async function wantTrust(tx: Queryable, windowKey: string, wanted: boolean): Promise<void> {
  const row = await lockWindow(tx, windowKey)
  if (row?.state === 'asking' && row.trustWanted !== wanted)
    await updateChallenge(tx, row.acsTransID, { trustWanted: wanted })
}

/** The challenge is over. Trusts its shop if that was wanted and may be; answers what the result says of it, if anything. */
export async function settleTrust(
  tx: Queryable,
  row: ChallengeRow,
  ending: Ending,
  now: number,
): Promise<TrustStatus | undefined> {
  const given = ending === 'authenticated' && row.trustWanted && (await trustOffer(tx, row, now)) !== undefined
  if (!given && !row.trustAsked) return undefined
  const { owner, merchant, status } = await statusNow(tx, row, now)
  if (!given || !merchant) return status
  await trustMerchant(tx, owner, merchant, row.purchase.merchantName, now)
  return 'Y'
}
