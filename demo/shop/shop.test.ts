import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Faults } from '../faults.ts'
import { freePort } from '../free-port.ts'
import { DemoClock } from '../inbox/clock.ts'
import { DirectoryServer } from './directory-server.ts'
import { startShop } from './index.ts'
import { Orders } from './orders.ts'

type Json = Record<string, unknown>

const acsTransID = '11111111-2222-4333-8444-555555555555'
const faults = new Faults()
const dataDir = mkdtempSync(join(tmpdir(), 'shop-'))
let origin = ''
let received: Json = {}
const closing: (() => Promise<unknown> | unknown)[] = []

/** Answers by the amount: 1200 authenticated, 48000 challenged, anything else an Erro. */
function answer(areq: Json): Json {
  const { messageVersion, threeDSServerTransID, dsTransID, purchaseAmount } = areq
  const ids = { messageVersion, threeDSServerTransID, dsTransID, acsTransID }
  if (purchaseAmount === '1200') return { ...ids, messageType: 'ARes', transStatus: 'Y' }
  if (purchaseAmount === '48000')
    return { ...ids, messageType: 'ARes', transStatus: 'C', acsURL: 'http://acs.localhost:9/acs/challenge' }
  if (areq.threeDSRequestorDecReqInd === 'Y') return { ...ids, messageType: 'ARes', transStatus: 'D' }
  return { ...ids, messageType: 'Erro', errorCode: '305', errorComponent: 'A' }
}

beforeAll(async () => {
  const acs = createServer(async (request, response) => {
    received = (await json(request)) as Json
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(received)))
  })
  const acsPort = await freePort()
  await new Promise<void>(resolve => acs.listen(acsPort, '127.0.0.1', resolve))
  const port = await freePort()
  origin = `http://localhost:${port}`
  const dsServer = `http://127.0.0.1:${acsPort}`
  const shop = await startShop({
    ...{ port, rreqPort: await freePort(), origin, dsServer, dsReference: 'OTHER-DS-REF-0001', faults, dataDir },
    inboxOrigin: 'http://localhost:3002',
    methodURL: 'http://acs.localhost:9/acs/method',
  })
  closing.push(
    () => shop.close(),
    () => acs.closeAllConnections(),
    () => acs.close(),
  )
})

afterAll(async () => {
  for (const close of closing) await close()
})

async function post(path: string, body: unknown): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json().catch(() => ({}))) as Json }
}

async function order(fields: Json = {}): Promise<Json> {
  return (await post('/api/orders', { card: '378282246310005', amount: 48_000, currency: 'JPY', ...fields })).body
}

async function see({ orderId }: Json): Promise<Json> {
  return (await (await fetch(`${origin}/api/orders/${orderId}`)).json()) as Json
}

/** Opens the checkout page, as the cardholder's browser does, and returns what it posts to the ACS. */
async function openCheckout({ checkoutURL }: Json) {
  const response = await fetch(String(checkoutURL))
  const page = await response.text()
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
  return { page, response, creq: field('creq'), threeDSSessionData: field('threeDSSessionData') }
}

function resultOf(placed: Json, fields: Json = {}): Json {
  const { messageVersion, threeDSServerTransID, dsTransID } = placed.areq as Json
  const ids = { messageVersion, threeDSServerTransID, dsTransID, acsTransID }
  return { messageType: 'RReq', messageCategory: '01', ...ids, transStatus: 'Y', ...fields }
}

async function comeBack(placed: Json, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(fields)
  return fetch(`${origin}/orders/${placed.orderId}/return`, { method: 'POST', body, redirect: 'manual' })
}

function cresOf(placed: Json, fields: Json = {}): string {
  const { messageVersion, threeDSServerTransID } = placed.areq as Json
  const cres = { messageType: 'CRes', messageVersion, threeDSServerTransID, acsTransID, transStatus: 'Y', ...fields }
  return Buffer.from(JSON.stringify(cres)).toString('base64url')
}

