import { cumulate, type Random } from './random.ts'

// The merchants at which the cards of a Japanese issuer are used over the internet.

export interface Merchant {
  readonly acquirerBIN: string
  readonly acquirerMerchantID: string
  readonly category: Category
  /** ISO 3166-1 and ISO 4217 numbers. */
  readonly country: string
  readonly currency: string
  /** Median of its amounts, in yen, and their spread: the standard deviation of the natural logarithm. */
  readonly median: number
  readonly spread: number
  /** Customers have accounts, and their cards are kept. */
  readonly accounts: boolean
  /** Customers can buy in an app of the merchant. */
  readonly app: boolean
  /** The result of the 3DS Method is ready in time at most merchants. */
  readonly threeDSMethod: boolean
}

export interface Category {
  readonly name: string
  readonly mcc: string
  /** How often this category is bought, relative to the others. */
  readonly weight: number
  readonly merchants: number
  readonly median: number
  readonly spread: number
  /** Nothing is shipped, so that it can be resold within minutes. */
  readonly digital: boolean
  /** A factor on the weight for each month of the year, January to December. */
  readonly season?: readonly number[]
  /** Paid by subscription, without the cardholder, once a month. */
  readonly subscription?: true
}

const summerAndNewYear = [1.2, 0.7, 1.1, 1.4, 1.2, 0.8, 1.4, 1.7, 0.9, 0.9, 0.9, 1.5]

export const categories: readonly Category[] = [
  { name: 'marketplace', mcc: '5311', weight: 26, merchants: 6, median: 3600, spread: 0.95, digital: false },
  { name: 'groceries', mcc: '5411', weight: 10, merchants: 14, median: 5800, spread: 0.5, digital: false },
  { name: 'food delivery', mcc: '5812', weight: 9, merchants: 8, median: 2400, spread: 0.45, digital: false },
  { name: 'games', mcc: '5816', weight: 8, merchants: 22, median: 1600, spread: 1.1, digital: true },
  { name: 'clothing', mcc: '5651', weight: 8, merchants: 60, median: 6900, spread: 0.7, digital: false },
  { name: 'cosmetics', mcc: '5977', weight: 5, merchants: 40, median: 5200, spread: 0.6, digital: false },
  { name: 'books and media', mcc: '5815', weight: 6, merchants: 25, median: 1500, spread: 0.7, digital: true },
  { name: 'electronics', mcc: '5732', weight: 4, merchants: 18, median: 14_800, spread: 1.2, digital: false },
  { name: 'pharmacy', mcc: '5912', weight: 4, merchants: 20, median: 4100, spread: 0.6, digital: false },
  {
    name: 'railway',
    mcc: '4112',
    weight: 5,
    merchants: 6,
    median: 9800,
    spread: 0.7,
    digital: true,
    season: summerAndNewYear,
  },
  {
    name: 'hotels',
    mcc: '7011',
    weight: 2.2,
    merchants: 30,
    median: 24_000,
    spread: 0.8,
    digital: true,
    season: summerAndNewYear,
  },
  {
    name: 'airlines',
    mcc: '4511',
    weight: 1.4,
    merchants: 9,
    median: 38_000,
    spread: 0.8,
    digital: true,
    season: summerAndNewYear,
  },
  { name: 'tickets', mcc: '7922', weight: 2.5, merchants: 9, median: 10_500, spread: 0.5, digital: true },
  {
    name: 'donations',
    mcc: '8398',
    weight: 1.2,
    merchants: 16,
    median: 10_000,
    spread: 0.6,
    digital: true,
    season: [0.3, 0.3, 0.4, 0.3, 0.3, 0.4, 0.5, 0.6, 1.2, 1.3, 1.8, 5],
  },
  { name: 'gift cards', mcc: '5947', weight: 1.5, merchants: 8, median: 5000, spread: 0.7, digital: true },
  { name: 'prepaid', mcc: '6540', weight: 2, merchants: 6, median: 8000, spread: 0.7, digital: true },
  { name: 'crypto', mcc: '6051', weight: 0.25, merchants: 4, median: 28_000, spread: 0.9, digital: true },
  { name: 'furniture', mcc: '5712', weight: 1.3, merchants: 18, median: 16_500, spread: 0.8, digital: false },
  { name: 'hobbies', mcc: '5945', weight: 4, merchants: 80, median: 4700, spread: 0.8, digital: false },
  { name: 'education', mcc: '8299', weight: 0.8, merchants: 24, median: 19_800, spread: 0.9, digital: true },
  { name: 'insurance', mcc: '6300', weight: 0.5, merchants: 8, median: 12_000, spread: 0.8, digital: true },
  {
    name: 'streaming',
    mcc: '4899',
    weight: 0,
    merchants: 8,
    median: 1290,
    spread: 0.15,
    digital: true,
    subscription: true,
  },
  {
    name: 'telephone',
    mcc: '4814',
    weight: 0,
    merchants: 5,
    median: 5900,
    spread: 0.4,
    digital: true,
    subscription: true,
  },
]

