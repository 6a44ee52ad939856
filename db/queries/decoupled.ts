import { and, arrayContains, asc, eq, exists, getTableColumns, gt, isNull, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { database, type Queryable } from '../client.ts'
import { accounts, authentications, cardholders, cards, challenges, contacts, identities, passkeys } from '../schema.ts'
import type { ChallengeRow } from './challenges.ts'

// Payments that await approval in the account: decoupled (ARes with D), or out of band while a window waits.

/**
 * How cardholders authenticate strongly in the account: with the issuer's identity provider, or here by passkey and, if
 * `sms` (the deployment sends text messages), by a code to the mobile number.
 */
export type Confirming = { readonly provider: string } | { readonly sms: boolean }

/**
 * Whether the cardholder can approve in the account: linked to the identity provider, or enrolled here with a means of
 * strong authentication, which must be older than the dispute if a report is open. Without this check a notice could
 * ask for an approval that is impossible.
 */
export async function canApproveDecoupled(
  db: Queryable,
  cardId: string,
  confirming: Confirming,
  now: number,
): Promise<boolean> {
  const at = now
  const linked = (provider: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(identities)
        .where(
          and(
            eq(identities.cardholderId, cards.cardholderId),
            eq(identities.issuer, provider),
            undisputed(identities.linkedAt),
          ),
        ),
    )
  const enrolled = exists(
    db.select({ one: sql`1` }).from(accounts).where(eq(accounts.cardholderId, cards.cardholderId)),
  )
  const passkey = exists(
    db
      .select({ one: sql`1` })
      .from(passkeys)
      .where(
        and(eq(passkeys.cardholderId, cards.cardholderId), isNull(passkeys.removedAt), undisputed(passkeys.createdAt)),
      ),
  )
  const mobile = exists(
    db
      .select({ one: sql`1` })
      .from(contacts)
      .where(
        and(
          eq(contacts.cardholderId, cards.cardholderId),
          eq(contacts.kind, 'mobile'),
          isNull(contacts.frozenAt),
          isNull(contacts.provisionalSince),
          undisputed(contacts.effectiveAt),
          lte(contacts.effectiveAt, at),
          or(isNull(contacts.endedAt), gt(contacts.endedAt, at)),
        ),
      ),
  )
  const can =
    'provider' in confirming
      ? linked(confirming.provider)
      : and(enrolled, confirming.sms ? or(passkey, mobile) : passkey)
  const rows = await db
    .select({ id: cards.id })
    .from(cards)
    .innerJoin(cardholders, eq(cardholders.id, cards.cardholderId))
    .where(and(eq(cards.id, cardId), can))
  return rows.length > 0
}

/**
 * Whether something added at this time may be used as proof: while a report is open, only if it is older than the
 * dispute.
 */
const undisputed = (at: PgColumn) => or(isNull(cardholders.disputedSince), lt(at, cardholders.disputedSince))

const waiting = (cardholderId: string, at: number) =>
  and(
    eq(cards.cardholderId, cardholderId),
    or(eq(challenges.state, 'awaiting-cardholder'), arrayContains(challenges.outOfBand, ['account'])),
    ne(challenges.state, 'ended'),
    gt(challenges.deadlineAt, at),
  )

/** Payments that await the cardholder's approval now, at most `most`, the earliest deadline first. */
export async function waitingPayments(cardholderId: string, now: number, most: number) {
  return database()
    .select({
      id: challenges.acsTransID,
      purchase: challenges.purchase,
      lastFour: cards.lastFour,
      createdAt: challenges.createdAt,
      deadlineAt: challenges.deadlineAt,
    })
    .from(challenges)
    .innerJoin(cards, eq(cards.id, challenges.cardId))
    .where(waiting(cardholderId, now))
    .orderBy(asc(challenges.deadlineAt), asc(challenges.acsTransID))
    .limit(most)
}

/** A payment of this cardholder, locked. Undefined for a payment of another cardholder. */
export async function lockPaymentOf(
  tx: Queryable,
  cardholderId: string,
  payment: { readonly id: string } | { readonly acsTransID: string },
): Promise<ChallengeRow | undefined> {
  // Not by transaction_ids: a payment is reported for as long as it is kept.
  const which = 'id' in payment ? eq(challenges.id, payment.id) : eq(challenges.acsTransID, payment.acsTransID)
  const [row] = await tx
    .select(getTableColumns(challenges))
    .from(challenges)
    .innerJoin(cards, eq(cards.id, challenges.cardId))
    .where(and(which, eq(cards.cardholderId, cardholderId)))
    .for('update', { of: challenges })
  return row
}

/** sdkTransID of an AReq; undefined if it is not of the app channel. */
export async function sdkTransIDOf(tx: Queryable, id: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: sql<string | null>`${authentications.areq}->>'sdkTransID'` })
    .from(authentications)
    .where(and(eq(authentications.id, id), eq(sql`${authentications.areq}->>'deviceChannel'`, '01')))
  return row?.id ?? undefined
}

/** merchantCountryCode of an AReq (ISO 3166-1 number), which a non-payment may lack. */
export async function merchantCountryOf(tx: Queryable, id: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ country: sql<string | null>`${authentications.areq}->>'merchantCountryCode'` })
    .from(authentications)
    .where(eq(authentications.id, id))
  return row?.country ?? undefined
}
