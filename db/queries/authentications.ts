import { and, eq, lt, sql } from 'drizzle-orm'
import { type Database, database, type Queryable } from '../client.ts'
import { authentications } from '../schema.ts'

export type Authentication = typeof authentications.$inferInsert

const prepared = new WeakMap<Database, ReturnType<typeof prepareInsert>>()

function prepareInsert(db: Database) {
  return db
    .insert(authentications)
    .values({
      acsTransID: sql.placeholder('acsTransID'),
      directoryServer: sql.placeholder('directoryServer'),
      dsTransID: sql.placeholder('dsTransID'),
      areqDigest: sql.placeholder('areqDigest'),
      cardId: sql.placeholder('cardId'),
      decision: sql.placeholder('decision'),
      areq: sql.placeholder('areq'),
      ares: sql.placeholder('ares'),
      createdAt: sql.placeholder('createdAt'),
    })
    .onConflictDoNothing({ target: [authentications.directoryServer, authentications.dsTransID] })
    .returning({ acsTransID: authentications.acsTransID })
    .prepare('insert_authentication')
}

/** Writes an authentication down. False when this directory server already used the dsTransID. */
export async function insertAuthentication(row: Authentication): Promise<boolean> {
  const db = database()
  const query = prepared.get(db) ?? prepareInsert(db)
  prepared.set(db, query)
  const written = await query.execute({ ...row, cardId: row.cardId ?? null })
  return written.length === 1
}

/** The same inside a transaction, where a challenge goes with it. */
export async function insertAuthenticationIn(tx: Queryable, row: Authentication): Promise<boolean> {
  const written = await tx
    .insert(authentications)
    .values(row)
    .onConflictDoNothing({ target: [authentications.directoryServer, authentications.dsTransID] })
    .returning({ acsTransID: authentications.acsTransID })
  return written.length === 1
}

export async function findAuthentication(directoryServer: string, dsTransID: string) {
  const [row] = await database()
    .select({ areqDigest: authentications.areqDigest, ares: authentications.ares })
    .from(authentications)
    .where(and(eq(authentications.directoryServer, directoryServer), eq(authentications.dsTransID, dsTransID)))
  return row
}

/** Removes what is older than it may be kept, with its challenge and outbox rows. Answers how many. */
export async function purgeAuthentications(before: number): Promise<number> {
  const gone = await database()
    .delete(authentications)
    .where(lt(authentications.createdAt, new Date(before)))
    .returning({ id: authentications.acsTransID })
  return gone.length
}
