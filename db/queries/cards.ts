import { and, count, eq, gte, sql } from 'drizzle-orm'
import type { Language } from '#domain/challenge/machine.ts'
import type { Preference } from '#domain/challenge/ways.ts'
import type { Reachable } from '#domain/contact/routes.ts'
import type { CardStatus, Standing } from '#domain/risk/decide.ts'
import { batched, bytesInJson } from '../batch.ts'
import { type Database, database, type Queryable } from '../client.ts'
import { cardBrowsers, cardholders, cards, challenges, contacts, methodResults, preferences } from '../schema.ts'

export interface CardFound {
  readonly id: string
  readonly cardholderId: string
  readonly numberTag: Buffer
  readonly status: CardStatus
  readonly expiresAt: Date
  readonly lockedUntil: Date | null
  /** In which its holder is written to. */
  readonly language: Language
  /** The holder's own choice. */
  readonly chosenLanguage: Language | null
  /** How its holder wants to be asked. */
  readonly preference: Preference
  /** Contacts in force to which this installation can send. */
  readonly contacts: readonly Reachable[]
  /** Since when somebody's "this was not me" has not been settled. */
  readonly guardedAt: Date | null
  /** When a mobile number was last stopped or frozen; milliseconds. */
  readonly numberStoppedAt: number | null
  /** What the 3DS Method saw before, if it saw anything. */
  readonly browser: BrowserFound | null
}

interface BrowserFound {
  readonly deviceTag: Buffer | null
  readonly userAgentDigest: Buffer
  readonly timeZone: string | null
  /** The card's holder succeeded in it. */
  readonly known: boolean
}

export interface CardAsked {
  /** HMAC of the number under the key in use, and under the one before. */
  readonly tag: Buffer
  readonly earlierTag: Buffer
  /** A mobile number will do. */
  readonly sms: boolean
  readonly now: number
  /** The transaction of the 3DS Method, which counts if it came after `seenAfter`; a known browser, after `knownAfter`. */
  readonly method: string
  readonly seenAfter: number
  readonly knownAfter: number
}

/** Times as JSON has them. */
type ContactRow = readonly [
  kind: 'mobile' | 'email',
  source: string,
  effectiveAt: string,
  endedAt: string | null,
  frozenAt: string | null,
]

/** All of the holder's that may matter, as they are: choosing among a handful costs less here than in the query. */
const contactRows = sql<
  readonly ContactRow[] | null
>`(select json_agg(json_build_array(${contacts.kind}, ${contacts.source},
    ${contacts.effectiveAt}, ${contacts.endedAt}, ${contacts.frozenAt}))
  from ${contacts} where ${contacts.cardholderId} = ${cards.cardholderId}
    and (${contacts.endedAt} is null or ${contacts.endedAt} > asked.now or ${contacts.frozenAt} is not null))`.mapWith(
  readJson,
)

const prepared = new WeakMap<Database, ReturnType<typeof prepareFindCards>>()

function prepareFindCards(db: Database) {
  const asked = sql`json_to_recordset(${sql.placeholder('asked')}) as asked(place int, tag bytea,
    earlier_tag bytea, now timestamptz, method uuid, seen_after timestamptz, known_after timestamptz)`
  return db
    .select({
      place: sql<number>`asked.place`,
      card: {
        id: cards.id,
        cardholderId: cards.cardholderId,
        numberTag: cards.numberTag,
        status: cards.status,
        expiresAt: cards.expiresAt,
        lockedUntil: cards.lockedUntil,
        language: sql<Language>`coalesce(${preferences.language}, ${cardholders.language})`,
        chosenLanguage: preferences.language,
        preference: sql<Preference>`coalesce(${preferences.asked}, 'codes')`,
        guardedAt: cardholders.guardedAt,
      },
      contacts: contactRows,
      browser: {
        deviceTag: methodResults.deviceTag,
        userAgentDigest: methodResults.userAgentDigest,
        timeZone: methodResults.timeZone,
      },
      known: sql<boolean>`exists (select 1 from ${cardBrowsers} where ${cardBrowsers.cardId} = ${cards.id}
        and ${cardBrowsers.deviceTag} = ${methodResults.deviceTag} and ${cardBrowsers.seenAt} > asked.known_after)`,
    })
    .from(cards)
    .innerJoin(asked, sql`${cards.numberTag} in (asked.tag, asked.earlier_tag)`)
    .innerJoin(cardholders, eq(cardholders.id, cards.cardholderId))
    .leftJoin(preferences, eq(preferences.cardholderId, cards.cardholderId))
    .leftJoin(
      methodResults,
      sql`${methodResults.threeDSServerTransID} = asked.method and ${methodResults.createdAt} > asked.seen_after`,
    )
    .prepare('find_cards')
}

