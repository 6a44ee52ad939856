import { randomUUID } from 'node:crypto'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { saveHeartbeat } from '#db/queries/heartbeats.ts'
import * as schema from '#db/schema.ts'
import type { SmsCaps } from '#domain/contact/sms-caps.ts'
import { requestChange } from '../account/change-contact.ts'
import { sendConfirmingCode } from '../account/confirm.ts'
import { openSession, resumeSession } from '../account/sessions.ts'
import { sendTestCode } from '../account/test-code.ts'
import { resendCode, submitAnswer } from '../challenge/submit.ts'
import { readStatus } from '../health/status.ts'
import { now } from '../platform/clock.ts'
import { cardNumber } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { countSms, smsNetworkHmac } from './count-sms.ts'
import { notify } from './message.ts'

let at: Deployment
const gateway = new SmsGatewayDouble()
let people = 0
const plenty: SmsCaps = { requestor: 1000, merchant: 1000, network: 1000, prefix: 1000, hour: 1000, day: 1000 }

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})

// Each test starts with fresh caps.
beforeEach(() => {
  at.advance(24 * 60 * 60)
  at.toNextMorning()
  allow({})
})

function allow(caps: Partial<SmsCaps>): void {
  at.changeIssuer(ordinary => ({ ...ordinary, smsCaps: { ...plenty, ...caps }, largerAbove: { '392': '20000' } }))
  at.configure({})
}

interface Person {
  readonly acctNumber: string
  readonly mobile: string
}

