import type { Instant } from '#domain/kernel/instant.ts'
import type { Authentication } from '#domain/risk/history/event.ts'
import { networkOf } from '#domain/risk/history/network.ts'
import { busyness, calendarDay, day, hour } from './calendar.ts'
import type { Labelled } from './labelled.ts'
import { type Category, categories, type Market, type Merchant, yenPerMinorUnit } from './market.ts'
import { addressIn, amountAt, type Device, type Person, type Trip } from './people.ts'
import type { Random } from './random.ts'

/** What one person does with a card on one day, in no order. `midnight` is that of the day in Tokyo. */
export function genuineDay(person: Person, midnight: Instant, market: Market, from: Random): Labelled[] {
  const today = calendarDay(midnight)
  const events: Labelled[] = []
  if (person.opened <= midnight) {
    const trip = person.trips.find(each => each.from <= midnight && midnight < each.to)
    const count = from.poisson(person.rate * busyness(today) * (trip ? 1.4 : 1))
    for (let i = 0; i < count; i++) events.push(payment(person, midnight, trip, market, from))
    for (const { merchant, date, amount } of person.subscriptions)
      if (date === today.date)
        events.push(subscription(person, midnight + 3 * hour + from.below(hour), merchant, amount))
  }
  const { contactChange, cardholder } = person
  if (contactChange !== undefined && contactChange >= midnight && contactChange < midnight + day)
    events.push({ event: { kind: 'contact-changed', at: midnight + 20 * hour, cardholder } })
  return events
}

function payment(person: Person, midnight: Instant, trip: Trip | undefined, market: Market, from: Random): Labelled {
  const category = categories[from.weighted(person.tastes[calendarDay(midnight).month] ?? [])] as Category
  const isNewMerchant = from.chance(person.curiosity)
  const merchant = isNewMerchant
    ? market.choose(category.name, from)
    : from.pick(person.regular.get(category.name) ?? [])
  const at = midnight + Math.round(hourOfDay(person, from) * hour) + from.below(hour)
  const device = deviceOf(person, at, from)
  const isInApp = merchant.app && from.chance(person.inApps)
  const amount = amountAt(merchant, person.level, from)
  const network =
    trip?.network ?? (from.chance(person.outside) ? outsideNetwork(person, from) : from.pick(person.household.networks))
  return {
    event: {
      kind: 'authentication',
      at,
      id: '',
      card: person.card,
      cardholder: person.cardholder,
      device: isInApp ? installed(device, merchant) : referenceOf(device, merchant, from),
      network: isInApp ? undefined : networkOf(addressIn(network, from)),
      areq: {
        ...purchase(merchant, amount),
        ...(isInApp
          ? { deviceChannel: '01' }
          : {
              deviceChannel: '02',
              browserLanguage: person.language,
              browserTZ: trip?.timeZone ?? '-540',
            }),
        threeDSRequestorAuthenticationInd: merchant.accounts && isNewMerchant && from.chance(0.1) ? '04' : '01',
        acctInfo: merchant.accounts ? accountInfo(isNewMerchant, from) : { chAccAgeInd: '01' },
        merchantRiskIndicator: category.digital
          ? { shipIndicator: '05', ...(category.mcc === '5947' && { giftCardAmount: String(amount) }) }
          : { shipIndicator: from.chance(0.85) ? '01' : from.pick(['02', '03', '04']) },
      },
    },
    answers: { code: from.chance(0.97), device: person.approvesOnDevice && from.chance(0.98) },
  }
}

/** The elements of merchant and amount; `amount` in yen. */
export function purchase(merchant: Merchant, amount: number) {
  const minorUnits = Math.max(Math.round(amount / (yenPerMinorUnit[merchant.currency] ?? 1)), 1)
  return {
    messageCategory: '01',
    acquirerBIN: merchant.acquirerBIN,
    acquirerMerchantID: merchant.acquirerMerchantID,
    mcc: merchant.category.mcc,
    merchantCountryCode: merchant.country,
    purchaseAmount: String(minorUnits),
    purchaseCurrency: merchant.currency,
    purchaseExponent: merchant.currency === '392' || merchant.currency === '410' ? '0' : '2',
  } as const satisfies Partial<Authentication['areq']>
}

function subscription({ card, cardholder }: Person, at: Instant, merchant: Merchant, amount: number): Labelled {
  return {
    event: {
      kind: 'authentication',
      at,
      id: '',
      card,
      cardholder,
      areq: { deviceChannel: '03', ...purchase(merchant, amount), threeRIInd: '01' },
    },
    answers: { code: false, device: false },
  }
}

/** Most buy in the evening, some at lunch or during the day; 26 is two o'clock of the next morning. */
function hourOfDay({ shift }: Person, from: Random): number {
  const part = from.next()
  const hours =
    part < 0.55 ? 20.5 + 1.8 * from.normal() : part < 0.75 ? 12.3 + 0.8 * from.normal() : 8 + 15 * from.next()
  return Math.max(hours + shift, 0)
}

function deviceOf({ devices, household }: Person, at: Instant, from: Random): Device {
  if (from.chance(0.04)) return household.tablet
  const owned = devices.filter(({ since }) => since <= at)
  // The newest, mostly: a new phone replaces the old one.
  return from.chance(0.7) ? (owned.at(-1) ?? household.tablet) : from.pick(owned)
}

/** sdkAppID: one for each installation of an app. */
function installed({ reference }: Device, { acquirerMerchantID }: Merchant): string {
  return `${reference} app ${acquirerMerchantID}`
}

/** What the 3DS Method shows of a device at a merchant. */
function referenceOf({ forgets, partitions, reference }: Device, merchant: Merchant, from: Random): string | undefined {
  if (forgets || !merchant.threeDSMethod || from.chance(0.06)) return undefined
  return partitions ? `${reference} ${merchant.acquirerMerchantID}` : reference
}

function outsideNetwork({ mobile, work }: Person, from: Random): string {
  return work && from.chance(0.3) ? work : from.pick(mobile)
}

function accountInfo(isNewMerchant: boolean, from: Random) {
  return {
    chAccAgeInd: isNewMerchant ? from.pick(['02', '02', '03', '04', '05']) : from.chance(0.9) ? '05' : '04',
    ...(from.chance(0.02) && { chAccPwChangeInd: '03' }),
    shipAddressUsageInd: from.chance(isNewMerchant ? 0.4 : 0.06) ? '01' : '04',
  }
}
