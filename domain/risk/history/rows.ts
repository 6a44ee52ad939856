import type { Instant } from '#domain/kernel/instant.ts'
import { add, addAmount, type Decaying, type Seen, type Sketch, see } from './counters.ts'
import type { Authentication, Ended, RiskEvent } from './event.ts'

// What is remembered of cards, cardholders, merchants, networks and devices. Each row has a bounded size and is updated
// by one event at a time, so that a decision reads five rows and aggregates nothing.

export const hour = 3_600_000
export const day = 24 * hour

/** What the counters of a card, and those of failures, hold at most: 20 fade in a week, 10,000 would in a month. */
const mostCounted = { count: 20, sum: 12_000_000 } as const

/** Half-lives of the counters. */
export const halfLife = { hour, day, usual: 14 * day }

export interface CardRow {
  /** Authentications that ended well, since the first one that is remembered. */
  readonly payments: number
  readonly first: Instant | undefined
  readonly last: Instant | undefined
  readonly amounts: Sketch
  /** Counts for three hours of the day each, in Tokyo. */
  readonly hours: readonly number[]
  readonly merchants: readonly Seen[]
  readonly categories: readonly Seen[]
  readonly countries: readonly Seen[]
  readonly networks: readonly Seen[]
  readonly devices: readonly Seen[]
  /** Language and time zone of the browser. */
  readonly settings: readonly Seen[]
  /** Devices on which a challenge was passed. */
  readonly proved: readonly Seen[]
  /** All that was tried, however it ended. */
  readonly countHour: Decaying
  readonly countDay: Decaying
  readonly sumDay: Decaying
  readonly newDevicesDay: Decaying
  readonly failuresDay: Decaying
  readonly reported: Instant | undefined
}

interface CardholderRow {
  readonly contactChanged: Instant | undefined
}

interface MerchantRow {
  readonly countHour: Decaying
  /** The same over a month, to know what is usual. */
  readonly countUsual: Decaying
  /** Card numbers that do not exist. */
  readonly unknownHour: Decaying
}

/** Networks (IPv4 /24, IPv6 /48) and devices. */
interface OriginRow {
  readonly countHour: Decaying
  readonly unknownHour: Decaying
  readonly failuresDay: Decaying
  readonly cards: readonly Seen[]
}

export interface Rows {
  readonly card: CardRow
  readonly cardholder: CardholderRow
  readonly merchant: MerchantRow
  readonly network: OriginRow
  readonly device: OriginRow
}

export type RowKind = keyof Rows

/** Rows that are stored. When a contact last changed, the contacts themselves say. */
export type StoredKind = Exclude<RowKind, 'cardholder'>

const emptyOrigin: OriginRow = { countHour: undefined, unknownHour: undefined, failuresDay: undefined, cards: [] }

/** Rows about which nothing is known yet. */
export const emptyRows: Rows = {
  card: {
    payments: 0,
    first: undefined,
    last: undefined,
    amounts: [],
    hours: [],
    merchants: [],
    categories: [],
    countries: [],
    networks: [],
    devices: [],
    settings: [],
    proved: [],
    countHour: undefined,
    countDay: undefined,
    sumDay: undefined,
    newDevicesDay: undefined,
    failuresDay: undefined,
    reported: undefined,
  },
  cardholder: { contactChanged: undefined },
  merchant: { countHour: undefined, countUsual: undefined, unknownHour: undefined },
  network: emptyOrigin,
  device: emptyOrigin,
}

/** The keys under which the rows of an event are kept; no key, no row. */
export type Keys = { readonly [Kind in RowKind]?: string | undefined }

export function keysOf(event: RiskEvent): Keys {
  if (event.kind === 'contact-changed') return { cardholder: event.cardholder }
  if (event.kind === 'reported') return { card: event.card }
  const authentication = event.kind === 'ended' ? event.authentication : event
  const { card, cardholder, network, device } = authentication
  return { card, cardholder, merchant: merchantOf(authentication), network, device }
}

/** A merchant's id is one of its acquirer, and an acquirer's one of its directory server. */
function merchantOf({ directoryServer = '', areq }: Authentication): string | undefined {
  const { acquirerBIN = '', acquirerMerchantID } = areq
  return acquirerMerchantID && `${directoryServer} ${acquirerBIN} ${acquirerMerchantID}`
}

/** Yen, or another currency of the issuer, for one minor unit of each currency (ISO 4217 number). */
export type Rates = Readonly<Record<string, number>>

/** The amount in the issuer's currency. Undefined: none, or a currency that the table does not have. */
export function convert(
  { purchaseAmount, purchaseCurrency }: Authentication['areq'],
  rates: Rates,
): number | undefined {
  const known = purchaseCurrency !== undefined && Object.hasOwn(rates, purchaseCurrency)
  const rate = known ? rates[purchaseCurrency] : undefined
  return purchaseAmount === undefined || rate === undefined ? undefined : Number(purchaseAmount) * rate
}

/** The rows after an event. Pure: the rows before stay as they are. */
export function applyEvent(rows: Rows, event: RiskEvent, rates: Rates): Rows {
  switch (event.kind) {
    case 'contact-changed':
      return { ...rows, cardholder: { contactChanged: event.at } }
    case 'reported':
      return { ...rows, card: distrust(rows.card, event.at) }
    case 'authentication': {
      const { at, result } = event
      const counted = count(rows, event, rates)
      return result ? end(counted, { kind: 'ended', at, authentication: event, result }, rates) : counted
    }
    case 'ended':
      return end(rows, event, rates)
  }
}

