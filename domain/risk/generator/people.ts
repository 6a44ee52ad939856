import type { Instant } from '#domain/kernel/instant.ts'
import { calendarDay, day, holidays } from './calendar.ts'
import { categories, type Market, type Merchant } from './market.ts'
import { cumulate, type Random } from './random.ts'

// Cardholders and their habits. Persons, devices and networks are numbers that mean nothing outside of a history.

export interface Person {
  readonly card: string
  readonly cardholder: string
  readonly household: Household
  /** The card is used from here on. */
  readonly opened: Instant
  /** Payments a day, on average. Most buy once or twice a month, some every day, many nearly never. */
  readonly rate: number
  /** A factor on all amounts. */
  readonly level: number
  /** For each month, the probability of a category, cumulated, in the order of `categories`. */
  readonly tastes: readonly (readonly number[])[]
  /** Where this person usually buys, by category. */
  readonly regular: ReadonlyMap<string, readonly Merchant[]>
  /** Probability of buying somewhere else. */
  readonly curiosity: number
  readonly devices: readonly Device[]
  readonly language: string
  /** Hours by which the day is later than that of the others: night owls have 3. */
  readonly shift: number
  /** The mobile network assigns addresses from these. */
  readonly mobile: readonly string[]
  readonly work: string | undefined
  /** Probability of paying away from home. */
  readonly outside: number
  readonly trips: readonly Trip[]
  readonly subscriptions: readonly Subscription[]
  readonly contactChange: Instant | undefined
  /** Probability of buying in the merchant's app, if it has one. */
  readonly inApps: number
  /** Has a passkey or an approval device. */
  readonly approvesOnDevice: boolean
}

interface Household {
  /** At home: one network, or two, an old and a new one (IPv6), between which the merchant's server decides. */
  readonly networks: readonly string[]
  /** Used by all of the family. */
  readonly tablet: Device
}

export interface Device {
  readonly reference: string
  /** Deletes what the 3DS Method stores, or uses private windows. */
  readonly forgets: boolean
  /** Stores it apart for each site, as most browsers do: the reference is a new one at each new merchant. */
  readonly partitions: boolean
  /** Bought on this day; before, the earlier one of the list is used. */
  readonly since: Instant
}

export interface Trip {
  readonly from: Instant
  readonly to: Instant
  readonly network: string
  /** In minutes, in the format of browserTZ: -540 in Japan. */
  readonly timeZone: string
  /** ISO 3166-1 number. */
  readonly country: string
}

interface Subscription {
  readonly merchant: Merchant
  readonly date: number
  readonly amount: number
}

/**
 * Networks as the beginning of their addresses. All are of 10.0.0.0/8 and 2001:db8::/32, which belong to no internet
 * provider.
 */
export const networks = {
  /** Customers of internet providers; proxies in living rooms are there, too. */
  home: (from: Random) =>
    from.chance(0.5) ? `10.${from.below(4)}.${from.below(256)}` : `2001:db8:${from.below(4096).toString(16)}`,
  /** Thousands share one address of a mobile network. */
  mobile: (from: Random) => `10.100.${from.below(60)}`,
  work: (from: Random) => `10.${110 + from.below(3)}.${from.below(256)}`,
  hotel: (from: Random) => `10.120.${from.below(200)}`,
  abroad: (from: Random) => `10.${200 + from.below(8)}.${from.below(256)}`,
  hosting: (from: Random) => `10.220.${from.below(40)}`,
}

export function addressIn(network: string, from: Random): string {
  const host = 1 + from.below(250)
  return network.includes(':') ? `${network}::${host.toString(16)}` : `${network}.${host}`
}

const months = Array.from({ length: 12 }, (_, month) => month)

const destinations = [
  { country: '410', timeZone: '-540' },
  { country: '840', timeZone: '600' },
  { country: '158', timeZone: '-480' },
  { country: '764', timeZone: '-420' },
  { country: '250', timeZone: '-60' },
] as const

