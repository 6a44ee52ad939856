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
  lte,
  not,
  notInArray,
  or,
  sql,
} from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { database, type Queryable } from '../client.ts'
import { challenges, outbox } from '../schema.ts'

export type OutboxRow = typeof outbox.$inferSelect

export async function enqueue(tx: Queryable, row: typeof outbox.$inferInsert) {
  await tx.insert(outbox).values(row)
}

const waiting = and(isNull(outbox.handedOverAt), isNull(outbox.failedAt))
/**
 * The same condition for rows that are found by what they belong to. It is written so that the planner does not use the
 * index of waiting rows: with old statistics that index looks empty, and during a backlog each statement would read all
 * of it.
 */
const stillWaiting = isNull(sql`coalesce(${outbox.handedOverAt}, ${outbox.failedAt})`)
const free = (at: number) => or(isNull(outbox.leasedUntil), lte(outbox.leasedUntil, at))

/** The rows of one kind for one host, or for all hosts except those named. */
export interface Queue {
  readonly kind: OutboxRow['kind']
  readonly host: string | { readonly noneOf: readonly string[] }
}

const due = (at: number) => and(waiting, lte(outbox.nextAt, at), free(at))

/** Whether any row of a kind is due. */
export async function isAnyDue(kind: OutboxRow['kind'], now: number): Promise<boolean> {
  const rows = await database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(due(now), eq(outbox.kind, kind)))
    .limit(1)
  return rows.length > 0
}

/**
 * Leases up to `most` due rows of a queue for `lease` milliseconds, skipping those that another sender holds. `tried`:
 * whether to take rows that were never tried, or those that were.
 */
export function leaseDue(
  { kind, host }: Queue,
  tried: 'never' | 'before',
  { now, lease, most }: { readonly now: number; readonly lease: number; readonly most: number },
): Promise<OutboxRow[]> {
  const at = now
  const first = database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        due(at),
        eq(outbox.kind, kind),
        typeof host === 'string' ? eq(outbox.host, host) : notInArray(outbox.host, [...host.noneOf]),
        tried === 'never' ? eq(outbox.tries, 0) : gt(outbox.tries, 0),
      ),
    )
    .orderBy(asc(outbox.nextAt))
    .limit(most)
    .for('update', { skipLocked: true })
  return take(inArray(outbox.id, first), at, lease)
}

/** Leases the result of one challenge for its first try, unless it is leased. Later tries wait until they are due. */
export async function leaseResult(challengeId: string, now: number, lease: number): Promise<OutboxRow | undefined> {
  const at = now
  const [row] = await take(
    and(eq(outbox.challengeId, challengeId), eq(outbox.kind, 'rreq'), eq(outbox.tries, 0), stillWaiting, free(at)),
    at,
    lease,
  )
  return row
}

/** Whether a process is sending the result of a challenge for the first time now. */
export async function isFirstTry(challengeId: string, now: number): Promise<boolean> {
  const rows = await database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.challengeId, challengeId),
        eq(outbox.kind, 'rreq'),
        eq(outbox.tries, 1),
        gt(outbox.leasedUntil, now),
        stillWaiting,
      ),
    )
  return rows.length > 0
}

/** Whether the first try to send the result of a challenge is still to come, or is under way. */
export async function isResultPending(challengeId: string, now: number): Promise<boolean> {
  const rows = await database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.challengeId, challengeId),
        eq(outbox.kind, 'rreq'),
        stillWaiting,
        or(eq(outbox.tries, 0), and(eq(outbox.tries, 1), gt(outbox.leasedUntil, now))),
      ),
    )
  return rows.length > 0
}

/** Whether the result of a challenge was sent without a valid answer, and is not sent again. */
export async function isResultUnacknowledged(challengeId: string): Promise<boolean> {
  const rows = await database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.challengeId, challengeId), eq(outbox.kind, 'rreq'), isNotNull(outbox.failedAt)))
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

/** Rows that are messages to a cardholder's contacts. */
const messages = inArray(outbox.kind, ['email', 'sms'])
/** Rows that are void once what they are about has ended. */
const droppable = inArray(outbox.kind, ['email', 'sms', 'push'])

/**
 * Updates a leased row and ends the lease. Does nothing, and returns false, if another sender has leased it since or it
 * no longer waits.
 */
async function settle(tx: Queryable, row: OutboxRow, change: Partial<OutboxRow>): Promise<boolean> {
  const settled = await tx
    .update(outbox)
    .set({ ...change, leasedUntil: null })
    .where(and(eq(outbox.id, row.id), eq(outbox.lease, row.lease), stillWaiting))
  return settled.count > 0
}

/** What is sent byte for byte stays; the body of a message is erased. */
const bodyOnceOver = ({ kind }: OutboxRow) => (kind === 'rreq' || kind === 'erro' ? {} : { body: null })

/** The gateway that accepted a message, and its id there. */
export interface TakenBy {
  readonly gateway: string | null
  readonly gatewayRef: string | null
}

