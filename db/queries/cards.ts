import { and, eq } from 'drizzle-orm'
import type { Reachable } from '#domain/contact/code-recipients.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { CardStanding, CardStatus } from '#domain/risk/card-standing.ts'
import type { RiskEvent } from '#domain/risk/history/event.ts'
import type { StoredKind } from '#domain/risk/history/rows.ts'
import { batched, bytesInJson } from '../batch.ts'
import { driver, type Queryable } from '../client.ts'
import { isStatementFault } from '../deadlines.ts'
import { cards } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'

export interface CardFound {
  readonly id: string
  readonly cardholderId: string
  readonly numberHmac: Buffer
  readonly status: CardStatus
  readonly expiresAt: number
  /** The cardholder's language in the issuer's list; they may have chosen another (`preferencesOf`). */
  readonly language: Language
  /** Effective contacts to which this deployment can send. */
  readonly contacts: readonly Reachable[]
  /** Since when a report of the cardholder has been open. */
  readonly reportOpenSince: number | null
  /** When a mobile number was last stopped or frozen; milliseconds. */
  readonly numberStoppedAt: number | null
  /** The 3DS Method result for this purchase, if there is one. */
  readonly browser: BrowserFound | null
}

interface BrowserFound {
  readonly deviceDigest: Buffer | null
  readonly userAgentDigest: Buffer
  readonly timeZone: string | null
  /** Whether the cardholder has succeeded in it. */
  readonly known: boolean
}

/** The history that concerns an AReq. */
interface HistoryFound {
  /** Rows that exist. */
  readonly rows: Readonly<Record<StoredKind, object | null>>
  /** What happened to the card and is not in the rows yet, in the order of time. */
  readonly events: readonly RiskEvent[]
  /** The key of the device. */
  readonly device: string | undefined
  /** The issuer's id of the cardholder, and the last digits of the card, by which its own service knows them. */
  readonly issuerRef: string | undefined
  readonly lastFour: string | undefined
  /** Whether the cardholder has put the merchant on the trust list. */
  readonly trusted: boolean
}

export interface Found {
  readonly card: CardFound | undefined
  /** Only if asked for. */
  readonly history: HistoryFound | undefined
}

/** The keys of an AReq's rows; null if it has none. */
export interface HistoryAsked {
  readonly merchant: string | null
  readonly network: string | null
  /** Of an app; that of a browser is its 3DS Method's. */
  readonly device: string | null
  readonly directoryServer: string
  readonly acquirerBIN: string | null
  readonly acquirerMerchantID: string | null
}

export interface CardAsked {
  /** HMAC of the number under the key in use, and under the previous one. */
  readonly hmac: Buffer
  readonly earlierHmac: Buffer
  /** Whether this deployment sends text messages, so that a mobile number may be used. */
  readonly sms: boolean
  readonly now: number
  /**
   * The transaction of the 3DS Method. Its result is used if it is newer than `seenAfter`; a browser is known if it was
   * seen after `knownAfter`.
   */
  readonly method: string
  readonly seenAfter: number
  readonly knownAfter: number
  /** Left out if the deployment keeps no history. */
  readonly history?: HistoryAsked | undefined
}

/** A contact as a JSON array, with times as JSON strings. */
type ContactRow = readonly [
  kind: 'mobile' | 'email',
  source: string,
  effectiveAt: string,
  endedAt: string | null,
  frozenAt: string | null,
  provisionalSince: string | null,
]

interface FoundRow {
  readonly place: number
  /** Null if there is no card, but a history was asked for. */
  readonly id: string | null
  readonly cardholder_id: string
  readonly number_hmac: Buffer
  readonly status: CardStatus
  readonly expires_at: string
  readonly report_open_since: string | null
  readonly language: Language
  readonly contacts: readonly ContactRow[] | null
  readonly device_digest: Buffer | null
  /** Null if there is no result of the 3DS Method. */
  readonly user_agent_digest: Buffer | null
  readonly time_zone: string | null
  readonly known: boolean
}

interface HistoryRow extends FoundRow {
  readonly card_row: object | null
  readonly merchant_row: object | null
  readonly network_row: object | null
  readonly device_row: object | null
  readonly device: string | null
  readonly issuer_ref: string | null
  readonly last_four: string | null
  readonly events: readonly RiskEvent[] | null
  readonly trusted: boolean
}

/** Events of one card that are read at most: a worker that stands still must not make its AReqs slow. */
const mostEvents = 30

