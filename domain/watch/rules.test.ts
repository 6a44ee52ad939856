import { describe, expect, test } from 'vitest'
import type { Authentication, Ended } from '#domain/risk/history/event.ts'
import { applyEvent, emptyRows, hour, type Rows } from '#domain/risk/history/rows.ts'
import { authentication, ended, noon, rates } from '#domain/risk/history/testing/authentication.ts'
import fc from '#domain/testing/fast-check.ts'
import { isWatchOnly, type WatchEvent } from './event.ts'
import { countedBy, type Hit, hitsOf, type Observation } from './rules.ts'

/** The rows of every card, merchant, network and device, as the worker keeps them, for one stream of events. */
class Stream {
  readonly #rows = new Map<string, unknown>()
  readonly #counts = new Map<string, Set<string>>()
  readonly hits: Hit[] = []

  see(event: WatchEvent, more: Pick<Observation, 'decision'> = {}): readonly Hit[] {
    const before = this.#read(event)
    const after = isWatchOnly(event) ? before : applyEvent(before, event, rates)
    for (const [name, row] of Object.entries(after)) this.#rows.set(this.#key(name, event), row)
    const hits = hitsOf({ event, before, after, ...this.#count(event), ...more })
    this.hits.push(...hits)
    return hits
  }

  #read(event: WatchEvent): Rows {
    const rows = Object.entries(emptyRows).map(([name, empty]) => [
      name,
      this.#rows.get(this.#key(name, event)) ?? empty,
    ])
    return Object.fromEntries(rows)
  }

  #key(name: string, event: WatchEvent): string {
    const payment = event.kind === 'ended' ? event.authentication : event
    const keys = payment as Partial<Authentication>
    const merchant = keys.areq?.acquirerMerchantID
    return `${name} ${name === 'merchant' ? merchant : (keys[name as 'card'] ?? '')}`
  }

  #count(event: WatchEvent): { counted?: number } {
    const by = countedBy(event)
    if (!by) return {}
    const key = `${by.name} ${by.subject}`
    const seen = this.#counts.get(key) ?? new Set()
    this.#counts.set(key, seen.add(by.once ?? String(seen.size)))
    return { counted: seen.size }
  }
}

const minute = 60_000
const asked = (changes: Partial<Authentication> = {}) => authentication(changes)
const refused = (changes: Partial<Authentication> = {}) => authentication({ ...changes, result: 'refused' })
const frictionless = (changes: Partial<Authentication> = {}) => authentication({ ...changes, result: 'frictionless' })
const failed = (payment: Authentication): Ended => ended(payment, 'failed')
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const later = (index: number) => noon + index * minute
const zone = (browserTZ: string) => ({ ...authentication().areq, browserTZ })
const declined = (at: number, cardholder = 'cardholder-1') =>
  ({ kind: 'request-declined', at, card: 'card-1', cardholder }) as const
const wrong = (card: string, network: string | undefined = 'cafe') =>
  ({ kind: 'codes-wrong', at: noon, card, network }) as const

