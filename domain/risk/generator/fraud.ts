import type { Instant } from '#domain/kernel/instant.ts'
import type { Authentication } from '#domain/risk/history/event.ts'
import { networkOf } from '#domain/risk/history/network.ts'
import { day, hour, minute } from './calendar.ts'
import { purchase } from './genuine.ts'
import type { FraudPattern, Labelled } from './labelled.ts'
import { categories, type Market, type Merchant, resold } from './market.ts'
import { addressIn, amountAt, networks, type Person } from './people.ts'
import { cumulate, type Random } from './random.ts'

// What thieves do with the cards. Each pattern returns the events of one episode, in no order.

interface Scene {
  readonly market: Market
  readonly people: readonly Person[]
  /** The episode begins at this time. */
  readonly at: Instant
  readonly from: Random
}

type Episode = (scene: Scene) => Labelled[]

/** The equipment of a thief: a browser, and the network that it is seen in. */
interface Equipment {
  readonly device: string | undefined
  readonly network: string
  readonly language: string
  readonly timeZone: string
}

function equip(from: Random): Equipment {
  const kind = from.weighted(equipmentWeights)
  const network = [networks.home, networks.mobile, networks.hosting, networks.abroad][kind] ?? networks.home
  const isCareless = kind >= 2 && from.chance(0.5)
  return {
    device: from.chance(0.75) ? thiefsDevice(from) : undefined,
    network: network(from),
    language: isCareless ? from.pick(['en-US', 'zh-CN', 'ru']) : 'ja',
    timeZone: isCareless ? from.pick(['-480', '0', '-180', '-420']) : '-540',
  }
}

function thiefsDevice(from: Random): string {
  return `thief-${from.below(1_000_000_000)}`
}

/** A proxy in a living room in Japan, a mobile network, a data centre, another country. */
const equipmentWeights = cumulate([50, 20, 15, 15])

interface Spending {
  readonly fraud: FraudPattern
  readonly at: Instant
  /** Undefined: a number that is not a card of ours. */
  readonly victim: Person | undefined
  readonly merchant: Merchant
  /** In yen. */
  readonly amount: number
  readonly equipment: Equipment
  /** The thief reads the cardholder's codes, or has them told. */
  readonly readsCodes: boolean
  readonly approves?: boolean
  readonly account: Authentication['areq']['acctInfo']
}

function spend(spending: Spending, from: Random): Labelled {
  const { fraud, at, victim, merchant, amount, equipment, readsCodes, approves = false, account } = spending
  const { digital, mcc } = merchant.category
  const isInApp = merchant.app && from.chance(0.25)
  return {
    fraud,
    answers: { code: readsCodes, device: approves },
    event: {
      kind: 'authentication',
      at,
      id: '',
      card: victim?.card,
      cardholder: victim?.cardholder,
      device: isInApp ? thiefsDevice(from) : merchant.threeDSMethod ? equipment.device : undefined,
      network: isInApp ? undefined : networkOf(addressIn(equipment.network, from)),
      areq: {
        ...purchase(merchant, amount),
        ...(isInApp
          ? { deviceChannel: '01' }
          : {
              deviceChannel: '02',
              browserLanguage: equipment.language,
              browserTZ: equipment.timeZone,
            }),
        threeDSRequestorAuthenticationInd: '01',
        acctInfo: account,
        merchantRiskIndicator: {
          shipIndicator: digital ? '05' : from.pick(['03', '03', '04', '02']),
          ...(mcc === '5947' && { giftCardAmount: String(amount) }),
        },
      },
    },
  }
}

const guest = { chAccAgeInd: '01' }
const newAccount = { chAccAgeInd: '02', shipAddressUsageInd: '01' }

