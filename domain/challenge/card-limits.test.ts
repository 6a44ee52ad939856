import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import {
  type Counted,
  judgeAfterWrong,
  judgeCode,
  judgePush,
  judgeSend,
  mostInARow,
  type PushLimit,
  type SendLimit,
  type WrongFacts,
  type WrongLimit,
  wrongCodesLeft,
} from './card-limits.ts'
import { policy } from './policy.ts'

const { limits, wrongCodes } = policy
/** 12:30 in Japan. */
const now = Date.UTC(2026, 10, 28, 3, 30)
const endOfHour = Date.UTC(2026, 10, 28, 4)
const endOfDay = Date.UTC(2026, 10, 28, 15)

const unknown = (counts: Partial<Record<WrongLimit, number>> = {}, inARow = 0): WrongFacts => ({
  client: 'unknown-client',
  inARow,
  counted: Object.entries(counts).map(([limit, count]) => ({ limit: limit as WrongLimit, count })),
})

describe('a code', () => {
  test.each([
    ['nothing was wrong', unknown(), { kind: 'permitted' }],
    ['this browser or network has one try left', unknown({ wrongByOne: 9 }), { kind: 'permitted' }],
    ['this browser or network has failed ten times', unknown({ wrongByOne: 10 }), { kind: 'limited', until: endOfDay }],
    ['the merchant has had twenty', unknown({ wrongAtMerchant: 20 }), { kind: 'limited', until: endOfDay }],
    ['unknown clients have failed thirty times', unknown({ wrongOfCard: 30 }), { kind: 'limited', until: endOfDay }],
    [
      'the network has failed 300 times at other cards',
      unknown({ wrongByOne: 0, wrongFromNetwork: 300 }),
      { kind: 'permitted' },
    ],
    [
      'a busy network has not failed at this card',
      unknown({ wrongByOne: 0, wrongFromNetwork: 60 }),
      { kind: 'permitted' },
    ],
    [
      'a busy network has failed at this card',
      unknown({ wrongByOne: 1, wrongFromNetwork: 60 }),
      { kind: 'limited', until: endOfHour },
    ],
    [
      'the deployment has failed 5,000 times, this network not at this card',
      unknown({ wrongByOne: 0, wrongOfDeployment: 5000 }),
      { kind: 'permitted' },
    ],
    [
      'the deployment has failed 5,000 times, this network also at this card',
      unknown({ wrongByOne: 1, wrongOfDeployment: 5000 }),
      { kind: 'limited', until: endOfHour },
    ],
    [
      'two limits are reached: the later end',
      unknown({ wrongByOne: 10, wrongFromNetwork: 300 }),
      { kind: 'limited', until: endOfDay },
    ],
    ['the merchant has had 2,000 at other cards', unknown({ wrongThroughMerchant: 2000 }), { kind: 'permitted' }],
    [
      'the merchant has had 2,000, some at this card',
      unknown({ wrongAtMerchant: 1, wrongThroughMerchant: 2000 }),
      { kind: 'limited', until: endOfHour },
    ],
    ['unknown clients have failed 80 times in a row', unknown({}, 80), { kind: 'stopped' }],
    ['they have failed 79 times in a row', unknown({}, 79), { kind: 'permitted' }],
    ['an own browser has failed 20 times in a row', { ...unknown({}, 20), client: 'own-browser' }, { kind: 'stopped' }],
  ] as const)('where %s', (_what, facts, expected) => {
    expect(judgeCode(facts, now)).toEqual(expected)
  })

  test('may be entered exactly as often as the page says, and never again after that', () => {
    fc.assert(
      fc.property(fc.nat(10), fc.nat(20), fc.nat(30), fc.nat(80), (byOne, atMerchant, ofCard, inARow) => {
        let facts = unknown({ wrongByOne: byOne, wrongAtMerchant: atMerchant, wrongOfCard: ofCard }, inARow)
        for (let left = wrongCodesLeft(facts); left > 0; left -= 1) {
          expect(judgeCode(facts, now).kind).toBe('permitted')
          const after = judgeAfterWrong(facts, now)
          facts = {
            ...facts,
            inARow: facts.inARow + 1,
            counted: facts.counted.map(each => ({ ...each, count: each.count + 1 })),
          }
          expect(judgeCode(facts, now)).toEqual(after)
        }
        expect(judgeCode(facts, now).kind).not.toBe('permitted')
      }),
    )
  })
})

