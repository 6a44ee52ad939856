import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, disconnect } from '#db/client.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import { submitAnswer } from '../challenge/submit.ts'
import { cards } from '../testing/cards.ts'
import { belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'
import { addTimeZoneToMethod, type MethodBrowser, recordMethod } from './three-ds-method.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
  at.changeIssuer(issuer => ({ ...issuer, challengeAboveOnKnownDevice: { '392': '20000' } }))
  at.configure({})
})
afterAll(() => at.stop())
beforeEach(() => at.advance(3600))

const notificationURL = 'https://3ds.merchant.example/method?session=a%20b&x=<"\'>'
const encode = (data: unknown) =>
  Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)).toString('base64url')
const data = (id: string, url: unknown = notificationURL) =>
  encode({ threeDSServerTransID: id, threeDSMethodNotificationURL: url })
const browser: MethodBrowser = { userAgent: 'Browser/1.0', origin: 'https://shop.example', reference: undefined }

async function see(id: string, more: Partial<MethodBrowser> = {}) {
  const taken = await recordMethod(data(id), { ...browser, ...more })
  if (taken.kind === 'refused') throw new Error('refused')
  return taken
}

/** An AReq after the 3DS Method, in the same browser unless overridden. */
const areqAfter = (id: string, overrides: Overrides = {}) =>
  at.areq({
    threeDSServerTransID: id,
    browserUserAgent: 'Browser/1.0',
    browserTZ: '-540',
    threeDSCompInd: 'Y',
    ...overrides,
  })

/** Hanako completes a challenge, in a browser that keeps its reference. */
async function succeed(more: Partial<MethodBrowser> = {}): Promise<string> {
  const id = crypto.randomUUID()
  const { reference = '' } = await see(id, more)
  const { windowKey, code } = await at.windowWithCode({ threeDSServerTransID: id, browserUserAgent: 'Browser/1.0' })
  await submitAnswer(windowKey, code)
  return reference
}

describe('the page', () => {
  test('leads to the address exactly as given, with only the transaction id', async () => {
    const id = crypto.randomUUID().toUpperCase()
    const taken = await see(id)
    expect(taken).toMatchObject({ notificationURL, notificationOrigin: 'https://3ds.merchant.example' })
    expect(JSON.parse(Buffer.from(taken.answer, 'base64url').toString())).toEqual({ threeDSServerTransID: id })
  })

  test.each([
    ['without padding', (text: string) => text],
    ['with padding', (text: string) => `${text}${'='.repeat((4 - (text.length % 4)) % 4)}`],
    ['wrapped', (text: string) => `${text.replace(/.{76}/g, '$&\r\n')}\r\n`],
  ])('[Req 263] reads data %s, and posts the id back', async (_how, written) => {
    const ids = Array.from({ length: 3 }, () => crypto.randomUUID())
    for (const [index, id] of ids.entries()) {
      // Another length of address, and so another padding.
      const taken = await recordMethod(written(data(id, `${notificationURL}${'x'.repeat(index)}`)), browser)
      if (taken.kind === 'refused') throw new Error('refused')
      expect(JSON.parse(Buffer.from(taken.answer, 'base64url').toString())).toEqual({ threeDSServerTransID: id })
    }
  })

  test.each([
    ['http', 'http://merchant.example/'],
    ['a script', 'javascript:alert(1)'],
    ['no address', 'merchant.example'],
    ['a name and password', 'https://user:password@merchant.example/'],
    ['too long', `https://merchant.example/${'x'.repeat(2048)}`],
    ['a host that would be a directive of the policy', 'https://a;sandbox'],
    ['a host that would be a second source', 'https://a,b.example'],
    ['another that would', "https://'self'"],
    ['a break in the line', 'https://merchant.example/\r\nx: y'],
    ['a list', ['https://merchant.example/']],
    ['nothing', null],
  ])('refuses an address that is %s', async (_what, url) => {
    expect(await recordMethod(data(crypto.randomUUID(), url), browser)).toEqual({ kind: 'refused' })
  })

  test.each(['', '!', encode('{'), encode('[]'), encode({}), data('not-a-uuid'), encode('{"threeDSServerTransID":1}')])(
    'refuses malformed data (%s)',
    async text => {
      expect(await recordMethod(text, browser)).toEqual({ kind: 'refused' })
    },
  )

  test('continues while the database is down, and only logs the fault', async () => {
    await disconnect()
    connect('postgres://nobody@127.0.0.1:1/none')
    const taken = await see(crypto.randomUUID())
    const added = await addTimeZoneToMethod(taken.threeDSServerTransID, taken.pageToken, '-540')
    await disconnect()
    connect(at.url)
    expect([taken.kind, added]).toEqual(['seen', true])
    expect(at.log.some(line => line.includes('method.not-kept'))).toBe(true)
  })

  test('continues while the database does not answer', async () => {
    await at.sql.begin(async tx => {
      await tx`lock table method_results in access exclusive mode`
      expect((await see(crypto.randomUUID())).kind).toBe('seen')
    })
  })
})