/** The cardholder's account at a merchant is taken over: the card is kept there, the address is changed. */
const accountTakeover: Episode = ({ people, at, from }) => {
  const victim = from.pick(people)
  const regular = [...victim.regular.values()]
    .flat()
    .filter(({ accounts, category }) => accounts && !category.subscription)
  const wanted = regular.filter(({ category }) => resold.includes(category.name))
  const merchant = from.pick(wanted.length > 0 && from.chance(0.7) ? wanted : regular)
  const equipment = equip(from)
  const readsCodes = from.chance(0.2)
  const changed = from.chance(0.6) ? { chAccChangeInd: '02', chAccPwChangeInd: '03' } : { chAccPwChangeInd: '01' }
  const payments = series(1 + from.below(4), at, 40 * minute, from).map(when => {
    const account = { chAccAgeInd: '05', ...changed, shipAddressUsageInd: '01' }
    const amount = amountAt(merchant, 1.5 + 4 * from.next(), from)
    return spend(
      { fraud: 'account-takeover', at: when, victim, merchant, amount, equipment, readsCodes, account },
      from,
    )
  })
  return [...payments, ...discovered(victim, at, from)]
}

/** A list of card numbers is tried with small amounts at one merchant. Those that work are used in the days after. */
const cardTesting: Episode = ({ market, people, at, from }) => {
  const merchant = market.choose(from.pick(['donations', 'games', 'books and media', 'food delivery']), from)
  const gang = Array.from({ length: 1 + from.below(3) }, () => equip(from))
  const victims = Array.from({ length: 4 + from.below(12) }, () => from.pick(people))
  const others = Array.from({ length: 20 + from.below(60) }, () => undefined)
  const fraud = 'card-testing'
  const tested = [...victims, ...others].map(victim => {
    const [when, amount] = [at + from.below(2 * hour), 100 + from.below(200)]
    return spend(
      { fraud, at: when, victim, merchant, amount, equipment: from.pick(gang), readsCodes: false, account: guest },
      from,
    )
  })
  const used = victims
    .filter(() => from.chance(0.35))
    .flatMap(victim => {
      const begins = at + 12 * hour + from.below(4 * day)
      return [...spree(fraud, victim, begins, 1 + from.below(3), market, from), ...discovered(victim, begins, from)]
    })
  return [...tested, ...used]
}

/** Numbers are counted up until one is a card, from many addresses. The cards that were found are used at once. */
const enumeration: Episode = ({ market, people, at, from }) => {
  const merchant = market.choose(from.pick(['clothing', 'hobbies', 'books and media', 'donations']), from)
  const gang = Array.from({ length: 20 + from.below(40) }, () => equip(from))
  const victims = Array.from({ length: 1 + from.below(5) }, () => from.pick(people))
  const others = Array.from({ length: 100 + from.below(200) }, () => undefined)
  const fraud = 'enumeration'
  const tried = [...victims, ...others].map(victim => {
    const [when, amount] = [at + from.below(5 * hour), 500 + from.below(1500)]
    return spend(
      { fraud, at: when, victim, merchant, amount, equipment: from.pick(gang), readsCodes: false, account: guest },
      from,
    )
  })
  const used = victims.flatMap(victim => {
    const begins = at + 5 * hour + from.below(day)
    return [...spree(fraud, victim, begins, 1 + from.below(2), market, from), ...discovered(victim, begins, from)]
  })
  return [...tried, ...used]
}

/** The thief has the cardholder's sign-in data, changes the contact, and then receives the codes. */
const contactChange: Episode = ({ market, people, at, from }) => {
  const victim = from.pick(people)
  const begins = at + 10 * minute + from.below(3 * day)
  const changed: Labelled = {
    fraud: 'contact-change',
    event: { kind: 'contact-changed', at, cardholder: victim.cardholder },
  }
  const payments = spree('contact-change', victim, begins, 2 + from.below(4), market, from, {
    readsCodes: true,
    level: 3,
  })
  return [changed, ...payments, ...discovered(victim, begins, from)]
}