async function person(contacts: 'mobile' | 'both' = 'both'): Promise<Person & { readonly ref: string }> {
  people += 1
  const ref = `person-${people}`
  const [email, mobile] = [`${ref}@cardholder.example`, `+8180${String(10_000_000 + people)}`]
  const acctNumber = cardNumber(people)
  const line = { cardNumber: acctNumber, expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  await at.importList([{ ...line, cardholderId: ref, mobile, ...(contacts === 'both' && { email }) }])
  return { acctNumber, mobile, ref }
}

async function actorOf(ref: string) {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  const session = { cardholderId: String(row?.id), method: 'passkey' as const, device: '' }
  const actor = await resumeSession(await transaction(tx => openSession(tx, session)))
  if (!actor) throw new Error('the session has ended')
  return actor
}

/** Takes a purchase up to its window, and returns the channels of its code, or its outcome. */
async function purchase({ acctNumber }: Person, overrides: Readonly<Record<string, string>> = {}) {
  const ordinary = { purchaseAmount: '15000', browserIP: '203.0.113.9' }
  const { acsTransID, windowKey } = await at.window({ acctNumber, ...ordinary, ...overrides })
  const challenge = await at.challenge(acsTransID)
  const proofs = await at.proofs(acsTransID)
  const codes = [proofs['email-code'] && 'email', proofs['sms-code'] && 'sms'].filter(Boolean).join('+')
  return { acsTransID, windowKey, went: String(challenge.outcome ?? codes) }
}

async function counted(): Promise<Record<string, number>> {
  const since = now() - 24 * 60 * 60 * 1000
  const rows = await at.sql`select name, sum(count)::int as count from tallies
    where name like 'sms.%' and begins_at > ${since} group by name order by name`
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}

describe('a code for a purchase', () => {
  test.each([
    ['requestor', {}, { threeDSRequestorID: 'another-requestor' }],
    ['merchant', {}, { acquirerMerchantID: 'another-merchant' }],
    ['merchant', {}, { acquirerBIN: '499999' }],
    ['network', { browserIP: '192.0.2.7' }, { browserIP: '192.0.2.8' }],
    ['network', { browserIP: '2001:db8::1' }, { browserIP: '2001:db8:0:1::1' }],
    ['hour', {}, undefined],
    ['day', {}, undefined],
    ['prefix', {}, undefined],
  ] as const)('of a smaller purchase goes by e-mail only beyond the cap of its %s', async (cap, same, other) => {
    allow({ [cap]: 2 })
    const [first, second, third, fourth] = [await person(), await person(), await person(), await person()]
    expect((await purchase(first, same)).went).toBe('email+sms')
    expect((await purchase(second, same)).went).toBe('email+sms')
    await at.deliver()
    const beyond = await purchase(third, same)
    expect(beyond.went).toBe('email')
    expect(await at.outbox(beyond.acsTransID, 'sms')).toEqual([])
    await at.deliver()
    expect(await submitAnswer(beyond.windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
    expect(await at.challenge(beyond.acsTransID)).toMatchObject({ outcome: 'authenticated' })
    expect(await at.proofs(beyond.acsTransID)).toMatchObject({ 'email-code': { state: 'proved' } })
    if (other) expect((await purchase(fourth, other)).went).toBe('email+sms')
  })

  test('of a larger purchase is not sent by e-mail without its text message: the challenge ends', async () => {
    allow({ network: 1 })
    await purchase(await person())
    const { acsTransID, went } = await purchase(await person(), { purchaseAmount: '20001' })
    expect(went).toBe('sms-limited')
    expect(await at.outbox(acsTransID, 'email')).toEqual([])
    const [result] = await at.outbox(acsTransID, 'rreq')
    expect(JSON.parse(String(result?.body))).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
  })

  test('of a larger purchase requested again beyond a cap leaves the earlier code valid, and queues no e-mail', async () => {
    allow({ network: 1 })
    const { windowKey, acsTransID, went } = await purchase(await person(), { purchaseAmount: '20001' })
    expect(went).toBe('email+sms')
    await at.deliver()
    const code = at.mailbox.code
    at.advance(31)
    expect(await resendCode(windowKey)).toEqual({ kind: 'asking' })
    expect(await at.outbox(acsTransID, 'email')).toHaveLength(1)
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
    expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'authenticated' })
  })

  test.each(['20001', '15000'])('of %s yen while payments are restricted is refused as restricted', async amount => {
    const restricted = await person()
    await at.sql`update cardholders set report_open_since = ${now()} where issuer_ref = ${restricted.ref}`
    allow({ network: 1 })
    await purchase(await person())
    const { acsTransID, went } = await purchase(restricted, { purchaseAmount: amount })
    expect(went).toBe('report-open')
    const [result] = await at.outbox(acsTransID, 'rreq')
    expect(JSON.parse(String(result?.body))).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
  })

  test('of a card without an e-mail address ends the challenge as our error', async () => {
    allow({ network: 1 })
    await purchase(await person())
    const { acsTransID, went } = await purchase(await person('mobile'))
    expect(went).toBe('sms-limited')
    const [result] = await at.outbox(acsTransID, 'rreq')
    expect(JSON.parse(String(result?.body))).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
  })

  test('that cannot be sent again leaves the earlier code valid', async () => {
    allow({ prefix: 1 })
    const { windowKey, acsTransID } = await purchase(await person('mobile'))
    at.advance(31)
    expect(await resendCode(windowKey)).toEqual({ kind: 'asking' })
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking', notice: 'resends-spent', sends: 1 })
    await at.deliver()
    const code = /(?<![\w-])\d{6}(?![\w-])/.exec(gateway.taken.at(-1)?.text ?? '')?.[0] ?? ''
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
    expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'authenticated' })
  })

  test('that goes by no text message is not counted, and neither is a purchase without a challenge', async () => {
    const { acctNumber } = await person()
    await at.areq({ acctNumber, purchaseAmount: '1200' })
    expect(await counted()).toEqual({})
    await at.areq({ acctNumber })
    expect(await counted()).toEqual({})
  })

  test('is counted once by each cap, and a refused one by none', async () => {
    allow({ network: 1 })
    await purchase(await person())
    const once = await counted()
    expect(once).toEqual({
      ...{ 'sms.day': 1, 'sms.hour': 1, 'sms.merchant': 1, 'sms.network': 1, 'sms.prefix': 1, 'sms.requestor': 1 },
    })
    await purchase(await person())
    expect(await counted()).toEqual(once)
  })

  test('of one client with many cards at once goes by text message no more often than the cap permits', async () => {
    allow({ network: 20 })
    const cards = []
    for (let index = 0; index < 40; index++) cards.push(await person())
    const went = await Promise.all(cards.map(card => purchase(card)))
    expect(went.filter(each => each.went === 'email+sms')).toHaveLength(20)
    expect(went.filter(each => each.went === 'email')).toHaveLength(20)
  })

  test('in a decoupled authentication of which the cardholder cannot be notified is answered U', async () => {
    allow({ requestor: 1 })
    await purchase(await person())
    const { acctNumber, ref } = await person('mobile')
    const { cardholderId } = await actorOf(ref)
    await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
      values (${cardholderId}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
    const apart = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }
    const wish = { threeDSRequestorChallengeInd: '02' }
    const ares = await at.areq({ acctNumber, ...apart, ...wish })
    expect(ares).toMatchObject({ transStatus: 'U', transStatusReason: '22', cardholderInfo: expect.any(String) })
  })
})

