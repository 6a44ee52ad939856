import { describe, expect, test } from 'vitest'
import {
  isOpen,
  mayReplace,
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
const states: readonly RequestState[] = ['waiting', ...ended]
const events: readonly RequestEvent[] = [
  { kind: 'signed', number: '07' },
  { kind: 'signed', number: '08' },
  { kind: 'signed', number: '' },
  { kind: 'declined' },
  { kind: 'reported' },
  { kind: 'withdrawn' },
  { kind: 'tick' },
]
const step = (state: RequestState, event: RequestEvent, now = 999) =>
  next({ state, number: '07', expiresAt: 1000 }, event, now)

describe('a request', () => {
  test('that waits goes on as the events say', () => {
    expect(events.map(event => step('waiting', event))).toEqual([
      ...['approved', 'wrong-number', 'wrong-number', 'declined', 'reported', 'withdrawn', 'waiting'],
    ])
  })

  test.each(ended)('that is %s never changes', state => {
    for (const event of events) for (const now of [0, 999, 1000]) expect(step(state, event, now)).toBe(state)
  })

  test('expires at its last millisecond, whatever arrives', () => {
    for (const state of states.filter(isOpen))
      for (const event of events) expect(step(state, event, 1000)).toBe('expired')
  })
})

test('a request of the cardholder’s own browser ends a stranger’s, and no other replaces one that is open', () => {
  expect(mayReplace('unknown-client', 'own-browser')).toBe(true)
  expect(mayReplace('own-browser', 'own-browser')).toBe(false)
  for (const other of ['own-browser', 'unknown-client'] as const)
    expect(mayReplace(other, 'unknown-client')).toBe(false)
})