/** The cardholder enters card and code on a page of the thief, who uses both in the same minute. */
const relayPhishing: Episode = ({ market, people, at, from }) => {
  const victim = from.pick(people)
  const readsCodes = from.chance(0.85)
  // The few who approve on a device what they did not buy.
  const approves = victim.approvesOnDevice && from.chance(0.08)
  const payments = spree('relay-phishing', victim, at, 1 + from.below(3), market, from, {
    readsCodes,
    approves,
    level: 2.5,
    gap: 5 * minute,
  })
  return [...payments, ...discovered(victim, at, from)]
}

/**
 * Knows what simple policies look at, and where the cardholder lives: amounts as the cardholder's, shops of the same
 * kind, a browser in Japanese, an address in Japan, by day, a few payments spread over days.
 */
const adaptive: Episode = ({ market, people, at, from }) => {
  const victim = from.pick(people)
  const readsCodes = from.chance(0.1)
  const payments = series(3 + from.below(6), at, 1.5 * day, from).map(when => {
    const tastes = victim.tastes[0] ?? []
    const category = categories[from.weighted(tastes)] ?? categories[0]
    const known = victim.regular.get(category?.name ?? '') ?? []
    const merchant = from.chance(0.3) && known.length > 0 ? from.pick(known) : market.choose(category?.name ?? '', from)
    const amount = Math.min(amountAt(merchant, victim.level * (0.9 + 0.6 * from.next()), from), 19_800)
    const equipment: Equipment = {
      device: from.chance(0.6) ? thiefsDevice(from) : undefined,
      network: from.chance(0.7) ? networks.home(from) : networks.mobile(from),
      language: 'ja',
      timeZone: '-540',
    }
    const account = from.chance(0.5) ? newAccount : guest
    return spend({ fraud: 'adaptive', at: byDay(when), victim, merchant, amount, equipment, readsCodes, account }, from)
  })
  return [...payments, ...discovered(victim, at + 8 * day, from)]
}

interface SpreeOptions {
  readonly readsCodes?: boolean
  readonly approves?: boolean
  /** A factor on the amounts. */
  readonly level?: number
  readonly gap?: number
}

/** Spends quickly on what can be sold again. */
function spree(
  fraud: FraudPattern,
  victim: Person,
  at: Instant,
  count: number,
  market: Market,
  from: Random,
  options: SpreeOptions = {},
): Labelled[] {
  const { readsCodes = false, approves = false, level = 2, gap = hour } = options
  const equipment = equip(from)
  return series(count, at, gap, from).map(when => {
    const merchant = market.choose(from.pick(resold), from)
    const amount = Math.min(amountAt(merchant, level * (1 + 2 * from.next()), from), 450_000)
    const account = from.chance(0.5) ? newAccount : guest
    return spend({ fraud, at: when, victim, merchant, amount, equipment, readsCodes, approves, account }, from)
  })
}

/** Times that begin at `at`, `gap` apart on average. */
function series(count: number, at: Instant, gap: number, from: Random): Instant[] {
  let next = at
  return Array.from({ length: count }, () => {
    const now = next
    next += Math.ceil(gap * (0.2 + 1.6 * from.next()))
    return now
  })
}

/** Moves a time at night in Tokyo to ten o'clock. */
function byDay(at: Instant): Instant {
  const ofDay = (at + 9 * hour) % day
  return ofDay < 9 * hour ? at - ofDay + 10 * hour + (ofDay % hour) : at
}

/** The cardholder sees the payments in the statement or in a notice, and reports them. */
function discovered({ card, cardholder }: Person, at: Instant, from: Random): Labelled[] {
  const when = at + 6 * hour + from.below(6 * day)
  return [{ event: { kind: 'reported', at: when, card, cardholder } }]
}

/** Episodes that begin per 1,000 cards in 30 days. Far more than there are, so that each pattern can be measured. */
export const episodes: readonly { readonly play: Episode; readonly frequency: number }[] = [
  { play: accountTakeover, frequency: 3 },
  { play: cardTesting, frequency: 0.6 },
  { play: enumeration, frequency: 0.6 },
  { play: contactChange, frequency: 1.5 },
  { play: relayPhishing, frequency: 3 },
  { play: adaptive, frequency: 3 },
]
