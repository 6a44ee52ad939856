import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { AuthenticationMethod } from '#domain/emv/authentication-method.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { batched, bytesInJson } from '../batch.ts'
import { database, driver, type Queryable } from '../client.ts'
import { isStatementFault } from '../deadlines.ts'
import { authentications, challenges } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'
import type { AuditRow } from './audit.ts'
import { deleteSome } from './delete-some.ts'

export type Authentication = typeof authentications.$inferInsert

/** An authentication with its audit event, if it has one. */
interface Audited extends Authentication {
  readonly audited?: AuditRow | undefined
}

type Written = { readonly acs_trans_id: string }[]

async function insertAll(all: readonly Audited[]): Promise<boolean[]> {
  const rows = all.map(row => ({
    acs_trans_id: row.acsTransID,
    directory_server: row.directoryServer,
    ds_trans_id: row.dsTransID,
    areq_hmac: bytesInJson(row.areqHmac),
    card_id: row.cardId,
    decision: row.decision,
    areq: row.areq,
    ares: row.ares,
    created_at: toTimestamp(row.createdAt),
  }))
  // Inserted in a fixed order: two processes that write the same ids in different orders would deadlock.
  const events = all.flatMap(({ audited }) => audited ?? [])
  const sql = driver()
  // Frictionless purchases have no event, so a batch without events uses the cheaper statement.
  const written = await (events.length === 0
    ? sql<Written>`
        insert into authentications
        select * from json_populate_recordset(null::authentications, ${JSON.stringify(rows)})
        order by directory_server, ds_trans_id
        on conflict (directory_server, ds_trans_id) do nothing
        returning acs_trans_id`
    : sql<Written>`
        with written as (
          insert into authentications
          select * from json_populate_recordset(null::authentications, ${JSON.stringify(rows)})
          order by directory_server, ds_trans_id
          on conflict (directory_server, ds_trans_id) do nothing
          returning acs_trans_id
        ), audited as (
          insert into audit_events (id, at, type, subject, card, ref, fields)
          select id, at, type, (
            select subject from audit_subjects join cards using (cardholder_id) where cards.id = event.card
          ), card, ref, fields
          from json_populate_recordset(null::audit_events, ${JSON.stringify(events)}) event
          where ref in (select acs_trans_id from written)
        )
        select acs_trans_id from written`)
  const ids = new Set(written.map(row => row.acs_trans_id))
  return all.map(({ acsTransID }) => ids.has(acsTransID))
}

/** Stores an authentication. Returns false if this directory server has already used the dsTransID. */
export const insertAuthentication = batched(insertAll, { atOnce: 2, most: 100, isMemberError: isStatementFault })

/** The same inside a transaction that also stores the challenge. */
export async function insertAuthenticationIn(tx: Queryable, row: Authentication): Promise<boolean> {
  const written = await tx
    .insert(authentications)
    .values(row)
    .onConflictDoNothing({ target: [authentications.directoryServer, authentications.dsTransID] })
    .returning({ acsTransID: authentications.acsTransID })
  return written.length === 1
}

/** Deletes an authentication with its challenge. Returns whether there was one. */
export async function removeAuthentication(acsTransID: string): Promise<boolean> {
  const gone = await database()
    .delete(authentications)
    .where(eq(authentications.acsTransID, acsTransID))
    .returning({ acsTransID: authentications.acsTransID })
  return gone.length === 1
}

export async function findAuthentication(directoryServer: string, dsTransID: string) {
  const [row] = await database()
    .select({ areqHmac: authentications.areqHmac, ares: authentications.ares })
    .from(authentications)
    .where(and(eq(authentications.directoryServer, directoryServer), eq(authentications.dsTransID, dsTransID)))
  return row
}

/** Whether the cardholder proved one of these authentications in a challenge for the same requestor. */
export async function wasProven(
  cardId: string,
  acsTransIDs: readonly string[],
  requestor: { readonly directoryServer: string; readonly requestorID: string },
): Promise<boolean> {
  const rows = await database()
    .select({ id: authentications.acsTransID })
    .from(authentications)
    .innerJoin(challenges, eq(challenges.acsTransID, authentications.acsTransID))
    .where(
      and(
        inArray(authentications.acsTransID, [...acsTransIDs]),
        eq(authentications.cardId, cardId),
        eq(authentications.directoryServer, requestor.directoryServer),
        eq(sql`${authentications.areq}->>'threeDSRequestorID'`, requestor.requestorID),
        inArray(challenges.outcome, ['authenticated', 'approved']),
      ),
    )
    .limit(1)
  return rows.length > 0
}

/** deviceRenderOptions of an AReq of the app channel, which were checked against the table when it arrived. */
export async function deviceRenderOptionsOf(tx: Queryable, acsTransID: string): Promise<JsonObject> {
  const [row] = await tx
    .select({ areq: authentications.areq })
    .from(authentications)
    .where(eq(authentications.acsTransID, acsTransID))
  return (row?.areq.deviceRenderOptions ?? {}) as JsonObject
}

/** The methods that the ARes named (2.3.1). */
export async function announcedMethodsOf(
  tx: Queryable,
  acsTransID: string,
): Promise<readonly AuthenticationMethod[] | undefined> {
  const [row] = await tx
    .select({ ares: authentications.ares })
    .from(authentications)
    .where(eq(authentications.acsTransID, acsTransID))
  return row?.ares.authenticationMethod as AuthenticationMethod[] | undefined
}

/**
 * Deletes up to `most` authentications whose retention has ended, with their challenges and outbox rows. Returns how
 * many.
 */
export function purgeAuthentications(before: number, most: number): Promise<number> {
  const old = lt(authentications.createdAt, before)
  return deleteSome(authentications, old, authentications.createdAt, most)
}