/** The categories that thieves prefer, for what they buy is sold again for money. */
export const resold: readonly string[] = ['electronics', 'gift cards', 'prepaid', 'crypto', 'games', 'airlines']

/** Countries outside Japan whose merchants are used: ISO 3166-1 and ISO 4217 numbers, relative frequency. */
const abroad = [
  { country: '840', currency: '840', weight: 5 },
  { country: '410', currency: '410', weight: 2 },
  { country: '156', currency: '156', weight: 2 },
  { country: '826', currency: '826', weight: 1 },
  { country: '276', currency: '978', weight: 1 },
  { country: '702', currency: '702', weight: 1 },
] as const
const abroadWeights = cumulate(abroad.map(({ weight }) => weight))

export interface Market {
  readonly merchants: readonly Merchant[]
  readonly byCategory: ReadonlyMap<string, readonly Merchant[]>
  /** A merchant of the category; the large ones are chosen far more often. */
  choose(category: string, from: Random): Merchant
}

export function makeMarket(from: Random): Market {
  const merchants = categories.flatMap(category =>
    Array.from({ length: category.merchants }, (_, rank) => makeMerchant(category, rank, from)),
  )
  const byCategory = new Map(
    categories.map(({ name }) => [name, merchants.filter(each => each.category.name === name)]),
  )
  // Zipf's law.
  const popularity = new Map(
    [...byCategory].map(([name, some]) => [name, cumulate(some.map((_, rank) => 1 / (rank + 1)))] as const),
  )
  return {
    merchants,
    byCategory,
    choose: (category, chooser) =>
      byCategory.get(category)?.[chooser.weighted(popularity.get(category) ?? [])] as Merchant,
  }
}

function makeMerchant(category: Category, rank: number, from: Random): Merchant {
  const foreign = rank > 2 && from.chance(0.12) && !category.subscription
  const place = foreign ? abroad[from.weighted(abroadWeights)] : undefined
  return {
    acquirerBIN: String(400_000 + from.below(40)),
    acquirerMerchantID: `${category.mcc}${String(from.below(1_000_000)).padStart(6, '0')}${String(rank).padStart(3, '0')}`,
    category,
    country: place?.country ?? '392',
    currency: place?.currency ?? '392',
    median: Math.round(category.median * Math.exp(0.35 * from.normal())),
    spread: category.spread,
    accounts: category.subscription === true || from.chance(rank < 4 ? 0.95 : 0.5),
    app: !foreign && from.chance(rank < 4 ? 0.5 : 0.05),
    threeDSMethod: from.chance(0.9),
  }
}

/** Yen for one minor unit of a currency: the table that the generated issuer would load. */
export const yenPerMinorUnit: Readonly<Record<string, number>> = {
  392: 1,
  840: 1.52,
  978: 1.64,
  826: 1.96,
  702: 1.14,
  156: 0.21,
  410: 0.11,
}
