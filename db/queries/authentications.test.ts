import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, disconnect } from '../client.ts'
import { type FreshDatabase, freshDatabase } from '../testing/database.ts'
import { type Authentication, findAuthentication, insertAuthentication } from './authentications.ts'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
  connect(database.url)
})

afterAll(async () => {
  await disconnect()
  await database.drop()
})

function authentication(fields: Partial<Authentication> = {}): Authentication {
  return {
    id: randomUUID(),
    acsTransID: randomUUID(),
    directoryServer: 'demo',
    dsTransID: randomUUID(),
    areqHmac: randomBytes(32),
    cardId: null,
    decision: 'card-unknown',
    areq: { merchantName: '喫茶 "ことり" \\ 本店\n', purchaseAmount: '1200', nested: { list: ['1', null, true] } },
    ares: { transStatus: 'N' },
    createdAt: Date.parse('2026-03-04T05:06:07.089Z'),
    ...fields,
  }
}

test('stores simultaneous purchases unchanged', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => authentication({ ares: { transStatus: 'N', index } }))
  expect(await Promise.all(rows.map(insertAuthentication))).toEqual(rows.map(() => true))
  for (const { dsTransID, areq, areqHmac, ares } of rows) {
    expect(await findAuthentication('demo', dsTransID)).toEqual({ areq, areqHmac, ares })
  }
})

test('stores a dsTransID that arrives several times at once only once for each directory server', async () => {
  const dsTransID = randomUUID()
  const together = ['demo', 'other', 'demo', 'demo', 'other'].map(directoryServer =>
    insertAuthentication(authentication({ directoryServer, dsTransID })),
  )
  const written = await Promise.all(together)
  expect(written.filter(Boolean)).toHaveLength(2)
  expect(await insertAuthentication(authentication({ dsTransID: dsTransID.toUpperCase() }))).toBe(false)
})

test('a purchase that cannot be stored does not fail others of its batch', async () => {
  const unknownCard = authentication({ cardId: randomUUID() })
  const rows = [authentication(), authentication(), unknownCard, authentication()]
  const results = await Promise.allSettled(rows.map(insertAuthentication))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
})
