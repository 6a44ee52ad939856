import { and, eq, exists, gt, isNull, lt, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Challenge, Common, Open } from '#domain/challenge/states.ts'
import { database, type Queryable } from '../client.ts'
import { accounts, cards, challenges, transactionIds } from '../schema.ts'

export type ChallengeRow = typeof challenges.$inferSelect

export async function insertChallenge(tx: Queryable, row: typeof challenges.$inferInsert) {
  await tx.insert(challenges).values(row)
}

/** How a challenge is found: by our own id, or by one that another party sends. */
export type ChallengeKey =
  | { readonly id: string }
  | { readonly acsTransID: string }
  /** The secret key in the URL of its window. */
  | { readonly windowKey: string }

/** `column` is the id of the challenge with this key. */
export function isChallenge(column: PgColumn, key: ChallengeKey): SQL {
  if ('id' in key) return eq(column, key.id)
  const named =
    'windowKey' in key ? eq(transactionIds.windowKey, key.windowKey) : eq(transactionIds.acsTransID, key.acsTransID)
  // A scalar and not a join, so that the planner looks into the one partition of this id.
  return sql`${column} = (select ${transactionIds.authenticationId} from ${transactionIds} where ${named})`
}

export async function findChallenge(tx: Queryable, id: string): Promise<ChallengeRow | undefined> {
  const [row] = await tx.select().from(challenges).where(eq(challenges.id, id))
  return row
}

/** The challenge, locked until the transaction ends. Other transactions wait. */
export async function lockChallenge(tx: Queryable, key: ChallengeKey): Promise<ChallengeRow | undefined> {
  const [row] = await tx.select().from(challenges).where(isChallenge(challenges.id, key)).for('update')
  return row
}

/** Gives the window of a challenge the key in its URL. */
export async function saveWindowKey(tx: Queryable, id: string, windowKey: string) {
  await tx.update(transactionIds).set({ windowKey }).where(eq(transactionIds.authenticationId, id))
}

export async function windowKeyOf(tx: Queryable, id: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ windowKey: transactionIds.windowKey })
    .from(transactionIds)
    .where(eq(transactionIds.authenticationId, id))
  return row?.windowKey ?? undefined
}

/** One challenge whose deadline has passed, locked. Skips those that another worker has locked. */
export async function lockOverdue(
  tx: Queryable,
  now: number,
  except: readonly string[] = [],
): Promise<ChallengeRow | undefined> {
  const [row] = await tx
    .select()
    .from(challenges)
    .where(
      and(
        // A literal and not a parameter: with a parameter the planner could not use the partial index of unfinished
        // challenges.
        sql`${challenges.state} <> 'ended'`,
        lte(challenges.deadlineAt, now),
        notInArray(challenges.id, [...except]),
      ),
    )
    .limit(1)
    .for('update', { skipLocked: true })
  return row
}

/**
 * Counts an attempt in a separate statement before the code is compared. The row stays locked, so a burst of answers is
 * handled one by one. Undefined if nothing may be compared: the challenge or (if a code is asked for) the code has
 * expired, or no attempts are left.
 */
export async function countAttempt(
  tx: Queryable,
  id: string,
  now: number,
  limit: number,
  asksForCode: boolean,
): Promise<ChallengeRow | undefined> {
  const at = now
  const [row] = await tx
    .update(challenges)
    .set({ attempts: sql`${challenges.attempts} + 1` })
    .where(
      and(
        eq(challenges.id, id),
        eq(challenges.state, 'asking'),
        gt(challenges.deadlineAt, at),
        asksForCode ? or(isNull(challenges.codeExpiresAt), gt(challenges.codeExpiresAt, at)) : undefined,
        lt(challenges.attempts, limit),
      ),
    )
    .returning()
  return row
}

export type ChallengeChange = Partial<typeof challenges.$inferInsert>

export async function updateChallenge(tx: Queryable, id: string, change: ChallengeChange) {
  await tx.update(challenges).set(change).where(eq(challenges.id, id))
}

/** The data that the window shows. The caller must know the secret window key. */
export async function readWindow(windowKey: string) {
  const [row] = await database()
    .select({
      challenge: challenges,
      lastFour: cards.lastFour,
      cardholderId: cards.cardholderId,
      isEnrolled: exists(
        database().select().from(accounts).where(eq(accounts.cardholderId, cards.cardholderId)),
      ).mapWith(Boolean),
    })
    .from(challenges)
    .innerJoin(cards, eq(cards.id, challenges.cardId))
    .where(isChallenge(challenges.id, { windowKey }))
  return row
}

/** Converts a row to a state of the state machine. */
export function toChallenge(row: ChallengeRow): Challenge {
  const { language, onDevice, attempts, sends, interactions } = row
  const common = { language, onDevice, attempts, sends, interactions }
  const deadlineAt = row.deadlineAt ?? 0
  switch (row.state) {
    case 'awaiting-creq':
      return { state: 'awaiting-creq', deadlineAt, ...common }
    case 'choosing':
    case 'asking':
    case 'awaiting-approval':
      return { state: row.state, ...openOf(row), ...common }
    case 'awaiting-cardholder':
    case 'awaiting-assertion':
      return { state: row.state, deadlineAt, ...common }
    case 'ended':
      return { state: 'ended', outcome: row.outcome ?? 'internal-error', ...common }
  }
}

function openOf(row: ChallengeRow): Omit<Open, keyof Common> {
  return {
    openedAt: row.openedAt ?? 0,
    deadlineAt: row.deadlineAt ?? 0,
    selected: row.selected,
    outOfBand: row.outOfBand,
    lost: row.lostContacts,
    codeExpiresAt: row.codeExpiresAt ?? undefined,
    lastSentAt: row.lastSentAt ?? undefined,
    notice: row.notice ?? undefined,
  }
}

/** Converts a state of the state machine to columns. */
export function fromChallenge(challenge: Challenge, now: number): ChallengeChange {
  const { state, language, attempts, sends, interactions } = challenge
  const common = { state, language, attempts, sends, interactions }
  switch (challenge.state) {
    case 'awaiting-creq':
    case 'awaiting-cardholder':
    case 'awaiting-assertion':
      return { ...common, deadlineAt: challenge.deadlineAt }
    case 'choosing':
    case 'asking':
    case 'awaiting-approval': {
      const { notice, openedAt, deadlineAt, selected, outOfBand, lost, codeExpiresAt, lastSentAt } = challenge
      return {
        ...common,
        selected,
        outOfBand,
        lostContacts: lost,
        notice: notice ?? null,
        openedAt,
        deadlineAt,
        codeExpiresAt: codeExpiresAt === undefined ? null : codeExpiresAt,
        lastSentAt: lastSentAt === undefined ? null : lastSentAt,
      }
    }
    case 'ended':
      return {
        ...common,
        outcome: challenge.outcome,
        notice: null,
        deadlineAt: null,
        codeExpiresAt: null,
        endedAt: now,
      }
  }
}

export async function outcomeOf(id: string) {
  const [row] = await database().select({ outcome: challenges.outcome }).from(challenges).where(eq(challenges.id, id))
  return row?.outcome ?? undefined
}

/** Where the result of a challenge is sent. */
export async function resultAddress(id: string) {
  const [row] = await database()
    .select({ dsURL: challenges.dsURL, directoryServer: challenges.directoryServer })
    .from(challenges)
    .where(eq(challenges.id, id))
  return row
}
