import { afterAll, beforeAll, expect, test } from 'vitest'
import { cardNumber } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { listCards } from './cards.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

test('lists the cardholder’s own cards, each with its last four digits and state', async () => {
  const line = { cardholderId: 'somebody', names: {}, language: 'ja', status: 'active', expiry: '2036-12' }
  const [expired, stolen, closed, usable] = [1, 2, 3, 4].map(index => cardNumber(index))
  await at.importList([
    { ...line, cardNumber: expired, expiry: '2020-03' },
    { ...line, cardNumber: stolen, status: 'stolen' },
    { ...line, cardNumber: closed, status: 'closed' },
    { ...line, cardNumber: usable },
  ])
  const [row] = await at.sql`select id from cardholders where issuer_ref = 'somebody'`
  const actor = { cardholderId: String(row?.id), sessionId: '', language: 'ja', strongAt: undefined } as const
  const shown = await listCards(actor)
  expect(shown.map(({ lastFour, state }) => [lastFour, state])).toEqual(
    [
      [usable, 'usable'],
      [expired, 'expired'],
      [stolen, 'stopped'],
      [closed, 'stopped'],
    ].map(([number, state]) => [number?.slice(-4), state]),
  )
  expect(shown[0]?.expiresAt).toBe(Date.parse('2037-01-01T00:00:00+09:00'))
  for (const number of [usable, expired]) expect(JSON.stringify(shown)).not.toContain(number)
})
