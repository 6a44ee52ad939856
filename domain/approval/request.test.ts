import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { approvalPolicy } from './policy.ts'
import {
  isOpen,
  mayBegin,
  next,
  type RequestContent,
  type RequestEvent,
  type RequestState,
  readNumber,
  shownContent,
} from './request.ts'
import { signedText } from './signed-text.ts'

const content: RequestContent = {
  id: '0b9e0000-0000-4000-8000-000000000000',
  merchant: '茶 & "Tea"',
  amount: '12800',
  currency: '392',
  exponent: '0',
  country: '392',
  lastFour: '0005',
  number: '07',
  askedAt: '2027-06-01T01:00:00.000Z',
  expiresAt: '2027-06-01T01:03:00.000Z',
}

describe('the signed text', () => {
  test('is the content in canonical JSON, whatever the order of its members', () => {
    const text =
      '{"amount":"12800","askedAt":"2027-06-01T01:00:00.000Z","country":"392","currency":"392",' +
      '"expiresAt":"2027-06-01T01:03:00.000Z","exponent":"0","id":"0b9e0000-0000-4000-8000-000000000000",' +
      '"lastFour":"0005","merchant":"茶 & \\"Tea\\"","number":"07"}'
    expect(signedText(content)).toBe(text)
    const reversed = Object.fromEntries(Object.entries(content).reverse()) as unknown as RequestContent
    expect(signedText(reversed)).toBe(text)
  })

  test('leaves out members that a non-payment does not have', () => {
    const { amount: _, currency: __, exponent: ___, country: ____, ...rest } = content
    expect(JSON.parse(signedText({ ...rest, amount: undefined } as never))).toEqual(rest)
  })

  test.each(Object.keys(content) as (keyof RequestContent)[])('differs if %s differs', name => {
    expect(signedText({ ...content, [name]: `${content[name]}1` })).not.toBe(signedText(content))
  })
})

test('a device is not given the number', () => {
  const { number: _, ...rest } = content
  expect(shownContent(content)).toEqual(rest)
})

test.each([
  ['07', '07'],
  [' 0 7 ', '07'],
  ['０７', '07'],
  ['7', undefined],
  ['007', undefined],
  ['', undefined],
  ['o7', undefined],
  ['-7', undefined],
  ['７.', undefined],
  ['0'.repeat(10_000), undefined],
])('the number %j is read as %s', (entered, read) => {
  expect(readNumber(entered)).toBe(read)
})

const ended = ['approved', 'declined', 'reported', 'wrong-number', 'expired', 'withdrawn'] as const
const states: readonly RequestState[] = ['waiting', 'number-entered', ...ended]
const events: readonly RequestEvent[] = [
  { kind: 'number', entered: '07' },
  { kind: 'number', entered: '08' },
  { kind: 'number', entered: '' },
  { kind: 'signed' },
  { kind: 'declined' },
  { kind: 'reported' },
  { kind: 'withdrawn' },
  { kind: 'tick' },
]
const step = (state: RequestState, event: RequestEvent, now = 999) =>
  next({ state, number: '07', expiresAt: 1000 }, event, now)

describe('a request', () => {
  test.each([
    [
      'waiting',
      ['number-entered', 'wrong-number', 'wrong-number', 'waiting', ...ended.slice(1, 3), 'withdrawn', 'waiting'],
    ],
    [
      'number-entered',
      [
        ...['number-entered', 'wrong-number', 'wrong-number', 'approved', 'declined', 'reported', 'withdrawn'],
        'number-entered',
      ],
    ],
  ] as const)('that is %s goes on as the events say', (state, expected) => {
    expect(events.map(event => step(state, event))).toEqual(expected)
  })

  test('is approved only by a signature after the right number', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 6 }), happened => {
        let state: RequestState = 'waiting'
        for (const event of happened) state = step(state, event)
        if (state !== 'approved') return
        const signed = happened.findIndex(({ kind }) => kind === 'signed')
        const number = happened.findIndex(event => event.kind === 'number')
        expect(happened[number]).toEqual({ kind: 'number', entered: '07' })
        expect(number).toBeLessThan(happened.findLastIndex(({ kind }) => kind === 'signed'))
        expect(signed).toBeGreaterThanOrEqual(0)
      }),
      { seed: 7 },
    )
  })

  test.each(ended)('that is %s never changes', state => {
    for (const event of events) for (const now of [0, 999, 1000]) expect(step(state, event, now)).toBe(state)
  })

  test('expires at its last millisecond, whatever arrives', () => {
    for (const state of states.filter(isOpen))
      for (const event of events) expect(step(state, event, 1000)).toBe('expired')
  })
})

describe('a cardholder', () => {
  const { lifetime, requests } = approvalPolicy
  const request = (createdAt: number, state: RequestState = 'declined') => ({
    state,
    createdAt,
    expiresAt: createdAt + lifetime,
  })

  test('is asked three times in ten minutes', () => {
    const two = [request(0), request(1)]
    expect(mayBegin(two, 2)).toBe('permitted')
    expect(mayBegin([...two, request(2)], 3)).toBe('too-many')
    expect(mayBegin([...two, request(2)], requests.window - 1)).toBe('too-many')
    expect(mayBegin([...two, request(2)], requests.window)).toBe('permitted')
  })

  test('is asked about one payment at a time', () => {
    expect(mayBegin([], 0)).toBe('permitted')
    for (const state of ['waiting', 'number-entered'] as const) {
      expect(mayBegin([request(0, state)], lifetime - 1)).toBe('another-is-open')
      expect(mayBegin([request(0, state)], lifetime)).toBe('permitted')
    }
  })
})