test('sends an order to the ACS in full, and shows it with the card number masked', async () => {
  const placed = await order({ amount: 1_200, locale: 'en', messageVersion: '2.1.0' })
  expect(received).toMatchObject({
    acctNumber: '378282246310005',
    messageVersion: '2.1.0',
    browserLanguage: 'en',
    merchantName: 'Kotori Store',
    dsReferenceNumber: 'OTHER-DS-REF-0001',
    dsURL: expect.stringMatching(/^http:\/\/localhost:\d+\/ds\/rreq$/),
    notificationURL: `${origin}/orders/${placed.orderId}/return`,
  })
  expect(placed).toMatchObject({ status: 'authenticated', ares: { transStatus: 'Y' }, creq: null, rreq: null })
  const pages = [JSON.stringify(placed), await (await fetch(String(placed.orderURL))).text()]
  pages.push(readFileSync(join(dataDir, 'orders.ndjson'), 'utf8'))
  for (const page of pages) expect(page).not.toContain('378282246310005')
})

test('lets a test send any AReq: fields replaced, added, and removed with null', async () => {
  await order({ areq: { mcc: '0', dsURL: null, extra: [1] }, merchantName: 'Elsewhere', email: 'hanako@shop.example' })
  expect(received).toMatchObject({ mcc: '0', extra: [1], merchantName: 'Elsewhere', email: 'hanako@shop.example' })
  expect(received).not.toHaveProperty('dsURL')
})

test('shows an error if an Erro comes instead of an ARes', async () => {
  expect(await order({ amount: 7 })).toMatchObject({ status: 'error', ares: { messageType: 'Erro', errorCode: '305' } })
})

test('answers in place of an ACS that cannot be reached, as a directory server does', async () => {
  const directoryServer = new DirectoryServer({
    areqURL: `http://127.0.0.1:${await freePort()}/acs/areq`,
    rreqPort: 3003,
    referenceNumber: 'DS',
    faults,
    orders: new Orders(mkdtempSync(join(tmpdir(), 'orders-'))),
  })
  const areq = directoryServer.prepare({ messageType: 'AReq', messageVersion: '2.1.0' }, {})
  expect(areq.dsURL).toBe('http://localhost:3003/ds/rreq')
  expect(await directoryServer.forward(areq)).toMatchObject({
    messageType: 'Erro',
    messageVersion: '2.1.0',
    errorCode: '405',
    errorComponent: 'D',
    dsTransID: areq.dsTransID,
  })
})

test.each([
  ['card', { card: '1234' }],
  ['card', { card: 378282246310005 }],
  ['amount', { amount: 12.5 }],
  ['amount', { amount: '12.00' }],
  ['currency', { currency: 'EUR' }],
  ['locale', { locale: 'fr' }],
  ['challengeInd', { challengeInd: '4' }],
  ['windowSize', { windowSize: '06' }],
  ['messageVersion', { messageVersion: 'two' }],
  ['presentation', { presentation: 'popup' }],
  ['areq', { areq: [] }],
])('refuses a wrong %s by name: %j', async (field, wrong) => {
  const answer = await post('/api/orders', { card: '378282246310005', amount: 1200, currency: 'JPY', ...wrong })
  expect(answer).toMatchObject({ status: 400, body: { field } })
})

test('answers no input with 500', async () => {
  expect((await post('/api/orders', '{"card":')).status).toBe(400)
  expect((await post('/api/orders', '[]')).status).toBe(400)
  expect((await post('/api/orders', `"${'x'.repeat(300_000)}"`)).status).toBe(413)
  expect((await fetch(`${origin}/api/orders/none`)).status).toBe(404)
  expect((await fetch(`${origin}/orders/%E0%A4%A`)).status).toBe(400)
  expect(
    (await fetch(`${origin}/checkout`, { method: 'POST', body: new URLSearchParams({ product: 'x' }) })).status,
  ).toBe(400)
  expect((await post('/ds/rreq', 'no JSON')).body).toMatchObject({ messageType: 'Erro', errorCode: '101' })
})

test('runs a challenge from CReq to result, and trusts only the RReq', async () => {
  const placed = await order({ windowSize: '03' })
  const { creq, threeDSSessionData, response } = await openCheckout(placed)
  expect(response.headers.get('content-security-policy')).toContain("form-action 'self' http://acs.localhost:9")
  expect(JSON.parse(Buffer.from(creq, 'base64url').toString())).toEqual({
    messageType: 'CReq',
    messageVersion: '2.2.0',
    threeDSServerTransID: (placed.areq as Json).threeDSServerTransID,
    acsTransID,
    challengeWindowSize: '03',
  })
  expect((await comeBack(placed, { cres: cresOf(placed), threeDSSessionData })).status).toBe(200)
  expect(await see(placed)).toMatchObject({ status: 'unconfirmed', cres: { transStatus: 'Y' } })
  const rres = (await post('/ds/rreq', resultOf(placed, { transStatus: 'N', transStatusReason: '19' }))).body
  expect(rres).toMatchObject({ messageType: 'RRes', resultsStatus: '01', acsTransID })
  expect(await see(placed)).toMatchObject({ status: 'refused', rreq: { transStatus: 'N' }, rres })
})