test('the two kinds of client may fail a hundred times in a row together', () => {
  expect(mostInARow('unknown-client') + mostInARow('own-browser')).toBe(wrongCodes.mostInARow)
  expect(wrongCodes.mostInARow).toBeLessThanOrEqual(100)
})

describe('what strangers can use up', () => {
  test('one network or merchant cannot exhaust what unknown clients share', () => {
    expect(limits.wrongByOne.most).toBeLessThan(limits.wrongOfCard.most)
    expect(limits.wrongAtMerchant.most).toBeLessThan(limits.wrongOfCard.most)
    expect(limits.sendsByOne.most).toBeLessThan(limits.sendsOfCard.most)
  })

  test('a day of guessing cannot stop codes', () => {
    expect(limits.wrongOfCard.most).toBeLessThan(mostInARow('unknown-client'))
  })
})

describe('a message', () => {
  const counts = (byNetwork: number, atMerchant: number, ofCard: number): Counted<SendLimit>[] => [
    { limit: 'sendsByOne', count: byNetwork },
    { limit: 'sendsByOne', count: atMerchant },
    { limit: 'sendsOfCard', count: ofCard },
  ]
  const flooded = { kind: 'flooded', until: endOfHour }

  test.each([
    [counts(0, 0, 0), { kind: 'permitted' }],
    [counts(14, 14, 29), { kind: 'permitted' }],
    [counts(15, 0, 15), flooded],
    [counts(0, 15, 15), flooded],
    [counts(1, 1, 30), flooded],
    [counts(0, 1, 30), flooded],
    // The first from a network, at a merchant where none was sent either.
    [counts(0, 0, 30), { kind: 'permitted' }],
    [counts(0, 0, 39), { kind: 'permitted' }],
    [counts(0, 0, 40), flooded],
  ])('where %j were sent', (counted, expected) => {
    expect(judgeSend(counted, now)).toEqual(expected)
  })
})

describe('a request on devices', () => {
  /** Of the client itself, at the merchant, and of all unknown clients within the hour and the day. */
  const counts = (byOne: number, atMerchant: number, ofCard = 0, inDay = ofCard): Counted<PushLimit>[] => [
    { limit: 'pushesByOne', count: byOne },
    { limit: 'pushesByOne', count: atMerchant },
    { limit: 'pushesOfCard', count: ofCard },
    { limit: 'pushesOfCardInDay', count: inDay },
  ]
  const limited = (until: number) => ({ kind: 'limited', until })
  const endOfTenMinutes = now + 10 * 60_000

  test.each([
    [counts(0, 0), { kind: 'permitted' }],
    [counts(2, 2, 5, 19), { kind: 'permitted' }],
    [counts(3, 0, 3), limited(endOfTenMinutes)],
    [counts(0, 3, 3), limited(endOfTenMinutes)],
    // Not even the first from a network: where the devices cannot be asked, a code is sent.
    [counts(0, 0, 6), limited(endOfHour)],
    [counts(3, 3, 6), limited(endOfHour)],
    [counts(0, 0, 0, 20), limited(endOfDay)],
    // An own browser shares nothing with unknown clients.
    [[{ limit: 'pushesByOne', count: 2 }], { kind: 'permitted' }],
    [[{ limit: 'pushesByOne', count: 3 }], limited(endOfTenMinutes)],
  ] as const)('after %j', (counted, expected) => {
    expect(judgePush(counted, now)).toEqual(expected)
  })

  test('by unknown clients is bounded to a few in a day, and no single client uses those up at once', () => {
    expect(limits.pushesByOne.most).toBeLessThan(limits.pushesOfCard.most)
    expect(limits.pushesOfCard.most).toBeLessThan(limits.pushesOfCardInDay.most)
  })
})
