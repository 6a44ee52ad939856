import {
  and,
  asc,
  desc,
  eq,
  exists,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  not,
  notInArray,
  or,
  sql,
} from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { database, type Queryable } from '../client.ts'
import { challenges, outbox } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

export type OutboxRow = typeof outbox.$inferSelect

export async function enqueue(tx: Queryable, row: typeof outbox.$inferInsert) {
  await tx.insert(outbox).values(row)
}

const waiting = and(isNull(outbox.handedOverAt), isNull(outbox.failedAt))
/**
 * The same of rows that are found by what they belong to. Written so that the planner leaves the index of what waits alone: by
 * old statistics that one looks empty, and during a backlog each statement would read all of it.
 */
const stillWaiting = isNull(sql`coalesce(${outbox.handedOverAt}, ${outbox.failedAt})`)
const free = (at: number) => or(isNull(outbox.leasedUntil), lte(outbox.leasedUntil, at))

/** Whose rows: those of one kind for one host, or of those for none of the hosts that are named. */
export interface Queue {
  readonly kind: OutboxRow['kind']
  readonly host: string | { readonly noneOf: readonly string[] }
}

/**
 * Takes up to `most` rows of a queue that are due, for `lease` milliseconds, passing over what another sender holds: rows
 * that were never tried, or such as were.
 */
export function leaseDue(
  { kind, host }: Queue,
  tried: 'never' | 'before',
  { now, lease, most }: { readonly now: number; readonly lease: number; readonly most: number },
): Promise<OutboxRow[]> {
  const at = now
  const due = database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        waiting,
        eq(outbox.kind, kind),
        typeof host === 'string' ? eq(outbox.host, host) : notInArray(outbox.host, [...host.noneOf]),
        tried === 'never' ? eq(outbox.tries, 0) : gt(outbox.tries, 0),
        lte(outbox.nextAt, at),
        free(at),
      ),
    )
    .orderBy(asc(outbox.nextAt))
    .limit(most)
    .for('update', { skipLocked: true })
  return take(inArray(outbox.id, due), at, lease)
}

/** Takes the result of one challenge for its first try, if it is not leased; later ones wait for their time. */
export async function leaseResult(acsTransID: string, now: number, lease: number): Promise<OutboxRow | undefined> {
  const at = now
  const [row] = await take(
    and(eq(outbox.acsTransID, acsTransID), eq(outbox.kind, 'rreq'), eq(outbox.tries, 0), stillWaiting, free(at)),
    at,
    lease,
  )
  return row
}

/** Whether a process is trying to hand the result of a challenge over for the first time. */
export async function isFirstTry(acsTransID: string, now: number): Promise<boolean> {
  const rows = await database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.acsTransID, acsTransID),
        eq(outbox.kind, 'rreq'),
        eq(outbox.tries, 1),
        gt(outbox.leasedUntil, now),
        stillWaiting,
      ),
    )
  return rows.length > 0
}

/** Whether the result of a challenge has yet to be tried for the first time, or is being tried. */
export async function isResultPending(acsTransID: string, now: number): Promise<boolean> {
  const rows = await database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.acsTransID, acsTransID),
        eq(outbox.kind, 'rreq'),
        stillWaiting,
        or(eq(outbox.tries, 0), and(eq(outbox.tries, 1), gt(outbox.leasedUntil, now))),
      ),
    )
  return rows.length > 0
}

function take(which: ReturnType<typeof and>, at: number, lease: number): Promise<OutboxRow[]> {
  return database()
    .update(outbox)
    .set({
      leasedUntil: at + lease,
      lease: sql`${outbox.lease} + 1`,
      tries: sql`${outbox.tries} + 1`,
    })
    .where(which)
    .returning()
}

/** What carries a message to a person. */
const messages = inArray(outbox.kind, ['email', 'sms'])

/** Settles a leased row; nothing happens when another sender has the lease. Messages lose their body. */
async function settle(row: OutboxRow, change: Partial<OutboxRow>): Promise<void> {
  await database()
    .update(outbox)
    .set({ ...change, leasedUntil: null })
    .where(and(eq(outbox.id, row.id), eq(outbox.lease, row.lease), stillWaiting))
}

/** Who took a message, and under which name. */
export interface TakenBy {
  readonly gateway: string | null
  readonly gatewayRef: string | null
}

export function markHandedOver(row: OutboxRow, now: number, taken: TakenBy): Promise<void> {
  return settle(row, { handedOverAt: now, ...(row.kind === 'rreq' ? {} : { body: null }), ...taken })
}

export function markForLater(row: OutboxRow, nextAt: number): Promise<void> {
  return settle(row, { nextAt: nextAt })
}

export function markFailed(row: OutboxRow, now: number): Promise<void> {
  return settle(row, { failedAt: now, body: null })
}

/** Messages of a challenge that wait are given up, but for those named: their code is void, or the challenge is over. */
export async function dropMessages(tx: Queryable, acsTransID: string, now: number, except: readonly string[] = []) {
  await tx
    .update(outbox)
    .set({ failedAt: now, body: null, leasedUntil: null })
    .where(and(eq(outbox.acsTransID, acsTransID), messages, stillWaiting, notInArray(outbox.id, [...except])))
}

