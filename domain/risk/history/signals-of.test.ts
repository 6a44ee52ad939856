import { describe, expect, test } from 'vitest'
import { generateHistory } from '#domain/risk/generator/generate.ts'
import { yenPerMinorUnit } from '#domain/risk/generator/market.ts'
import type { Ended, RiskEvent } from './event.ts'
import { networkOf } from './network.ts'
import { applyEvent, day, emptyRows, hour, type Rows } from './rows.ts'
import { signalTable } from './signal-table.ts'
import { signalsOf } from './signals-of.ts'
import { authentication, ended, noon, rates } from './testing/authentication.ts'

/** Rows after events. */
function rowsAfter(...events: readonly RiskEvent[]): Rows {
  return events.reduce((rows, event) => applyEvent(freeze(rows), event, rates), emptyRows)
}

/** Writing to what was frozen throws. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

const usual = authentication()
/** Ten payments on ten days, which ended well. */
const tenDays = Array.from({ length: 10 }, (_, i) => {
  const payment = authentication({ at: noon - (10 - i) * day })
  return [payment, ended(payment)]
}).flat()

const signalsAfter = (events: readonly RiskEvent[], request = usual) =>
  signalsOf(request, rowsAfter(...events), rates, request.at)

describe('the signals', () => {
  test('of a usual payment say that it is usual', () => {
    const signals = signalsAfter(tenDays)
    expect(signals).toMatchObject({
      amount: 5000,
      cardPayments: 10,
      merchantPayments: 10,
      categoryShare: 1,
      countryShare: 1,
      hourShare: 1,
      settingsShare: 1,
      deviceProved: false,
      daysSinceContactChange: 999,
    })
    expect(signals.deviceDays).toBeCloseTo(10)
    expect(signals.networkDays).toBeCloseTo(10)
    expect(Math.abs(signals.amountDeviation ?? 9)).toBeLessThan(1)
  })

  test('of a thief differ in each habit', () => {
    const thief = authentication({
      device: 'thief',
      network: 'elsewhere',
      at: noon + 12 * hour,
      areq: {
        ...usual.areq,
        browserLanguage: 'ru',
        mcc: '5732',
        merchantCountryCode: '840',
        acquirerMerchantID: 'merchant-2',
        purchaseAmount: '200000',
      },
    })
    expect(signalsAfter(tenDays, thief)).toMatchObject({
      merchantPayments: 0,
      categoryShare: 0,
      countryShare: 0,
      hourShare: 0,
      settingsShare: 0,
      deviceDays: -1,
      networkDays: -1,
    })
    expect(signalsAfter(tenDays, thief).amountOfUsual).toBeGreaterThan(30)
    expect(signalsAfter(tenDays, thief).amountDeviation).toBeGreaterThan(8)
  })

  test('are unknown, not zero, where nothing is known', () => {
    const bare = authentication({
      device: undefined,
      network: undefined,
      areq: { deviceChannel: '02', messageCategory: '02' },
    })
    const areq = { deviceChannel: '02', messageCategory: '02' } as const
    const signals = signalsOf({ ...bare, areq }, emptyRows, rates, noon)
    for (const name of ['amount', 'amountOfUsual', 'deviceDays', 'networkDays', 'categoryShare', 'accountAge'] as const)
      expect(signals[name], name).toBeUndefined()
  })

  test('of a payment in an app leave unknown what an app does not tell', () => {
    const { browserLanguage, browserTZ, ...areq } = { ...usual.areq, deviceChannel: '01' as const }
    const inApp = { ...usual, areq }
    const signals = signalsOf({ ...inApp, network: undefined }, rowsAfter(...tenDays), rates, noon)
    expect([signals.settingsShare, signals.networkDays]).toEqual([undefined, undefined])
    expect(signalsOf(inApp, rowsAfter(...tenDays), rates, noon).networkDays).toBeCloseTo(10)
  })

  test('convert by the issuer’s table, and are above every threshold in a currency that it does not have', () => {
    const inCurrency = (purchaseCurrency: string) =>
      signalsAfter([], authentication({ areq: { ...usual.areq, purchaseAmount: '1000', purchaseCurrency } })).amount
    expect(inCurrency('840')).toBe(1500)
    expect(inCurrency('978')).toBe(12_000_000)
    expect(inCurrency('constructor')).toBe(12_000_000)
  })

  test('have the type that the table declares, and no other names', () => {
    const names = Object.keys(signalTable).toSorted()
    let rows = emptyRows
    for (const { event } of generateHistory({ seed: 5, cards: 20, days: 120 })) {
      if (event.kind === 'authentication') {
        const signals = signalsOf(event, rows, yenPerMinorUnit, event.at)
        expect(Object.keys(signals).toSorted()).toEqual(names)
        for (const [name, value] of Object.entries(signals)) {
          const { type } = signalTable[name as keyof typeof signalTable]
          if (value !== undefined) expect(typeof value, name).toBe(type === 'text' ? 'string' : type)
          if (typeof value === 'number') expect(value, name).toSatisfy(Number.isFinite)
        }
        rows = applyEvent(applyEvent(rows, event, yenPerMinorUnit), ended(event), yenPerMinorUnit)
      } else rows = applyEvent(rows, event, yenPerMinorUnit)
    }
    // All of them in the rows of one card, as if it were used everywhere: still a few kilobytes.
    expect(JSON.stringify(rows).length).toBeLessThan(16_000)
  })
})

