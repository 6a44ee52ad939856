import { randomUUID } from 'node:crypto'
import { send } from './raw.ts'
import { cards, type Message, type Shop } from './shop.ts'
import { expect, test } from './test.ts'

// Any request to the server for directory servers gets an Erro or a plain 4xx, never a 5xx.

const json = { 'content-type': 'application/json; charset=utf-8' }

/** An AReq that would be authenticated, with new ids. */
async function goodAReq(shop: Shop): Promise<Message> {
  const { areq } = await shop.order({ amount: 1_200 })
  return { ...areq, acctNumber: cards.hanako, dsTransID: randomUUID(), threeDSServerTransID: randomUUID() }
}

test('an unreadable body is answered with Erro 101', async ({ product, shop }) => {
  const good = JSON.stringify(await goodAReq(shop))
  for (const body of [
    '',
    'no json',
    '[]',
    'null',
    '"AReq"',
    '{"messageType":"AReq"',
    good.slice(0, -1),
    `${good}x`,
    `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    good.replace('{', `{"extra":${'['.repeat(10_000)}${']'.repeat(10_000)},`),
    good.replace('{', '{"merchantName2":"\\ud800",'),
    good.replace('{', '{"\\udfff":1,'),
    good.replace('{', '{"extra":"\\u0000",'),
    Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    JSON.stringify({ messageType: 'XReq', messageVersion: '2.2.0' }),
  ]) {
    const answer = await send(product.addresses.ds, { method: 'POST', path: '/acs/areq', headers: json, body })
    expect(answer.status, String(body).slice(0, 60)).toBeLessThan(500)
    expect(answer.body).not.toMatch(/node_modules|\n\s+at /)
    if (answer.status === 200) expect(JSON.parse(answer.body)).toMatchObject({ messageType: 'Erro', errorCode: '101' })
  }
})

test('the Erro names duplicate members', async ({ product, shop }) => {
  const good = JSON.stringify(await goodAReq(shop))
  const answer = await send(product.addresses.ds, {
    method: 'POST',
    path: '/acs/areq',
    headers: json,
    body: good.replace('{', `{"acctNumber":"${cards.alex}",`),
  })
  expect(JSON.parse(answer.body)).toMatchObject({ messageType: 'Erro', errorCode: '204', errorDetail: 'acctNumber' })
  expect(answer.body).not.toContain(cards.alex)
})

test('every member as a number, an object, an array, null or a long text gets an answer of the protocol', async ({
  product,
  shop,
}) => {
  const areq = await goodAReq(shop)
  for (const name of Object.keys(areq)) {
    for (const value of [7, 1e308, -0, true, {}, [], [[]], null, '', 'x'.repeat(20_000), { __proto__: null, a: 1 }]) {
      const body = JSON.stringify({ ...areq, dsTransID: randomUUID(), [name]: value })
      const answer = await send(product.addresses.ds, { method: 'POST', path: '/acs/areq', headers: json, body })
      expect(answer.status, `${name}: ${JSON.stringify(value).slice(0, 40)}`).toBe(200)
      expect(JSON.parse(answer.body).messageType).toMatch(/^(ARes|Erro)$/)
    }
  }
})

test('names that have a meaning in JavaScript are ordinary names', async ({ product, shop }) => {
  const areq = JSON.stringify(await goodAReq(shop))
  const body = areq.replace(
    '{',
    '{"__proto__":{"transStatus":"Y"},"constructor":1,"toString":null,"hasOwnProperty":[],',
  )
  const answer = await send(product.addresses.ds, { method: 'POST', path: '/acs/areq', headers: json, body })
  expect(JSON.parse(answer.body)).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
})

test('300 kB, or another media type, method or address is refused by HTTP status', async ({ product }) => {
  const { ds } = product.addresses
  const path = '/acs/areq'
  const answers = [
    [413, await send(ds, { method: 'POST', path, headers: json, body: `{"a":"${'x'.repeat(300_000)}"}` })],
    [415, await send(ds, { method: 'POST', path, headers: { 'content-type': 'text/plain' }, body: '{}' })],
    [
      415,
      await send(ds, {
        method: 'POST',
        path,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'a=b',
      }),
    ],
    [404, await send(ds, { path })],
    [404, await send(ds, { method: 'POST', path: '/acs/areq/../../x', headers: json, body: '{}' })],
    [404, await send(ds, { method: 'POST', path: '/acs/challenge', headers: json, body: '{}' })],
    [404, await send(ds, { path: '/%E0%A4%A' })],
  ] as const
  for (const [status, answer] of answers) {
    expect(answer.status).toBe(status)
    expect(answer.body).not.toMatch(/node_modules|FST_|\n\s+at /)
  }
})

test('a used dsTransID gets the same answer again, and another AReq with it is refused', async ({ product, shop }) => {
  const areq = await goodAReq(shop)
  const post = async (message: Message) => {
    const body = JSON.stringify(message)
    return JSON.parse(
      (await send(product.addresses.ds, { method: 'POST', path: '/acs/areq', headers: json, body })).body,
    )
  }
  const first = await post(areq)
  expect(first).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
  expect(await post(areq)).toEqual(first)
  expect(await post({ ...areq, purchaseAmount: '1' })).toMatchObject({
    messageType: 'Erro',
    errorCode: '305',
    errorDetail: 'dsTransID',
  })
})