/** The same for messages outside of a challenge. */
export async function dropMessagesAbout(tx: Queryable, aboutId: string, now: number) {
  await tx
    .update(outbox)
    .set({ failedAt: now, body: null, leasedUntil: null })
    .where(and(eq(outbox.aboutId, aboutId), messages, stillWaiting))
}

/** How the messages with a challenge's present code stand, those queued at `since` or later. */
export async function deliveriesOf(tx: Queryable, acsTransID: string, since: number): Promise<Delivery[]> {
  return tx
    .select({
      kind: outbox.kind,
      handedOverAt: outbox.handedOverAt,
      deliveredAt: outbox.deliveredAt,
      failedAt: outbox.failedAt,
    })
    .from(outbox)
    .where(and(eq(outbox.acsTransID, acsTransID), messages, gte(outbox.createdAt, since)))
}

/** How one message stands: by its own id, or the newest about something. */
export async function deliveryOf(tx: Queryable, message: { readonly id: string } | { readonly aboutId: string }) {
  const which = 'id' in message ? eq(outbox.id, message.id) : eq(outbox.aboutId, message.aboutId)
  const [row] = await tx
    .select({ handedOverAt: outbox.handedOverAt, deliveredAt: outbox.deliveredAt, failedAt: outbox.failedAt })
    .from(outbox)
    .where(and(which, messages))
    .orderBy(desc(outbox.createdAt))
    .limit(1)
  return row
}

export type Delivery = Pick<OutboxRow, 'kind' | 'handedOverAt' | 'deliveredAt' | 'failedAt'>

/** A receipt says that a message has arrived. Undefined when that was known, or there is no such message. */
export async function markDelivered(id: string, now: number) {
  const [row] = await database()
    .update(outbox)
    .set({ deliveredAt: now })
    .where(and(eq(outbox.id, id), messages, isNull(outbox.deliveredAt), isNull(outbox.failedAt)))
    .returning({ acsTransID: outbox.acsTransID })
  return row
}

/** A receipt says that a message will not arrive, whichever gateway took it. */
export async function markUndelivered(id: string, now: number) {
  const [row] = await database()
    .update(outbox)
    .set({ failedAt: now, body: null })
    .where(and(eq(outbox.id, id), messages, isNull(outbox.deliveredAt), isNull(outbox.failedAt)))
    .returning({ acsTransID: outbox.acsTransID })
  return row
}

/**
 * Up to `most` challenges whose present code was queued at `before` or earlier and has been handed over to no gateway: their
 * messages still wait, be it that a gateway has them in its hands this moment.
 */
export async function undelivered(before: number, most: number, except: readonly string[] = []): Promise<string[]> {
  const db = database()
  const other = alias(outbox, 'other')
  const handedOver = db
    .select({ id: other.id })
    .from(other)
    .where(
      and(
        eq(other.acsTransID, outbox.acsTransID),
        inArray(other.kind, ['email', 'sms']),
        gte(other.createdAt, challenges.lastSentAt),
        isNotNull(other.handedOverAt),
        isNull(other.failedAt),
      ),
    )
  const rows = await db
    .selectDistinct({ acsTransID: challenges.acsTransID })
    .from(outbox)
    .innerJoin(challenges, eq(challenges.acsTransID, outbox.acsTransID))
    .where(
      and(
        waiting,
        messages,
        lte(outbox.createdAt, before),
        eq(challenges.state, 'asking'),
        gte(outbox.createdAt, challenges.lastSentAt),
        notInArray(challenges.acsTransID, [...except]),
        not(exists(handedOver)),
      ),
    )
    .limit(most)
  return rows.map(({ acsTransID }) => acsTransID)
}

/** Erases up to `most` messages whose time is over, unless one is on its way this moment. Answers how many. */
export async function expireMessages(now: number, most: number): Promise<number> {
  const at = now
  const db = database()
  const over = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(waiting, messages, lte(outbox.expiresAt, at), free(at)))
    .limit(most)
    .for('update', { skipLocked: true })
  const gone = await db.update(outbox).set({ failedAt: at, body: null }).where(inArray(outbox.id, over))
  return gone.count
}

/** Removes messages outside of challenges that are older than they may be kept; those of a challenge go with it. */
export function purgeMessages(before: number, most: number): Promise<number> {
  const old = and(isNull(outbox.acsTransID), lt(outbox.createdAt, before))
  return deleteSome(outbox, old, outbox.createdAt, most)
}

export type MessageRow = Pick<OutboxRow, 'kind' | 'createdAt' | 'handedOverAt' | 'deliveredAt' | 'failedAt'>

/** Messages of certain words to a cardholder since a time. */
export function messagesSince(
  tx: Queryable,
  cardholderId: string,
  template: string,
  since: number,
): Promise<MessageRow[]> {
  return tx
    .select({
      kind: outbox.kind,
      createdAt: outbox.createdAt,
      handedOverAt: outbox.handedOverAt,
      deliveredAt: outbox.deliveredAt,
      failedAt: outbox.failedAt,
    })
    .from(outbox)
    .where(and(eq(outbox.cardholderId, cardholderId), eq(outbox.template, template), gte(outbox.createdAt, since)))
    .orderBy(asc(outbox.kind))
}
