import { expect, test } from 'vitest'
import { approvesLargerFrom, mayApprove, readSubscription } from './device.ts'

const at = (time: string) => Date.parse(`${time}+09:00`)

test('a new device approves larger purchases from the third business day on', () => {
  const createdAt = at('2027-06-04T12:00:00')
  const from = at('2027-06-09T00:00:00')
  expect(approvesLargerFrom(createdAt)).toBe(from)
  expect(mayApprove({ createdAt }, true, from - 1)).toBe(false)
  expect(mayApprove({ createdAt }, true, from)).toBe(true)
  expect(mayApprove({ createdAt }, false, createdAt)).toBe(true)
})

test('reads the subscription of a browser, and nothing else', () => {
  const keys = { p256dh: `B${'a'.repeat(86)}`, auth: 'a'.repeat(22) }
  const whole = { endpoint: 'https://push.example/1', expirationTime: null, keys }
  expect(readSubscription(JSON.stringify(whole))).toEqual({ endpoint: whole.endpoint, keys })
  const odd = readSubscription(JSON.stringify({ ...whole, endpoint: 'https://push.example/\u0000\ud800' }))
  expect(odd?.endpoint).toBe('https://push.example/%00%EF%BF%BD')
  for (const wrong of [
    'nonsense',
    'null',
    JSON.stringify({ ...whole, endpoint: 'javascript:alert(1)' }),
    JSON.stringify({ ...whole, endpoint: `https://push.example/${'a'.repeat(1000)}` }),
    JSON.stringify({ ...whole, keys: { ...keys, auth: '' } }),
    JSON.stringify({ ...whole, keys: { ...keys, p256dh: `A${'a'.repeat(86)}` } }),
  ])
    expect(readSubscription(wrong)).toBeUndefined()
})