describe('what the rows learn', () => {
  test('a payment that ended badly is no habit, but a failure', () => {
    const thief = authentication({ device: 'thief' })
    const signals = signalsAfter([...tenDays, thief, ended(thief, 'failed')], thief)
    expect(signals.deviceDays).toBe(-1)
    expect(signals.cardPayments).toBe(10)
    expect(signals.failuresDay).toBeCloseTo(1)
    expect(signals.deviceFailuresDay).toBeCloseTo(1)
  })

  test('a thief is not known for having paid a small amount unasked and waited', () => {
    const thief = authentication({ device: 'thief', network: 'elsewhere', at: noon - 8 * day })
    const signals = (result: Ended['result']) =>
      signalsAfter([...tenDays, thief, ended(thief, result)], { ...thief, at: noon })
    expect(signals('frictionless')).toMatchObject({ deviceDays: -1, networkDays: -1 })
    expect(signals('passed').deviceDays).toBeCloseTo(8)
    // Nor do many such payments displace what is known.
    const many = Array.from({ length: 40 }, (_, i) => authentication({ device: `d${i}`, network: `n${i}` }))
    const after = signalsAfter([...tenDays, ...many.flatMap(each => [each, ended(each)])])
    expect(after.deviceDays).toBeCloseTo(10)
    expect(after.networkDays).toBeCloseTo(10)
  })

  test('a new browser at home, and the known phone in another network, become known', () => {
    const [tablet, outside] = [authentication({ device: 'tablet' }), authentication({ network: 'outside' })]
    const events = [...tenDays, tablet, ended(tablet), outside, ended(outside)]
    expect(signalsAfter(events, tablet).deviceDays).toBe(0)
    expect(signalsAfter(events, outside).networkDays).toBe(0)
  })

  test('what we refuse makes no one a suspect', () => {
    expect(signalsAfter([usual, ended(usual, 'refused')])).toMatchObject({ failuresDay: 0, networkFailuresDay: 0 })
  })

  test('no one can fill the counters of a card for weeks', () => {
    const huge = authentication({ areq: { ...usual.areq, purchaseAmount: '9'.repeat(48) } })
    const attempts = Array.from({ length: 500 }, () => huge).flatMap(each => [each, ended(each, 'failed')])
    const later = (days: number) => signalsAfter(attempts, authentication({ at: noon + days * day }))
    expect(later(7).failuresDay).toBeLessThan(0.3)
    expect(later(7).cardSumDay).toBeLessThan(150_000)
  })

  test('a final answer teaches as much as an end of its own', () => {
    for (const result of ['frictionless', 'failed', 'refused'] as const)
      expect(rowsAfter({ ...usual, result })).toEqual(rowsAfter(usual, ended(usual, result)))
  })

  test('the same merchant id of another directory server is another merchant', () => {
    expect(signalsAfter(tenDays, { ...usual, directoryServer: 'another' }).merchantPayments).toBe(0)
  })

  test('a network remembers the cards of one day only', () => {
    const older = authentication({ card: 'card-2', at: noon - 25 * hour })
    expect(rowsAfter(older, usual).network.cards.map(({ key }) => key)).toEqual(['card-1'])
  })

  test('a device is proved by a challenge that was passed on it', () => {
    expect(signalsAfter([usual, ended(usual, 'passed')]).deviceProved).toBe(true)
  })

  test('after a report nothing is trusted that is less than 30 days old', () => {
    const old = authentication({ at: noon - 40 * day, device: 'old phone' })
    const report = { kind: 'reported', at: noon, card: 'card-1', cardholder: 'cardholder-1' } as const
    const signals = (device: string) => signalsAfter([old, ended(old), ...tenDays, report], authentication({ device }))
    expect(signals('phone').deviceDays).toBe(-1)
    expect(signals('old phone').deviceDays).toBeCloseTo(40)
    expect(signals('phone').daysSinceReport).toBe(0)
  })

  test('attempts count, however they end', () => {
    const signals = signalsAfter([usual, usual, usual])
    expect(signals.cardCountHour).toBe(3)
    expect(signals.cardSumDay).toBe(20_000)
    expect(signals.cardPayments).toBe(0)
  })

  test('numbers that are not cards count at the merchant, in the network and on the device', () => {
    const unknown = Array.from({ length: 5 }, () => authentication({ card: undefined, cardholder: undefined }))
    const signals = signalsAfter(unknown)
    expect([signals.merchantUnknownHour, signals.networkUnknownHour, signals.deviceUnknownHour]).toEqual([5, 5, 5])
  })

  test('events out of order never make a number that is not finite', () => {
    const payments = [5, -3, 100, 0].map(hours => authentication({ at: noon + hours * hour }))
    for (const value of Object.values(signalsAfter(payments.flatMap(each => [each, ended(each)]))))
      if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite)
  })
})

test.each([
  ['192.0.2.77', 'c00002'],
  ['::ffff:192.0.2.1', 'c00002'],
  ['2001:db8:12:34::1', '20010db80012'],
  ['2001:DB8:12:ffff::2', '20010db80012'],
  ['not an address', undefined],
  ['', undefined],
  [undefined, undefined],
])('the network of %s is %s', (address, network) => expect(networkOf(address)).toBe(network))