/** What the stream says at the end: rule, subject, and the notice that the last event causes. */
const scenarios: readonly (readonly [
  words: string,
  events: readonly WatchEvent[],
  found: readonly string[],
  notice?: string,
])[] = [
  ['a purchase like any other', [asked()], []],
  ['a day with five purchases', times(5, i => frictionless({ at: noon + i * 2 * hour })), []],
  [
    'three attempts until one is passed',
    [...times(2, i => failed(asked({ at: later(i) }))), ended(asked(), 'passed')],
    [],
  ],
  [
    'nine payments of one card in nine minutes',
    times(9, i => frictionless({ at: later(i) })),
    ['card-burst card card-1'],
  ],
  [
    'three challenges of one card that were not passed',
    times(3, i => failed(asked({ at: later(i) }))),
    ['card-failures card card-1'],
    'unusual-payments',
  ],
  [
    'three payments of one card that may not be used',
    times(3, i => authentication({ at: later(i), result: 'failed' })),
    ['card-failures card card-1'],
    'unusual-payments',
  ],
  ['three failures of one card in three days', times(3, i => failed(asked({ at: noon + i * 24 * hour }))), []],
  [
    'a browser in Europe an hour after a payment at home',
    [frictionless(), asked({ at: noon + hour, device: 'other', network: 'other', areq: zone('-60') })],
    ['travel card card-1'],
  ],
  [
    'the same, refused',
    [frictionless(), refused({ at: noon + hour, device: 'other', network: 'other', areq: zone('-60') })],
    ['travel card card-1'],
    'unusual-payments',
  ],
  [
    'a browser in Europe fourteen hours after a payment at home: a flight',
    [frictionless(), asked({ at: noon + 14 * hour, device: 'other', network: 'other', areq: zone('-60') })],
    [],
  ],
  [
    'the cardholder’s own notebook with the clock of another place',
    [frictionless(), asked({ at: noon + hour, areq: zone('480') })],
    [],
  ],
  [
    'a thief in the neighbouring time zone',
    [frictionless(), asked({ at: noon + hour, device: 'other', network: 'other', areq: zone('-480') })],
    [],
  ],
  [
    'a browser that names no time zone',
    [frictionless(), asked({ at: noon + hour, device: 'other', network: 'other', areq: zone('somewhere') })],
    [],
  ],
  [
    'twelve cards of an office, all passed',
    times(12, i => frictionless({ at: later(i), card: `card-${i}`, device: `device-${i}` })),
    [],
  ],
  [
    'twelve cards in one network, five of them failed',
    [
      ...times(5, i => failed(asked({ at: later(i), card: `card-${i}`, device: `device-${i}` }))),
      ...times(12, i => asked({ at: later(i), card: `card-${i}`, device: `device-${i}` })),
    ],
    ['network-cards network home'],
  ],
  [
    'five cards on one device',
    times(5, i => asked({ at: later(i), card: `card-${i}` })),
    ['device-cards device phone'],
  ],
  ['a tablet with the four cards of a family', times(4, i => frictionless({ at: later(i), card: `card-${i}` })), []],
  [
    'five card numbers that do not exist, from one network and browser',
    times(5, i => refused({ at: later(i), card: undefined, cardholder: undefined })),
    ['unknown-cards network home', 'unknown-cards device phone'],
  ],
  [
    'eighteen of them at one merchant, from everywhere',
    times(18, i =>
      refused({ at: noon + i * 1000, card: undefined, cardholder: undefined, network: `n-${i}`, device: `d-${i}` }),
    ),
    ['unknown-cards merchant ds 400001 merchant-1'],
  ],
  [
    'six card numbers mistyped behind an address where eight cards pay',
    [
      ...times(8, i => frictionless({ at: later(i), card: `card-${i}`, device: `device-${i}` })),
      ...times(6, i => refused({ at: later(8 + i), card: undefined, cardholder: undefined, device: `d-${i}` })),
    ],
    [],
  ],
  ['one card number mistyped twice', times(2, i => refused({ at: later(i), card: undefined })), []],
  ['a request on the phone declined once', [declined(noon)], []],
  [
    'three requests declined',
    times(3, i => declined(later(i))),
    ['declined-requests cardholder cardholder-1'],
    'unusual-requests',
  ],
  ['three cardholders who decline one each', times(3, i => declined(noon, `cardholder-${i}`)), []],
  ['all codes of one card wrong, three times', times(3, () => wrong('card-1')), []],
  [
    'all codes of three cards wrong, from one network',
    times(3, i => wrong(`card-${i}`)),
    ['guessed-codes network cafe'],
  ],
  ['the same in apps, which name no network', times(3, i => ({ ...wrong(`card-${i}`), network: undefined })), []],
  [
    'text messages near the cap of a merchant',
    [{ kind: 'sms-cap-near', at: noon, cap: 'merchant', of: 'a1', count: 1600 }],
    ['sms-pumping sms merchant a1'],
  ],
  [
    'text messages near the cap of the day',
    [{ kind: 'sms-cap-near', at: noon, cap: 'day', of: '', count: 80_000 }],
    ['sms-pumping sms day'],
  ],
  [
    'a report of the cardholder, which has notices of its own',
    [{ kind: 'reported', at: noon, card: 'card-1', cardholder: 'cardholder-1' }],
    ['report cardholder cardholder-1'],
  ],
]

describe('the watch', () => {
  test.each(
    scenarios.map(([words, events, found, notice]) => ({ words, events, found, notices: notice ? [notice] : [] })),
  )('sees in $words what it is', ({ events, found, notices }) => {
    const stream = new Stream()
    const last = events.map(event => stream.see(event)).at(-1) ?? []
    const all = stream.hits.map(({ rule, subject }) => `${rule} ${subject.kind} ${subject.key}`)
    expect([...new Set(all)].sort()).toEqual([...found].sort())
    expect(last.flatMap(hit => hit.notice ?? [])).toEqual(notices)
  })

  test('tells the cardholder of a payment that was refused as unusual, once, whatever else it finds', () => {
    const stream = new Stream()
    for (const payment of times(3, i => asked({ at: later(i) }))) stream.see(failed(payment))
    const hits = stream.see(refused({ at: later(3) }), { decision: 'suspected' })
    expect(hits.map(({ rule, notice }) => [rule, notice])).toEqual([
      ['refused-payment', 'payment-refused'],
      ['card-failures', undefined],
    ])
  })

  test('says nothing to the cardholder about a refusal of a card that may not be used', () => {
    expect(new Stream().see(refused(), { decision: 'card-stolen' })).toEqual([])
  })
})

test('[Req 318, 319] a payment that passes without a question never causes a notice, whatever came before', () => {
  const kinds = fc.constantFrom('failed', 'refused', 'asked', 'frictionless', 'elsewhere')
  fc.assert(
    fc.property(fc.array(kinds, { maxLength: 30 }), before => {
      const stream = new Stream()
      for (const [index, kind] of before.entries()) {
        const payment = asked({ at: later(index) })
        if (kind === 'failed') stream.see(failed(payment))
        else if (kind === 'elsewhere') stream.see({ ...payment, device: 'x', network: 'x', areq: zone('300') })
        else stream.see({ ...payment, ...(kind !== 'asked' && { result: kind }) })
      }
      const passed = { at: later(before.length), device: 'y', network: 'y', areq: zone('-60') }
      for (const event of [frictionless(passed), ended(asked(passed)), ended(asked(passed), 'passed'), asked(passed)])
        expect(stream.see(event, { decision: 'card-stolen' }).filter(({ notice }) => notice)).toEqual([])
    }),
  )
})

test('a hit counts what was found, and names one alert an hour or day', () => {
  const stream = new Stream()
  const hits = times(5, i => refused({ at: later(i), card: undefined, network: 'n', device: undefined })).map(event =>
    stream.see(event),
  )
  expect(hits.map(list => list.length)).toEqual([0, 0, 0, 0, 1])
  expect(hits.at(-1)).toEqual([
    { rule: 'unknown-cards', per: hour, notice: undefined, subject: { kind: 'network', key: 'n' }, count: 5 },
  ])
})
