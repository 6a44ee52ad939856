import { and, eq, inArray, lt, lte, notExists, sql } from 'drizzle-orm'
import type { AuthenticationMethod } from '#domain/emv/authentication-method.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { batched, bytesInJson } from '../batch.ts'
import { database, driver, type Queryable } from '../client.ts'
import { isStatementFault } from '../deadlines.ts'
import { authentications, cards, challenges, contacts, riskEvents, transactionIds } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'
import type { AuditRow } from './audit.ts'
import { deleteSome } from './delete-some.ts'
import { type RiskEventRow, riskEventInJson } from './risk-history.ts'

export type Authentication = typeof authentications.$inferInsert

/** An authentication with its audit event and the event of its history, if it has them. */
interface Whole extends Authentication {
  readonly audited?: AuditRow | undefined
  readonly remembered?: RiskEventRow | undefined
}

type Written = { readonly authentication_id: string }[]

// Claimed in a fixed order: two processes that write the same ids in different orders would deadlock.
const storing = `with given as materialized (
    select * from json_populate_recordset(null::authentications, $1)
  ), claimed as (
    insert into transaction_ids (authentication_id, directory_server, ds_trans_id)
    select id, directory_server, ds_trans_id from given order by directory_server, ds_trans_id
    on conflict (directory_server, ds_trans_id) do nothing
    returning authentication_id
  ), written as (
    insert into authentications select given.* from given join claimed on authentication_id = id
  )`
const auditing = (rows: string) => `audited as (
    insert into audit_events (id, at, type, subject, card, ref, fields)
    select id, at, type, (
      select subject from audit_subjects join cards using (cardholder_id) where cards.id = event.card
    ), card, ref, fields
    from json_populate_recordset(null::audit_events, ${rows}) event
    where ref in (select authentication_id from claimed)
  )`
const remembering = (rows: string) => `remembered as (
    insert into risk_events select event.* from json_populate_recordset(null::risk_events, ${rows}) event
    where id in (select authentication_id from claimed)
  )`
const whatWasStored = 'select authentication_id from claimed'

async function insertAll(all: readonly Whole[]): Promise<boolean[]> {
  const rows = all.map(row => ({
    id: row.id,
    acs_trans_id: row.acsTransID,
    directory_server: row.directoryServer,
    ds_trans_id: row.dsTransID,
    areq_hmac: bytesInJson(row.areqHmac),
    card_id: row.cardId,
    decision: row.decision,
    areq: row.areq,
    ares: row.ares,
    created_at: toTimestamp(row.createdAt),
    risk: row.risk,
  }))
  const audited = all.flatMap(({ audited }) => audited ?? [])
  const remembered = all.flatMap(({ remembered }) => remembered ?? []).map(riskEventInJson)
  // Frictionless purchases have no audit event, and without `risk` no history, so most batches use a cheaper statement.
  const given: unknown[][] = [rows]
  const parts = [storing]
  if (audited.length > 0) parts.push(auditing(`$${given.push(audited)}`))
  if (remembered.length > 0) parts.push(remembering(`$${given.push(remembered)}`))
  const stored = await driver().unsafe<Written>(
    `${parts.join(', ')} ${whatWasStored}`,
    given.map(each => JSON.stringify(each)),
  )
  const ids = new Set(stored.map(row => row.authentication_id))
  return all.map(({ id }) => ids.has(id))
}

/** Stores an authentication. Returns false if this directory server has already used the dsTransID. */
export const insertAuthentication = batched(insertAll, { atOnce: 2, most: 100, isMemberError: isStatementFault })

/** The same inside a transaction that also stores the challenge, whose window asks by the acsTransID. */
export async function insertAuthenticationIn(tx: Queryable, row: Authentication): Promise<boolean> {
  const { id: authenticationId, directoryServer, dsTransID, acsTransID } = row
  const claimed = await tx
    .insert(transactionIds)
    .values({ authenticationId, directoryServer, dsTransID, acsTransID })
    .onConflictDoNothing({ target: [transactionIds.directoryServer, transactionIds.dsTransID] })
    .returning({ id: transactionIds.authenticationId })
  if (claimed.length === 0) return false
  await tx.insert(authentications).values(row)
  return true
}