function end(rows: Rows, event: Ended, rates: Rates): Rows {
  switch (event.result) {
    case 'failed':
      return countFailure(rows, event.at)
    // What we refuse says nothing of who pays: an honest cardholder who tries again must not become a suspect by that.
    case 'refused':
      return rows
    default:
      return { ...rows, card: learn(rows.card, event, rates) }
  }
}

/** Counts an authentication, however it will end. */
function count(rows: Rows, event: Authentication, rates: Rates): Rows {
  const { at, card, device } = event
  const { countHour, countUsual, unknownHour } = rows.merchant
  return {
    ...rows,
    card: {
      ...rows.card,
      countHour: add(rows.card.countHour, 1, halfLife.hour, at, mostCounted.count),
      countDay: add(rows.card.countDay, 1, halfLife.day, at, mostCounted.count),
      sumDay: add(rows.card.sumDay, convert(event.areq, rates) ?? 0, halfLife.day, at, mostCounted.sum),
      newDevicesDay: isNew(rows.card.devices, device)
        ? add(rows.card.newDevicesDay, 1, halfLife.day, at, mostCounted.count)
        : rows.card.newDevicesDay,
    },
    merchant: {
      countHour: add(countHour, 1, halfLife.hour, at),
      countUsual: add(countUsual, 1, halfLife.usual, at),
      unknownHour: card === undefined ? add(unknownHour, 1, halfLife.hour, at) : unknownHour,
    },
    network: countOrigin(rows.network, card, at),
    device: countOrigin(rows.device, card, at),
  }
}

function isNew(list: readonly Seen[], key: string | undefined): boolean {
  return key !== undefined && !list.some(each => each.key === key)
}

function countOrigin(row: OriginRow, card: string | undefined, at: Instant): OriginRow {
  return {
    ...row,
    countHour: add(row.countHour, 1, halfLife.hour, at),
    unknownHour: card === undefined ? add(row.unknownHour, 1, halfLife.hour, at) : row.unknownHour,
    // Only those of a day are ever counted, so that no older ones are kept.
    cards:
      card === undefined
        ? row.cards
        : see(
            row.cards.filter(({ last }) => last >= at - day),
            card,
            16,
            at,
          ),
  }
}

function countFailure({ card, network, device, ...rows }: Rows, at: Instant): Rows {
  const counted = <Row extends { readonly failuresDay: Decaying }>(row: Row): Row => ({
    ...row,
    failuresDay: add(row.failuresDay, 1, halfLife.day, at, mostCounted.count),
  })
  return { ...rows, card: counted(card), network: counted(network), device: counted(device) }
}

/**
 * Whether a payment may make its network, device and settings known. One that passed without a question proves nothing:
 * a thief could make one of a small amount, wait, and be known. It needs a challenge that was passed, or one of the two
 * to be known already; the first payment of all begins the lists.
 */
function isVouched({ devices, networks }: CardRow, { authentication: { device, network }, result }: Ended): boolean {
  if (result === 'passed' || devices.length + networks.length === 0) return true
  const knows = (list: readonly Seen[], key: string | undefined) => key !== undefined && !isNew(list, key)
  return knows(devices, device) || knows(networks, network)
}

/** What ended well is the habit of the cardholder. A payment that failed teaches nothing. */
function learn(row: CardRow, ended: Ended, rates: Rates): CardRow {
  const { authentication, result, at } = ended
  const { areq, network, device } = authentication
  const amount = convert(areq, rates)
  const learned = { ...row, payments: row.payments + 1, first: row.first ?? at, last: at }
  const seen = (list: readonly Seen[], key: string | undefined, limit: number) =>
    key === undefined ? list : see(list, key, limit, at)
  return {
    ...learned,
    amounts: amount === undefined ? row.amounts : addAmount(row.amounts, amount),
    merchants: seen(row.merchants, merchantOf(authentication), 32),
    categories: seen(row.categories, areq.mcc, 16),
    countries: seen(row.countries, areq.merchantCountryCode, 8),
    // The cardholder is not there in a 3RI payment.
    ...(areq.deviceChannel !== '03' && {
      hours: Array.from({ length: 8 }, (_, i) => (row.hours[i] ?? 0) * 0.99 + (i === hoursOf(at) ? 1 : 0)),
      ...(isVouched(row, ended) && {
        networks: seen(row.networks, network, 16),
        devices: seen(row.devices, device, 12),
        settings: seen(row.settings, settingsOf(areq), 6),
      }),
      proved: result === 'passed' ? seen(row.proved, device, 12) : row.proved,
    }),
  }
}

export function settingsOf({ browserLanguage, browserTZ }: Authentication['areq']): string | undefined {
  return browserLanguage === undefined && browserTZ === undefined
    ? undefined
    : `${browserLanguage?.toLowerCase() ?? ''} ${browserTZ === undefined ? '' : Number(browserTZ)}`
}

/** Which of the eight parts of a day in Tokyo. */
export function hoursOf(at: Instant): number {
  return Math.floor(((at + 9 * hour) % day) / (3 * hour))
}

/** The cardholder says that payments were not theirs: nothing that is less than 30 days old is trusted any more. */
function distrust(row: CardRow, at: Instant): CardRow {
  const older = (list: readonly Seen[]) => list.filter(({ first }) => first < at - 30 * day)
  return {
    ...row,
    reported: at,
    merchants: older(row.merchants),
    networks: older(row.networks),
    devices: older(row.devices),
    proved: older(row.proved),
  }
}