export function markHandedOver(tx: Queryable, row: OutboxRow, now: number, taken: TakenBy): Promise<boolean> {
  return settle(tx, row, { handedOverAt: now, ...bodyOnceOver(row), ...taken })
}

/** `body`: what is sent from now on; undefined if that does not change. */
export function markForLater(tx: Queryable, row: OutboxRow, nextAt: number, body?: string): Promise<boolean> {
  return settle(tx, row, { nextAt, ...(body !== undefined && { body }) })
}

export function markFailed(tx: Queryable, row: OutboxRow, now: number): Promise<boolean> {
  return settle(tx, row, { failedAt: now, ...bodyOnceOver(row) })
}

/**
 * Gives up the waiting messages of a challenge, except those named, because their code is void or the challenge has
 * ended.
 */
export async function dropMessages(tx: Queryable, challengeId: string, now: number, except: readonly string[] = []) {
  await tx
    .update(outbox)
    .set({ failedAt: now, body: null, leasedUntil: null })
    .where(and(eq(outbox.challengeId, challengeId), messages, stillWaiting, notInArray(outbox.id, [...except])))
}

/** The same for messages outside a challenge. */
export async function dropMessagesAbout(tx: Queryable, aboutId: string, now: number) {
  await tx
    .update(outbox)
    .set({ failedAt: now, body: null, leasedUntil: null })
    .where(and(eq(outbox.aboutId, aboutId), droppable, stillWaiting))
}

/**
 * The delivery states of the messages of a challenge that were queued at `since` or later, which carry its current
 * code.
 */
export async function deliveriesOf(tx: Queryable, challengeId: string, since: number): Promise<Delivery[]> {
  return tx
    .select({
      kind: outbox.kind,
      handedOverAt: outbox.handedOverAt,
      deliveredAt: outbox.deliveredAt,
      failedAt: outbox.failedAt,
      tries: outbox.tries,
      leasedUntil: outbox.leasedUntil,
    })
    .from(outbox)
    .where(and(eq(outbox.challengeId, challengeId), messages, gte(outbox.createdAt, since)))
}

/** The delivery state of one message: by its id, or the newest one about something. */
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

export type Delivery = Pick<OutboxRow, 'kind' | 'handedOverAt' | 'deliveredAt' | 'failedAt' | 'tries' | 'leasedUntil'>

/** Records a receipt that a message was delivered. Undefined if that is known already, or there is no such message. */
export async function markDelivered(id: string, now: number) {
  const [row] = await database()
    .update(outbox)
    .set({ deliveredAt: now })
    .where(and(eq(outbox.id, id), messages, isNull(outbox.deliveredAt), isNull(outbox.failedAt)))
    .returning({ challengeId: outbox.challengeId })
  return row
}

/** Records a receipt that a message could not be delivered, from any gateway. */
export async function markUndelivered(id: string, now: number) {
  const [row] = await database()
    .update(outbox)
    .set({ failedAt: now, body: null })
    .where(and(eq(outbox.id, id), messages, isNull(outbox.deliveredAt), isNull(outbox.failedAt)))
    .returning({ challengeId: outbox.challengeId })
  return row
}

/**
 * Up to `most` challenges whose current code was queued at `before` or earlier and has not been handed over to any
 * gateway. Their messages still wait; a sender may be handing one over at this moment.
 */
export async function undelivered(before: number, most: number, except: readonly string[] = []): Promise<string[]> {
  const db = database()
  const other = alias(outbox, 'other')
  const handedOver = db
    .select({ id: other.id })
    .from(other)
    .where(
      and(
        eq(other.challengeId, outbox.challengeId),
        inArray(other.kind, ['email', 'sms']),
        gte(other.createdAt, challenges.lastSentAt),
        isNotNull(other.handedOverAt),
        isNull(other.failedAt),
      ),
    )
  const rows = await db
    .selectDistinct({ id: challenges.id })
    .from(outbox)
    .innerJoin(challenges, eq(challenges.id, outbox.challengeId))
    .where(
      and(
        waiting,
        messages,
        lte(outbox.createdAt, before),
        eq(challenges.state, 'asking'),
        gte(outbox.createdAt, challenges.lastSentAt),
        notInArray(challenges.id, [...except]),
        not(exists(handedOver)),
      ),
    )
    .limit(most)
  return rows.map(({ id }) => id)
}

/** Erases up to `most` expired messages, except those that a sender holds. Returns how many. */
export async function expireMessages(now: number, most: number): Promise<number> {
  const at = now
  const db = database()
  const over = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(waiting, droppable, lte(outbox.expiresAt, at), free(at)))
    .limit(most)
    .for('update', { skipLocked: true })
  const gone = await db.update(outbox).set({ failedAt: at, body: null }).where(inArray(outbox.id, over))
  return gone.count
}

export type MessageRow = Pick<OutboxRow, 'kind' | 'createdAt' | 'handedOverAt' | 'deliveredAt' | 'failedAt'>

/** Messages with a template to a cardholder since a time. */
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