describe('the risk decision', () => {
  test('challenges a browser other than the one in the AReq, however small the amount', async () => {
    const small = { purchaseAmount: belowLimit }
    const id = crypto.randomUUID()
    await see(id)
    expect(await areqAfter(id, { ...small, browserUserAgent: 'Other/2.0' })).toMatchObject({
      transStatus: 'C',
      acsChallengeMandated: 'Y',
    })
    const [row] = await at.sql`select decision from authentications order by created_at desc limit 1`
    expect(row?.decision).toBe('challenge-device-differs')

    const zone = crypto.randomUUID()
    const { threeDSServerTransID, pageToken } = await see(zone)
    expect(await addTimeZoneToMethod(threeDSServerTransID, pageToken, '300')).toBe(true)
    expect(await areqAfter(zone, small)).toMatchObject({ transStatus: 'C' })
    const same = crypto.randomUUID()
    const page = await see(same)
    await addTimeZoneToMethod(page.threeDSServerTransID, page.pageToken, '-540')
    expect(await areqAfter(same, small)).toMatchObject({ transStatus: 'Y' })
  })

  test('applies the higher limit to a browser in which the cardholder succeeded, for that card only', async () => {
    const reference = await succeed()
    const [again, foreign, over] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
    await see(again, { reference })
    expect(await areqAfter(again)).toMatchObject({ transStatus: 'Y', eci: '05' })
    await see(foreign, { reference })
    expect(await areqAfter(foreign, { acctNumber: cards.alex })).toMatchObject({ transStatus: 'C' })
    await see(over, { reference })
    expect(await areqAfter(over, { purchaseAmount: '20001' })).toMatchObject({ transStatus: 'C' })
  })

  test('does not treat a browser as known after an unanswered or cancelled challenge', async () => {
    const id = crypto.randomUUID()
    const { reference } = await see(id)
    await at.windowWithCode({ threeDSServerTransID: id, browserUserAgent: 'Browser/1.0' })
    const again = crypto.randomUUID()
    await see(again, { reference })
    expect(await areqAfter(again)).toMatchObject({ transStatus: 'C' })
  })

  test('[Req 262] uses a browser, known or not, only for its own transaction and for half an hour', async () => {
    const reference = await succeed()
    await see(crypto.randomUUID(), { reference })
    expect(await areqAfter(crypto.randomUUID())).toMatchObject({ transStatus: 'C' })
    const late = crypto.randomUUID()
    await see(late, { reference })
    at.advance(policy.methodResultValidFor / 1000)
    expect(await areqAfter(late)).toMatchObject({ transStatus: 'C' })
  })

  test('[Req 410] uses the result that threeDSMethodId names, in 2.3.1', async () => {
    const reference = await succeed()
    const earlier = crypto.randomUUID()
    await see(earlier, { reference })
    const later = (version: '2.2.0' | '2.3.1') =>
      at.areq({ browserUserAgent: 'Browser/1.0', browserTZ: '-540', threeDSMethodId: earlier }, version)
    expect(await later('2.3.1')).toMatchObject({ transStatus: 'Y' })
    expect(await later('2.2.0')).toMatchObject({ transStatus: 'C' })
  })

  test('forgets a browser after its time', async () => {
    const reference = await succeed()
    at.advance(policy.deviceKnownFor / 1000)
    const id = crypto.randomUUID()
    await see(id, { reference })
    expect(await areqAfter(id)).toMatchObject({ transStatus: 'C' })
  })
})

describe('a third party', () => {
  test('that opens our page from its own in the customer’s browser cannot use the customer’s reference', async () => {
    const reference = await succeed()
    for (const origin of [
      'https://attacker.example',
      'http://shop.example',
      'https://shop.example:444',
      'null',
      undefined,
    ]) {
      const id = crypto.randomUUID()
      await see(id, { reference, origin })
      expect(await areqAfter(id)).toMatchObject({ transStatus: 'C' })
    }
  })

  test('that hides its origin gets no reference for the browser, and success there does not make it known', async () => {
    const id = crypto.randomUUID()
    expect((await see(id, { origin: 'null' })).reference).toBeUndefined()
    const [row] = await at.sql`select device_digest from method_results where three_ds_server_trans_id = ${id}`
    expect(row?.device_digest).toBeNull()
  })

  test('that comes second for a transaction does not change what was recorded', async () => {
    const reference = await succeed()
    const id = crypto.randomUUID()
    await see(id)
    await see(id, { reference })
    expect(await areqAfter(id)).toMatchObject({ transStatus: 'C' })
  })

  test('that makes up a reference gets a new one', async () => {
    for (const made of ['x', 'a'.repeat(44), '../../x', ''])
      expect((await see(crypto.randomUUID(), { reference: made })).reference).toMatch(/^[\w-]{43}$/)
  })

  test('that does not have our page cannot add to its record', async () => {
    const [one, other] = [await see(crypto.randomUUID()), await see(crypto.randomUUID())]
    const id = one.threeDSServerTransID
    expect(await addTimeZoneToMethod(id, other.pageToken, '300')).toBe(false)
    expect(await addTimeZoneToMethod(id, '', '300')).toBe(false)
    for (const zone of ['', 'x', '99999', "'; drop table cards", '1e3'])
      expect(await addTimeZoneToMethod(id, one.pageToken, zone)).toBe(false)
    expect(await addTimeZoneToMethod(id, one.pageToken, '-540')).toBe(true)
    await addTimeZoneToMethod(id, one.pageToken, '300')
    const [row] = await at.sql`select time_zone from method_results where three_ds_server_trans_id = ${id}`
    expect(row?.time_zone).toBe('-540')
  })
})

test('stores neither user agent nor reference in plain text, and removes what no AReq will refer to', async () => {
  at.advance(25 * 3600)
  const reference = await succeed({ userAgent: 'Browser/1.0' })
  const dump = await at.dump()
  expect(dump).not.toContain(reference)
  const rows = await at.sql`select t::text as line from method_results t`
  expect(rows.map(({ line }) => line).join('')).not.toMatch(/Browser|shop\.example/)
  at.advance(policy.deviceKnownFor / 1000 + 3600)
  await at.runWorkerUntil(async () => (await at.sql`select 1 from method_results`).length === 0)
  expect(await at.sql`select 1 from card_browsers`).toEqual([])
})