// Returns all contacts that may matter: selecting among a handful of them costs less here than in the query.
const ofCard = `asked.place, cards.id, cards.cardholder_id, cards.number_hmac, cards.status, cards.expires_at,
    cardholders.report_open_since, cardholders.language,
    (select json_agg(json_build_array(kind, source, effective_at, ended_at, frozen_at, provisional_since)) from contacts
      where contacts.cardholder_id = cards.cardholder_id
        and (ended_at is null or ended_at > asked.now or frozen_at is not null)) as contacts,
    method_results.device_digest, method_results.user_agent_digest, method_results.time_zone,
    exists (select 1 from card_browsers where card_browsers.card_id = cards.id
      and card_browsers.device_digest = method_results.device_digest
      and card_browsers.seen_at > asked.known_after) as known`
const askedFields = `place int, hmac bytea, earlier_hmac bytea, now timestamptz, method uuid, seen_after timestamptz,
    known_after timestamptz`
const ofItsBrowser = `left join method_results on method_results.three_ds_server_trans_id = asked.method
    and method_results.created_at > asked.seen_after`

const finding = `select ${ofCard}
  from json_to_recordset($1) as asked(${askedFields})
  join cards on cards.number_hmac in (asked.hmac, asked.earlier_hmac)
  join cardholders on cardholders.id = cards.cardholder_id
  ${ofItsBrowser}`

const rowOf = (kind: StoredKind, key: string) => `(select row from risk_rows where kind = '${kind}' and key = ${key})`
// In one statement, so that what is folded meanwhile is either among the rows or among the events. Numbers that are not
// cards have a history as well: of their network and device.
const findingWithHistory = `select ${ofCard},
    ${rowOf('card', 'cards.id::text')} as card_row, ${rowOf('merchant', 'asked.merchant')} as merchant_row,
    ${rowOf('network', 'asked.network')} as network_row, ${rowOf('device', 'reference.device')} as device_row,
    reference.device, cardholders.issuer_ref, cards.last_four,
    (select json_agg(event order by id) from (
      select id, event from risk_events where card_id = cards.id order by id desc limit ${mostEvents}
    ) as newest) as events,
    exists (select 1 from trusted_merchants as trusted where trusted.cardholder_id = cards.cardholder_id
      and trusted.directory_server = asked.directory_server and trusted.acquirer_bin = asked.acquirer_bin
      and trusted.acquirer_merchant_id = asked.acquirer_merchant_id and trusted.removed_at is null) as trusted
  from json_to_recordset($1) as asked(${askedFields}, merchant text, network text, device text, directory_server text,
    acquirer_bin text, acquirer_merchant_id text)
  left join cards on cards.number_hmac in (asked.hmac, asked.earlier_hmac)
  left join cardholders on cardholders.id = cards.cardholder_id
  ${ofItsBrowser}
  cross join lateral (
    select coalesce(asked.device, encode(method_results.device_digest, 'hex')) as device
  ) as reference`

/**
 * The effective contacts. Several of one kind may be effective, because a newer contact does not set `endedAt` of an
 * older one; that does no harm, because only their kind and age matter here.
 */
function reachableIn(rows: readonly ContactRow[], { sms, now }: CardAsked): Reachable[] {
  return rows.flatMap(([kind, source, effectiveAt, endedAt, frozenAt, provisionalSince]) => {
    const since = Date.parse(effectiveAt)
    const isEffective = since <= now && (endedAt === null || Date.parse(endedAt) > now) && frozenAt === null
    if (!isEffective || (kind === 'mobile' && !sms)) return []
    const changedAt = source === 'cardholder' ? since : undefined
    return [{ channel: kind === 'mobile' ? 'sms' : 'email', changedAt, isProvisional: provisionalSince !== null }]
  })
}

function lastStop(rows: readonly ContactRow[]): number | null {
  const stops = rows.flatMap(([kind, , , , frozenAt]) => (kind === 'mobile' && frozenAt !== null ? [frozenAt] : []))
  return stops.length > 0 ? Math.max(...stops.map(Date.parse)) : null
}