test('tells a cardholder who cancelled that they did, and nothing of another card', async () => {
  const placed = await order()
  await post('/ds/rreq', resultOf(placed, { transStatus: 'N', transStatusReason: '20', challengeCancel: '01' }))
  expect(await see(placed)).toMatchObject({ status: 'refused' })
  const page = await (await fetch(`${origin}/orders/${placed.orderId}?lang=en`)).text()
  expect(page).toContain('You cancelled the purchase.')
  expect(page).not.toContain('another card')
})

test('dates purchases by the clock of the demo', async () => {
  new DemoClock(dataDir).advance(86_400)
  const { areq } = await order()
  const digits = String((areq as Json).purchaseDate)
  const iso = digits.replace(/(.{4})(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6Z')
  // An hour is left for a slow machine.
  expect(Date.parse(iso) - Date.now()).toBeGreaterThan(82_800_000)
})

test.each([
  ['iframe', '01', 'width="250" height="400" allow="publickey-credentials-get http'],
  ['sandbox', '02', 'sandbox="allow-forms allow-scripts allow-same-origin allow-pointer-lock"'],
  ['strict', '04', 'width="600" height="400" sandbox="allow-forms allow-scripts"'],
])('opens the window as %s in size %s', async (presentation, windowSize, expected) => {
  expect((await openCheckout(await order({ presentation, windowSize }))).page).toContain(expected)
})

test('opens a full-screen window as a page, unless an iframe is requested', async () => {
  expect((await openCheckout(await order({ windowSize: '05' }))).page).not.toContain('<iframe')
  expect((await openCheckout(await order({ windowSize: '05', presentation: 'strict' }))).page).toContain('<iframe')
})

test('accepts a CRes only with the session data that was sent, and only for its own order', async () => {
  const placed = await order()
  const { threeDSSessionData } = await openCheckout(placed)
  const other = cresOf(placed, { threeDSServerTransID: acsTransID })
  expect((await comeBack(placed, { cres: cresOf(placed) })).status).toBe(400)
  expect((await comeBack(placed, { cres: cresOf(placed), threeDSSessionData: 'x' })).status).toBe(400)
  expect((await comeBack(placed, { cres: other, threeDSSessionData })).status).toBe(400)
  expect((await comeBack(placed, { cres: '%%%', threeDSSessionData })).status).toBe(400)
  expect(await see(placed)).toMatchObject({ status: 'challenge', cres: null })
})

test('ends the order on an Erro that the ACS sends through the browser', async () => {
  const placed = await order({ presentation: 'page' })
  const { threeDSSessionData } = await openCheckout(placed)
  const erro = cresOf(placed, { messageType: 'Erro', errorCode: '402' })
  const response = await comeBack(placed, { erro, threeDSSessionData })
  expect(response.headers.get('location')).toBe(`/orders/${placed.orderId}?lang=ja`)
  expect(await see(placed)).toMatchObject({ status: 'error', cres: null, erro: { errorCode: '402' } })
})

test('answers a second result with Erro 312, and one of no transaction or an invalid one with another', async () => {
  const placed = await order()
  expect((await post('/ds/rreq', resultOf(placed))).body).toMatchObject({ messageType: 'RRes' })
  expect((await post('/ds/rreq', resultOf(placed))).body).toMatchObject({ errorCode: '312' })
  expect((await post('/ds/rreq', resultOf(placed, { transStatus: 'U' }))).body).toMatchObject({ errorCode: '312' })
  expect((await post('/ds/rreq', resultOf(placed, { acsTransID: 'x' }))).body).toMatchObject({ errorCode: '301' })
  expect((await post('/ds/rreq', resultOf(placed, { dsTransID: acsTransID }))).body).toMatchObject({ errorCode: '301' })
  expect((await post('/ds/rreq', resultOf(placed, { transStatus: '' }))).body).toMatchObject({
    errorCode: '201',
    errorDetail: 'transStatus',
  })
  expect(await see(placed)).toMatchObject({ status: 'authenticated' })
})

test('accepts the result of decoupled authentication whenever it arrives', async () => {
  const placed = await order({ amount: 12_800, cardholder: 'away' })
  expect(received).toMatchObject({ deviceChannel: '03', threeDSRequestorDecReqInd: 'Y', threeRIInd: '11' })
  expect(Object.keys(received).filter(name => name.startsWith('browser') || name === 'notificationURL')).toEqual([])
  expect(placed.status).toBe('decoupled')
  const { threeDSServerTransID, dsTransID } = received
  const ids = { messageVersion: '2.2.0', threeDSServerTransID, dsTransID, acsTransID }
  const result = { messageType: 'RReq', messageCategory: '01', ...ids, transStatus: 'Y' }
  expect((await post('/ds/rreq', result)).body).toMatchObject({ messageType: 'RRes', resultsStatus: '01' })
  const seen = await (await fetch(`${origin}/api/orders/${placed.orderId}`)).json()
  expect(seen.status).toBe('authenticated')
})

test('accepts no result for a frictionless transaction', async () => {
  expect((await post('/ds/rreq', resultOf(await order({ amount: 1_200 })))).body).toMatchObject({ errorCode: '305' })
})

test('the directory server accepts Erro messages, and cannot be connected while it is down', async () => {
  const placed = await order()
  const report = () => {
    const body = JSON.stringify(resultOf(placed))
    const { dsURL } = placed.areq as Record<string, string>
    return fetch(String(dsURL), { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  }
  await faults.set({ ds: 'down' })
  await expect(report()).rejects.toThrow('fetch failed')
  await faults.set({ ds: 'up' })
  expect(await see(placed)).toMatchObject({ status: 'challenge', rreq: null })
  expect((await report()).status).toBe(200)
  expect((await post('/ds/rreq', { messageType: 'Erro', errorCode: '402' })).status).toBe(204)
})

test('the shop answers only to its own host names', async () => {
  const { port } = new URL(origin)
  const { request } = await import('node:http')
  const status = await new Promise(resolve => {
    request({ host: '127.0.0.1', port, path: '/', headers: { host: `evil.example:${port}` } }, response => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })
  expect(status).toBe(421)
})

describe('the 3DS Method', () => {
  const data = (threeDSServerTransID: unknown) =>
    new URLSearchParams({
      threeDSMethodData: Buffer.from(JSON.stringify({ threeDSServerTransID })).toString('base64url'),
    })
  const checkout = async (threeDSServerTransID: string) => {
    const fields = { lang: 'ja', product: 'coffee', card: '378282246310005', threeDSServerTransID }
    await fetch(`${origin}/checkout`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
    return received
  }

  test('precedes the AReq, with the same id, and the AReq says whether the ACS has finished', async () => {
    const { threeDSServerTransID, threeDSMethodURL, threeDSMethodData } = (await post('/api/method', {})).body
    expect(threeDSMethodURL).toBe('http://acs.localhost:9/acs/method')
    const sent = JSON.parse(Buffer.from(String(threeDSMethodData), 'base64url').toString())
    expect(sent).toEqual({
      threeDSServerTransID,
      threeDSMethodNotificationURL: `${origin}/3ds-server/method?from=shop`,
    })
    const back = await fetch(sent.threeDSMethodNotificationURL, { method: 'POST', body: data(threeDSServerTransID) })
    expect(back.status).toBe(200)
    expect(await checkout(String(threeDSServerTransID))).toMatchObject({ threeDSServerTransID, threeDSCompInd: 'Y' })
    expect(await checkout(String(threeDSServerTransID))).toMatchObject({ threeDSCompInd: 'N' })
  })

  test('that did not finish, or never began, does not stop a payment', async () => {
    const { threeDSServerTransID } = (await post('/api/method', {})).body
    expect(await checkout(String(threeDSServerTransID))).toMatchObject({ threeDSServerTransID, threeDSCompInd: 'N' })
    const madeUp = await checkout('made up')
    expect(madeUp).toMatchObject({ threeDSCompInd: 'N' })
    expect(madeUp.threeDSServerTransID).not.toBe('made up')
    const unknown = await fetch(`${origin}/3ds-server/method`, { method: 'POST', body: data(acsTransID) })
    expect(unknown.status).toBe(400)
  })
})