interface Period {
  readonly start: Instant
  readonly days: number
}

export function makePeople(count: number, market: Market, { start, days }: Period, from: Random): Person[] {
  const people: Person[] = []
  let devices = 0
  const makeDevice = (since: Instant): Device => ({
    reference: `device-${++devices}`,
    forgets: from.chance(0.07),
    partitions: from.chance(0.6),
    since,
  })
  const somewhen = () => start + from.below(days) * day
  while (people.length < count) {
    const household: Household = {
      networks: [networks.home(from), ...(from.chance(0.3) ? [networks.home(from)] : [])],
      tablet: makeDevice(0),
    }
    const members = 1 + (from.chance(0.3) ? 1 + from.below(3) : 0)
    for (let member = 0; member < members && people.length < count; member++) {
      const number = String(people.length + 1)
      const tastes = categories.map(({ weight }) => weight * Math.exp(0.9 * from.normal()))
      people.push({
        card: `card-${number}`,
        cardholder: `cardholder-${number}`,
        household,
        opened: from.chance(0.1) ? somewhen() : 0,
        rate: Math.min(0.08 * Math.exp(1.05 * from.normal()), 2),
        level: Math.exp(0.4 * from.normal()),
        tastes: months.map(month => cumulate(tastes.map((taste, i) => taste * (categories[i]?.season?.[month] ?? 1)))),
        regular: chooseRegular(market, from),
        curiosity: 0.08 + 0.3 * from.next(),
        devices: [
          makeDevice(0),
          ...(from.chance(0.5) ? [makeDevice(0)] : []),
          ...(from.chance(0.2) ? [makeDevice(somewhen())] : []),
        ],
        language: from.chance(0.95) ? 'ja' : from.pick(['en-US', 'zh-CN', 'pt-BR', 'vi', 'ko']),
        shift: from.chance(0.15) ? 3 : from.normal() * 0.8,
        mobile: [networks.mobile(from), networks.mobile(from), networks.mobile(from)],
        work: from.chance(0.5) ? networks.work(from) : undefined,
        outside: 0.5 * from.next(),
        trips: makeTrips({ start, days }, from),
        subscriptions: makeSubscriptions(market, from),
        contactChange: from.chance((0.04 * days) / 365) ? somewhen() : undefined,
        inApps: from.next(),
        approvesOnDevice: from.chance(0.35),
      })
    }
  }
  return people
}

function chooseRegular(market: Market, from: Random): Map<string, Merchant[]> {
  return new Map(
    categories.map(({ name }) => [name, Array.from({ length: 1 + from.below(3) }, () => market.choose(name, from))]),
  )
}

function makeTrips({ start, days }: Period, from: Random): Trip[] {
  const trips: Trip[] = []
  for (let at = start; at < start + days * day; at += day) {
    if (!from.chance(holidays(calendarDay(at)) ? 0.02 : 0.003)) continue
    const length = 2 + from.below(6)
    const place = from.chance(0.2) ? from.pick(destinations) : { country: '392', timeZone: '-540' }
    const network = place.country === '392' ? networks.hotel(from) : networks.abroad(from)
    trips.push({ from: at, to: at + length * day, network, ...place })
    at += length * day
  }
  return trips
}

function makeSubscriptions(market: Market, from: Random): Subscription[] {
  return ['streaming', 'telephone']
    .filter(() => from.chance(0.3))
    .map(name => {
      const merchant = market.choose(name, from)
      return { merchant, date: 1 + from.below(28), amount: amountAt(merchant, 1, from) }
    })
}

/** An amount in yen. Prices end with 0 or 8 more often than not, and nearly all cost more than 100 yen. */
export function amountAt(merchant: Merchant, level: number, from: Random): number {
  const amount = Math.max(merchant.median * level * Math.exp(merchant.spread * from.normal()), 100)
  return from.chance(0.6) ? Math.ceil(amount / 10) * 10 - (from.chance(0.5) ? 2 : 0) : Math.round(amount)
}