function readJson(json: string | readonly ContactRow[]): readonly ContactRow[] {
  return typeof json === 'string' ? JSON.parse(json) : json
}

/** Of a kind there may be earlier ones, whose time the last one has ended without a word: they are older in every respect that matters. */
function reachableIn(rows: readonly ContactRow[], { sms, now }: CardAsked): Reachable[] {
  return rows.flatMap(([kind, source, effectiveAt, endedAt, frozenAt]) => {
    const since = Date.parse(effectiveAt)
    const inForce = since <= now && (endedAt === null || Date.parse(endedAt) > now) && frozenAt === null
    if (!inForce || (kind === 'mobile' && !sms)) return []
    return [{ channel: kind === 'mobile' ? 'sms' : 'email', changedAt: source === 'cardholder' ? since : undefined }]
  })
}

function lastStop(rows: readonly ContactRow[]): number | null {
  const stops = rows.flatMap(([kind, , , , frozenAt]) => (kind === 'mobile' && frozenAt !== null ? [frozenAt] : []))
  return stops.length > 0 ? Math.max(...stops.map(Date.parse)) : null
}

async function findCards(all: readonly CardAsked[]): Promise<(CardFound | undefined)[]> {
  const db = database()
  const query = prepared.get(db) ?? prepareFindCards(db)
  prepared.set(db, query)
  const asked = all.map(({ tag, earlierTag, now, method, seenAfter, knownAfter }, place) => ({
    place,
    tag: bytesInJson(tag),
    earlier_tag: bytesInJson(earlierTag),
    now: new Date(now),
    method,
    seen_after: new Date(seenAfter),
    known_after: new Date(knownAfter),
  }))
  const found = await query.execute({ asked: JSON.stringify(asked) })
  const byPlace = new Map(found.map(row => [row.place, row]))
  return all.map((asked, place) => {
    const row = byPlace.get(place)
    if (!row) return undefined
    const { card, browser, known } = row
    const contacts = row.contacts ?? []
    return {
      ...card,
      contacts: reachableIn(contacts, asked),
      numberStoppedAt: lastStop(contacts),
      browser: browser && { ...browser, known },
    }
  })
}

const find = batched(findCards, { atOnce: 2, most: 100 })

/**
 * The card under the tag of its number by the key in use, or by the one before, and the browser that it is used in. One
 * query, prepared: every purchase asks it.
 */
export function findCard(asked: CardAsked): Promise<CardFound | undefined> {
  return find(asked)
}

/** How a card stands, locked until the transaction ends, so that wrong codes in several windows are counted one by one. */
export async function lockStanding(tx: Queryable, cardId: string): Promise<Standing> {
  const [card] = await tx
    .select({ status: cards.status, expiresAt: cards.expiresAt, lockedUntil: cards.lockedUntil })
    .from(cards)
    .where(eq(cards.id, cardId))
    // Not `update`: rows that refer to the card are written meanwhile, whole batches of them.
    .for('no key update')
  if (!card) throw new Error('a challenge without its card')
  return { status: card.status, expiresAt: card.expiresAt.getTime(), lockedUntil: card.lockedUntil?.getTime() }
}

/** What was opened for a card since `since`, and how many codes were sent there. */
export async function openedSince(tx: Queryable, cardId: string, since: number) {
  const [opened] = await tx
    .select({ windows: count(), codes: sql<number>`coalesce(sum(${challenges.sends}), 0)::int` })
    .from(challenges)
    .where(and(eq(challenges.cardId, cardId), gte(challenges.openedAt, new Date(since))))
  return { windows: opened?.windows ?? 0, codes: opened?.codes ?? 0 }
}

/** One more wrong code in a row. Answers how many there are. */
export async function countWrongCode(tx: Queryable, cardId: string): Promise<number> {
  const [card] = await tx
    .update(cards)
    .set({ wrongCodes: sql`${cards.wrongCodes} + 1` })
    .where(eq(cards.id, cardId))
    .returning({ wrongCodes: cards.wrongCodes })
  return card?.wrongCodes ?? 0
}

export async function lockCard(tx: Queryable, cardId: string, until: number) {
  await tx
    .update(cards)
    .set({ lockedUntil: new Date(until) })
    .where(eq(cards.id, cardId))
}

/** The owner has succeeded. A lock that stands goes on. */
export async function clearWrongCodes(tx: Queryable, cardId: string) {
  await tx.update(cards).set({ wrongCodes: 0 }).where(eq(cards.id, cardId))
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
