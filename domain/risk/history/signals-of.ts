import type { Instant } from '#domain/kernel/instant.ts'
import { decayed, quantile, type Seen, seenSince, shareOf } from './counters.ts'
import type { Authentication } from './event.ts'
import {
  type CardRow,
  convert,
  day,
  halfLife,
  hour,
  hoursOf,
  keysOf,
  type Rates,
  type Rows,
  settingsOf,
} from './rows.ts'
import type { PolicySignals } from './signal-table.ts'

/** An authentication, and what other services said of it. */
export interface Request extends Authentication {
  /** 0 to 100, if it came in time. */
  readonly externalScore?: number | undefined
}

const never = 999

/** The signals of an authentication, from the rows before it is counted in them. */
export function signalsOf(request: Request, rows: Rows, rates: Rates, now: Instant): PolicySignals {
  const { areq, trusted = false, externalScore } = request
  const { card, cardholder } = rows
  const keys = keysOf(request)
  const amount = amountOf(areq, rates)
  const { acctInfo, merchantRiskIndicator: indicator } = areq
  const device = keys.device === undefined ? undefined : rows.device
  const settings = settingsOf(areq)
  return {
    amount,
    channel: areq.deviceChannel,
    category: areq.mcc,
    merchantCountry: areq.merchantCountryCode,
    addsCard: ['04', '06'].includes(areq.threeDSRequestorAuthenticationInd ?? ''),
    accountAge: acctInfo?.chAccAgeInd === undefined ? undefined : Number(acctInfo.chAccAgeInd) - 1,
    accountChanged: isRecent(acctInfo?.chAccChangeInd) || isRecent(acctInfo?.chAccPwChangeInd, 1),
    newAddress: acctInfo?.shipAddressUsageInd === '01',
    delivery: indicator?.shipIndicator,
    giftCard: indicator?.giftCardAmount !== undefined,
    suspiciousAccount: acctInfo?.suspiciousAccActivity === '02',
    trusted,
    ...habits(card, amount),
    merchantPayments: find(card.merchants, keys.merchant)?.count ?? 0,
    categoryShare: areq.mcc === undefined ? undefined : shareOf(card.categories, areq.mcc),
    countryShare:
      areq.merchantCountryCode === undefined ? undefined : shareOf(card.countries, areq.merchantCountryCode),
    hourShare: hourShare(card.hours, now),
    deviceDays: daysKnown(card.devices, keys.device, now),
    deviceProved: find(card.proved, keys.device) !== undefined,
    networkDays: daysKnown(card.networks, keys.network, now),
    settingsShare: settings === undefined ? undefined : shareOf(card.settings, settings),
    cardCountHour: decayed(card.countHour, halfLife.hour, now),
    cardCountDay: decayed(card.countDay, halfLife.day, now),
    cardSumDay: decayed(card.sumDay, halfLife.day, now) + (amount ?? 0),
    newDevicesDay: decayed(card.newDevicesDay, halfLife.day, now),
    failuresDay: decayed(card.failuresDay, halfLife.day, now),
    daysSinceReport: daysSince(card.reported, now),
    daysSinceContactChange: daysSince(cardholder.contactChanged, now),
    merchantBurst: burst(rows, now),
    merchantUnknownHour: decayed(rows.merchant.unknownHour, halfLife.hour, now),
    networkCardsDay: seenSince(rows.network.cards, now - day),
    networkUnknownHour: decayed(rows.network.unknownHour, halfLife.hour, now),
    networkFailuresDay: decayed(rows.network.failuresDay, halfLife.day, now),
    deviceCardsDay: device && seenSince(device.cards, now - day),
    deviceUnknownHour: device && decayed(device.unknownHour, halfLife.hour, now),
    deviceFailuresDay: device && decayed(device.failuresDay, halfLife.day, now),
    externalScore,
  }
}

/**
 * Above every threshold: a thief must not make an amount small by a currency that the issuer's table of rates does not
 * have.
 */
const unconvertible = 12_000_000

function amountOf(areq: Request['areq'], rates: Rates): number | undefined {
  const converted = convert(areq, rates)
  return converted === undefined && areq.messageCategory === '01' ? unconvertible : converted
}

/**
 * chAccChangeInd: 01 in this transaction, 02 less than 30 days ago. chAccPwChangeInd has 01 for never, and so begins one
 * later.
 */
function isRecent(indicator: string | undefined, offset = 0): boolean {
  const value = Number(indicator ?? Number.NaN) - offset
  return value === 1 || value === 2
}

function habits({ payments, amounts }: CardRow, amount: number | undefined) {
  const median = payments >= 3 && amount !== undefined ? quantile(amounts, 0.5) : undefined
  const [lower, upper] = [quantile(amounts, 0.25), quantile(amounts, 0.75)]
  if (median === undefined || lower === undefined || upper === undefined || amount === undefined)
    return { cardPayments: payments, amountOfUsual: undefined, amountDeviation: undefined }
  const above = Math.log2(Math.max(amount, 1)) - median
  // The quartiles of a normal distribution are 1.349 standard deviations apart. No cardholder’s amounts are all the same.
  const deviation = Math.max((upper - lower) / 1.349, 0.5)
  return {
    cardPayments: payments,
    amountOfUsual: Math.exp(above * Math.LN2),
    amountDeviation: above / deviation,
  }
}

function find(list: readonly Seen[], key: string | undefined): Seen | undefined {
  return key === undefined ? undefined : list.find(each => each.key === key)
}

function daysKnown(list: readonly Seen[], key: string | undefined, now: Instant): number | undefined {
  if (key === undefined) return undefined
  const seen = find(list, key)
  return seen ? Math.max(now - seen.first, 0) / day : -1
}

function daysSince(at: Instant | undefined, now: Instant): number {
  return at === undefined ? never : Math.min(Math.max(now - at, 0) / day, never)
}

/** The share of this part of the day and its neighbours. */
function hourShare(hours: readonly number[], now: Instant): number | undefined {
  const all = hours.reduce((sum, each) => sum + each, 0)
  const at = hoursOf(now)
  const near = [at + 7, at, at + 1].reduce((sum, i) => sum + (hours[i % 8] ?? 0), 0)
  return all === 0 ? undefined : near / all
}

function burst({ merchant }: Rows, now: Instant): number {
  const usual = decayed(merchant.countUsual, halfLife.usual, now) * (hour / halfLife.usual)
  return decayed(merchant.countHour, halfLife.hour, now) / Math.max(usual, 3)
}
