import { and, count, eq, gte, sql } from 'drizzle-orm'
import type { Language } from '#domain/challenge/machine.ts'
import type { CardStatus } from '#domain/risk/decide.ts'
import { batched, bytesInJson } from '../batch.ts'
import { type Database, database, type Queryable } from '../client.ts'
import { cardholders, cards, challenges, contacts } from '../schema.ts'

export interface CardFound {
  readonly id: string
  readonly numberTag: Buffer
  readonly status: CardStatus
  readonly expiresAt: Date
  readonly lockedUntil: Date | null
  readonly language: Language
  /** An e-mail address is in force. */
  readonly reachable: boolean
}

interface Asked {
  readonly tag: Buffer
  readonly earlierTag: Buffer
  readonly now: number
}

const prepared = new WeakMap<Database, ReturnType<typeof prepareFindCards>>()

function prepareFindCards(db: Database) {
  const asked = sql`json_to_recordset(${sql.placeholder('asked')}) as asked(place int, tag bytea, earlier_tag bytea, now timestamptz)`
  return db
    .select({
      place: sql<number>`asked.place`,
      card: {
        id: cards.id,
        numberTag: cards.numberTag,
        status: cards.status,
        expiresAt: cards.expiresAt,
        lockedUntil: cards.lockedUntil,
        language: cardholders.language,
        reachable: sql<boolean>`exists (select 1 from ${contacts} where ${contacts.cardholderId} = ${cardholders.id}
          and ${contacts.kind} = 'email' and ${contacts.effectiveAt} <= asked.now
          and (${contacts.endedAt} is null or ${contacts.endedAt} > asked.now))`,
      },
    })
    .from(cards)
    .innerJoin(asked, sql`${cards.numberTag} in (asked.tag, asked.earlier_tag)`)
    .innerJoin(cardholders, eq(cardholders.id, cards.cardholderId))
    .prepare('find_cards')
}

async function findCards(all: readonly Asked[]): Promise<(CardFound | undefined)[]> {
  const db = database()
  const query = prepared.get(db) ?? prepareFindCards(db)
  prepared.set(db, query)
  const asked = all.map(({ tag, earlierTag, now }, place) => ({
    ...{ place, tag: bytesInJson(tag), earlier_tag: bytesInJson(earlierTag), now: new Date(now) },
  }))
  const found = await query.execute({ asked: JSON.stringify(asked) })
  const byPlace = new Map(found.map(({ place, card }) => [place, card]))
  return all.map((_, place) => byPlace.get(place))
}

const find = batched(findCards, { atOnce: 2, most: 100 })

/** The card under the tag of its number by the key in use, or by the one before. One query, prepared: every purchase asks it. */
export function findCard(tag: Buffer, earlierTag: Buffer, now: number): Promise<CardFound | undefined> {
  return find({ tag, earlierTag, now })
}

/** Whether a challenge of this card may go on, and how often its windows were opened since `since`. */
export async function cardLock(tx: Queryable, cardId: string, since: number) {
  const [card] = await tx
    .select({ lockedUntil: cards.lockedUntil, failedChallenges: cards.failedChallenges })
    .from(cards)
    .where(eq(cards.id, cardId))
    // Not `update`: rows that refer to the card are written meanwhile, whole batches of them.
    .for('no key update')
  const [windows] = await tx
    .select({ opened: count() })
    .from(challenges)
    .where(and(eq(challenges.cardId, cardId), gte(challenges.openedAt, new Date(since))))
  return {
    lockedUntil: card?.lockedUntil?.getTime(),
    failedChallenges: card?.failedChallenges ?? 0,
    windowsOpened: windows?.opened ?? 0,
  }
}

/** One more failed challenge in a row; from `toLock` on the card is locked until `until`. */
export async function countFailedChallenge(tx: Queryable, cardId: string, toLock: number, until: number) {
  await tx
    .update(cards)
    .set({
      failedChallenges: sql`${cards.failedChallenges} + 1`,
      lockedUntil: sql`case when ${cards.failedChallenges} + 1 >= ${toLock}
        then ${new Date(until).toISOString()}::timestamptz else ${cards.lockedUntil} end`,
    })
    .where(eq(cards.id, cardId))
}

export async function clearFailedChallenges(tx: Queryable, cardId: string) {
  await tx.update(cards).set({ failedChallenges: 0, lockedUntil: null }).where(eq(cards.id, cardId))
}

/** HMAC of the card's number. */
export async function numberTagOf(tx: Queryable, cardId: string): Promise<Buffer> {
  const [card] = await tx.select({ numberTag: cards.numberTag }).from(cards).where(eq(cards.id, cardId))
  if (!card) throw new Error('a challenge without its card')
  return card.numberTag
}

export async function lastFourOf(tx: Queryable, cardId: string): Promise<string> {
  const [card] = await tx.select({ lastFour: cards.lastFour }).from(cards).where(eq(cards.id, cardId))
  return card?.lastFour ?? ''
}