test('text messages counted by two pools concurrently never exceed a cap, and each alarm is raised once', async () => {
  allow({ hour: 50 })
  at.log.length = 0
  // Delete what other tests left.
  await at.sql`delete from outbox`
  await saveHeartbeat({ id: randomUUID(), role: 'worker', host: 'test', pid: 1 }, 0)
  expect((await readStatus()).parts.messages).toBe('up')
  const other = postgres(at.url, { max: 8, onnotice: () => {} })
  const second = drizzle(other, { schema })
  const smsOrigin = {
    requestorID: 'requestor',
    merchant: { directoryServer: 'first', acquirerBIN: '400000', acquirerMerchantID: 'merchant' },
    networkHmac: await smsNetworkHmac('192.0.2.1'),
  }
  const send = (index: number) => {
    const sms = { to: `+8190${String(index % 7).repeat(4)}5678`, smsOrigin, always: false }
    const pool = index % 2 === 0 ? transaction : second.transaction.bind(second)
    return pool(tx => countSms(tx, sms, now()))
  }
  const sent = await Promise.all(Array.from({ length: 200 }, (_, index) => send(index)))
  await other.end()
  expect(sent.filter(Boolean)).toHaveLength(50)
  expect((await counted())['sms.hour']).toBe(50)
  const alarms = at.log.filter(line => line.includes('sms.cap-near'))
  expect(alarms.map(line => JSON.parse(line))).toEqual([
    expect.objectContaining({ kind: 'hour', level: 40, count: 50 }),
  ])
  expect((await readStatus()).parts.messages).toBe('late')
})

describe('a text message of the account', () => {
  test('that carries a code is refused beyond the cap, and the request that needed it changes nothing', async () => {
    const { ref } = await person()
    const actor = await actorOf(ref)
    allow({ day: 1 })
    await purchase(await person())
    const who = { visit: randomUUID(), network: randomUUID() }
    expect(await sendConfirmingCode(who, actor)).toEqual({ kind: 'sms-limited' })
    expect(await requestChange(actor, 'mobile', '+819011112222')).toEqual({ kind: 'sms-limited' })
    expect(await sendTestCode(actor)).toEqual({ kind: 'sms-limited' })
    expect(await at.sql`select id from contact_changes where cardholder_id = ${actor.cardholderId}`).toEqual([])
    expect(await at.sql`select visit from confirmations where cardholder_id = ${actor.cardholderId}`).toEqual([])
    expect((await counted())['sms.day']).toBe(1)
  })

  test('that notifies the owner of a change is sent beyond the cap, and is counted', async () => {
    const { ref, mobile } = await person()
    const { cardholderId } = await actorOf(ref)
    allow({ day: 1 })
    await purchase(await person())
    await transaction(tx =>
      notify(
        tx,
        { cardholderId, language: 'ja', words: 'mobile-stopped', values: { contact: 'x', report: 'AAAAA-AAAAA' } },
        now(),
      ),
    )
    await at.deliver()
    expect(gateway.taken.map(({ to }) => to)).toContain(mobile)
    expect((await counted())['sms.day']).toBe(2)
  })
})