export async function findAuthentication(directoryServer: string, dsTransID: string) {
  const [row] = await database()
    .select({ areq: authentications.areq, areqHmac: authentications.areqHmac, ares: authentications.ares })
    .from(transactionIds)
    .innerJoin(authentications, eq(authentications.id, transactionIds.authenticationId))
    .where(and(eq(transactionIds.directoryServer, directoryServer), eq(transactionIds.dsTransID, dsTransID)))
  return row
}

/**
 * Whether the cardholder proved one of these authentications in a challenge for the same requestor. They may be older
 * than the rows of `transaction_ids`, so they are found among the challenges of the card. A challenge proves nothing for
 * later payments while a contact awaits its confirmation that was registered in a window before the challenge ended.
 */
export async function wasProven(
  cardId: string,
  acsTransIDs: readonly string[],
  requestor: { readonly directoryServer: string; readonly requestorID: string },
): Promise<boolean> {
  const rows = await database()
    .select({ id: challenges.id })
    .from(challenges)
    .innerJoin(authentications, eq(authentications.id, challenges.id))
    .where(
      and(
        eq(challenges.cardId, cardId),
        inArray(challenges.acsTransID, [...acsTransIDs]),
        inArray(challenges.outcome, ['authenticated', 'approved']),
        eq(challenges.directoryServer, requestor.directoryServer),
        eq(sql`${authentications.areq}->>'threeDSRequestorID'`, requestor.requestorID),
        notExists(
          database()
            .select({ id: contacts.id })
            .from(contacts)
            .innerJoin(cards, eq(cards.cardholderId, contacts.cardholderId))
            .where(and(eq(cards.id, cardId), lte(contacts.provisionalSince, challenges.endedAt))),
        ),
      ),
    )
    .limit(1)
  if (rows.length > 0) return true
  // A secure payment confirmation is proved by the second AReq, which has no challenge.
  const confirmed = await database()
    .select({ id: authentications.id })
    .from(authentications)
    .where(
      and(
        eq(authentications.cardId, cardId),
        inArray(authentications.acsTransID, [...acsTransIDs]),
        eq(authentications.decision, 'authenticated'),
        eq(authentications.directoryServer, requestor.directoryServer),
        eq(sql`${authentications.areq}->>'threeDSRequestorID'`, requestor.requestorID),
      ),
    )
    .limit(1)
  return confirmed.length > 0
}

/** The elements of an AReq that are kept; they were checked against the table when it arrived. */
export async function storedElementsOf(tx: Queryable, id: string): Promise<JsonObject> {
  const [row] = await tx.select({ areq: authentications.areq }).from(authentications).where(eq(authentications.id, id))
  return row?.areq ?? {}
}

/** The methods that the ARes named (2.3.1). */
export async function announcedMethodsOf(
  tx: Queryable,
  id: string,
): Promise<readonly AuthenticationMethod[] | undefined> {
  const [row] = await tx.select({ ares: authentications.ares }).from(authentications).where(eq(authentications.id, id))
  return row?.ares.authenticationMethod as AuthenticationMethod[] | undefined
}

/** Deletes an authentication with its challenge and its unfolded event, and frees its dsTransID. Returns whether there was one. */
export async function removeAuthentication(id: string): Promise<boolean> {
  await database().delete(riskEvents).where(eq(riskEvents.id, id))
  const gone = await database().delete(authentications).where(eq(authentications.id, id))
  return gone.count === 1
}

/** Deletes up to `most` rows of authentications whose ids no other party uses any more. Returns how many. */
export function purgeTransactionIds(before: string, most: number): Promise<number> {
  return deleteSome(transactionIds, lt(transactionIds.authenticationId, before), transactionIds.authenticationId, most)
}
