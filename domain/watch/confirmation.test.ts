import { expect, test } from 'vitest'
import { isConfirmable, type Refusal } from './confirmation.ts'

const minute = 60_000
const raisedAt = Date.UTC(2027, 5, 1)
const refusal: Refusal = { decision: 'suspected', cardStatus: 'active', raisedAt, confirmedAt: null }

test.each<[string, Partial<Refusal>, number, ReturnType<typeof isConfirmable>]>([
  ['a refused payment, at once', {}, 0, 'confirmable'],
  ['a refused payment, a day later', {}, 24 * 60, 'over'],
  ['a payment that was confirmed 29 minutes ago', { confirmedAt: raisedAt }, 29, 'confirmed'],
  ['a payment that was confirmed 30 minutes ago', { confirmedAt: raisedAt }, 30, 'over'],
  ['a stolen card', { cardStatus: 'stolen' }, 0, 'card-unusable'],
  ['a card that was stolen after "this was me"', { cardStatus: 'stolen', confirmedAt: raisedAt }, 1, 'card-unusable'],
  ['a closed card', { cardStatus: 'closed' }, 0, 'card-unusable'],
  ['a payment that needs a device', { decision: 'device-needed' }, 0, 'device-needed'],
])('"this was me" of %s', (_words, changes, minutes, state) => {
  expect(isConfirmable({ ...refusal, ...changes }, raisedAt + minutes * minute)).toBe(state)
})