async function findCards(all: readonly CardAsked[]): Promise<Found[]> {
  const asked = all.map(({ hmac, earlierHmac, now, method, seenAfter, knownAfter, history }, place) => ({
    place,
    hmac: bytesInJson(hmac),
    earlier_hmac: bytesInJson(earlierHmac),
    now: toTimestamp(now),
    method,
    seen_after: toTimestamp(seenAfter),
    known_after: toTimestamp(knownAfter),
    ...(history && {
      merchant: history.merchant,
      network: history.network,
      device: history.device,
      directory_server: history.directoryServer,
      acquirer_bin: history.acquirerBIN,
      acquirer_merchant_id: history.acquirerMerchantID,
    }),
  }))
  const withHistory = all.some(({ history }) => history !== undefined)
  const statement = withHistory ? findingWithHistory : finding
  const rows = await driver().unsafe<(FoundRow | HistoryRow)[]>(statement, [JSON.stringify(asked)])
  const byPlace = new Map(rows.map(row => [row.place, row]))
  return all.map((asked, place) => {
    const row = byPlace.get(place)
    const card = row && row.id !== null ? foundIn({ ...row, id: row.id }, asked) : undefined
    return { card, history: row && 'events' in row ? historyIn(row) : undefined }
  })
}

function historyIn(row: HistoryRow): HistoryFound {
  return {
    rows: { card: row.card_row, merchant: row.merchant_row, network: row.network_row, device: row.device_row },
    events: row.events ?? [],
    device: row.device ?? undefined,
    issuerRef: row.issuer_ref ?? undefined,
    lastFour: row.last_four ?? undefined,
    trusted: row.trusted,
  }
}

function foundIn(row: FoundRow & { readonly id: string }, asked: CardAsked): CardFound {
  const contacts = row.contacts ?? []
  return {
    id: row.id,
    cardholderId: row.cardholder_id,
    numberHmac: row.number_hmac,
    status: row.status,
    expiresAt: Date.parse(row.expires_at),
    language: row.language,
    contacts: reachableIn(contacts, asked),
    reportOpenSince: row.report_open_since === null ? null : Date.parse(row.report_open_since),
    numberStoppedAt: lastStop(contacts),
    browser: row.user_agent_digest && {
      deviceDigest: row.device_digest,
      userAgentDigest: row.user_agent_digest,
      timeZone: row.time_zone,
      known: row.known,
    },
  }
}

const find = batched(findCards, { atOnce: 2, most: 100, isMemberError: isStatementFault })

/**
 * Finds the card by the HMAC of its number under the key in use or the previous one, the browser of the purchase, and
 * the history that concerns it. A single prepared query, because every purchase runs it.
 */
export function findCard(asked: CardAsked): Promise<Found> {
  return find(asked)
}

/**
 * The standing of a card, and when the limits on its codes were last lifted. The row is locked until the transaction
 * ends, so that what several windows send and enter is counted one by one.
 */
export async function lockStanding(
  tx: Queryable,
  cardId: string,
): Promise<CardStanding & { readonly codesUnlockedAt: number | null }> {
  const [card] = await tx
    .select({ status: cards.status, expiresAt: cards.expiresAt, codesUnlockedAt: cards.codesUnlockedAt })
    .from(cards)
    .where(eq(cards.id, cardId))
    // Not `for update`, which would block batches that insert rows referring to the card.
    .for('no key update')
  if (!card) throw new Error('a challenge without its card')
  return card
}

export async function codesUnlockedAtOf(tx: Queryable, cardId: string): Promise<number | null> {
  const [card] = await tx.select({ at: cards.codesUnlockedAt }).from(cards).where(eq(cards.id, cardId))
  return card?.at ?? null
}

/** The ids of a cardholder's cards, or of the one with these last four digits; locked until the transaction ends. */
export async function lockCardsOf(tx: Queryable, cardholderId: string, lastFour?: string): Promise<string[]> {
  const rows = await tx
    .select({ id: cards.id })
    .from(cards)
    .where(and(eq(cards.cardholderId, cardholderId), lastFour === undefined ? undefined : eq(cards.lastFour, lastFour)))
    .orderBy(cards.id)
    .for('no key update')
  return rows.map(({ id }) => id)
}

export async function unlockCodes(tx: Queryable, cardId: string, now: number): Promise<void> {
  await tx.update(cards).set({ codesUnlockedAt: now }).where(eq(cards.id, cardId))
}

/** The HMAC of the card number. */
export async function numberHmacOf(tx: Queryable, cardId: string): Promise<Buffer> {
  const [card] = await tx.select({ numberHmac: cards.numberHmac }).from(cards).where(eq(cards.id, cardId))
  if (!card) throw new Error('a challenge without its card')
  return card.numberHmac
}

export async function lastFourOf(tx: Queryable, cardId: string): Promise<string> {
  const [card] = await tx.select({ lastFour: cards.lastFour }).from(cards).where(eq(cards.id, cardId))
  return card?.lastFour ?? ''
}
