import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountPolicy } from '#domain/account/policy.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { areq } from '#domain/emv/areq.ts'
import { check } from '#domain/emv/check.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { aresTable, rreqTable } from '#domain/emv/sent.ts'
import { sample3RIAReq } from '#domain/emv/testing/sample-areq.ts'
import type { Actor } from '../account/actor.ts'
import { distrustMerchant, listMerchants, trustMerchantOf } from '../account/merchants.ts'
import { reportActivity } from '../account/report-activity.ts'
import { readReport, reportByLink } from '../account/report-change.ts'
import { now } from '../platform/clock.ts'
import { cardNumber } from '../testing/cards.ts'
import { type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { submitAnswer } from './submit.ts'
import { showWindow } from './view.ts'

let at: Deployment
const gateway = new SmsGatewayDouble()
let people = 0

const keepsList = (ordinary: object) => ({ ...ordinary, challengeAboveAtTrustedMerchant: { '392': '30000' } })

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
  at.changeIssuer(keepsList)
  at.configure({})
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
beforeEach(() => at.advance(3600))
afterEach(() => {
  at.changeIssuer(keepsList)
  at.configure({})
})

interface Person {
  readonly acctNumber: string
  readonly mobile: string
  readonly email: string
  /** Signed in, with strong authentication shown just now. */
  actor(): Actor
}

/** A cardholder with a card. Codes go to the mobile number only, unless there is an e-mail address as well. */
async function person(contacts: 'mobile' | 'both' = 'mobile'): Promise<Person> {
  people += 1
  const [ref, acctNumber, mobile] = [`person-${people}`, cardNumber(people), `+8180${String(20_000_000 + people)}`]
  const email = `${ref}@cardholder.example`
  const line = { cardNumber: acctNumber, expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  await at.importList([{ ...line, cardholderId: ref, mobile, ...(contacts === 'both' && { email }) }])
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  const cardholderId = String(row?.id)
  const actor = (): Actor => ({ cardholderId, sessionId: crypto.randomUUID(), language: 'ja', strongAt: now() })
  return { acctNumber, mobile, email, actor }
}

const asking = async (windowKey: string) => {
  const window = await showWindow(windowKey)
  if (window.kind !== 'asking') throw new Error(window.kind)
  return window
}

/** Makes a payment with a successful challenge. `trust`: the box in the window is ticked. */
async function pay(who: Person, trust: boolean, overrides = {}, version: '2.1.0' | '2.2.0' | '2.3.1' = '2.2.0') {
  // Sends notices first, so that the latest message is the code.
  await at.deliver()
  const { windowKey, acsTransID } = await at.window({ acctNumber: who.acctNumber, ...overrides }, version)
  await at.deliver()
  expect(await submitAnswer(windowKey, gateway.code, trust)).toEqual({ kind: 'ended' })
  const [rreq = {}] = at.directoryServer.rreqsOf(acsTransID)
  return { acsTransID, rreq: rreq as JsonObject }
}

const again = (who: Person, overrides = {}, version: '2.1.0' | '2.2.0' | '2.3.1' = '2.2.0') =>
  at.areq({ acctNumber: who.acctNumber, ...overrides }, version)
const textsTo = ({ mobile }: Person) => gateway.taken.filter(({ to }) => to === mobile).map(({ text }) => text)

describe('a merchant whose box is ticked in the window', () => {
  test('is trusted once the code is right: every contact is notified, and the next payment there passes', async () => {
    const who = await person()
    const { windowKey, acsTransID } = await at.window({ acctNumber: who.acctNumber, merchantName: 'サンプル商店' })
    expect((await asking(windowKey)).trust).toEqual({ limit: 30_000n, needsSms: false, wanted: false })
    await at.deliver()
    const { code } = gateway
    await submitAnswer(windowKey, otherThan(code), true)
    // A wrong code trusts no merchant, and leaves the box ticked.
    expect((await asking(windowKey)).trust).toEqual({ limit: 30_000n, needsSms: false, wanted: true })
    expect((await listMerchants(who.actor())).trusted).toEqual([])
    await submitAnswer(windowKey, code, true)
    const [rreq] = at.directoryServer.rreqsOf(acsTransID)
    expect(rreq).toMatchObject({ transStatus: 'Y', whiteListStatus: 'Y', whiteListStatusSource: '03' })
    await at.deliver()
    expect(textsTo(who).at(-1)).toContain('信頼するお店「サンプル商店」が追加されました')
    expect((await listMerchants(who.actor())).trusted).toMatchObject([{ merchantName: 'サンプル商店' }])
    expect(await again(who)).toMatchObject({ transStatus: 'Y', eci: '05', whiteListStatus: 'Y' })
    expect(await again(who, { purchaseAmount: '30001' })).toMatchObject({ transStatus: 'C' })
    expect(await again(who, { threeDSRequestorChallengeInd: '04' })).toMatchObject({ transStatus: 'C' })
  })

  test.each([
    ['another shop', { acquirerMerchantID: 'another' }],
    ['a shop of another acquirer', { acquirerBIN: '400001' }],
  ])('does not make %s trusted', async (_what, other) => {
    const who = await person()
    await pay(who, true)
    expect(await again(who, other)).toMatchObject({ transStatus: 'C' })
    expect(await again(await person())).toMatchObject({ transStatus: 'C' })
  })

  test('is not trusted if the box is unticked again, or was never ticked', async () => {
    const who = await person()
    const { rreq } = await pay(who, false)
    expect(rreq).not.toHaveProperty('whiteListStatus')
    const { windowKey } = await at.window({ acctNumber: who.acctNumber })
    await submitAnswer(windowKey, '', true)
    expect((await asking(windowKey)).trust?.wanted).toBe(true)
    await submitAnswer(windowKey, '', false)
    expect((await asking(windowKey)).trust?.wanted).toBe(false)
    expect(await again(who)).toMatchObject({ transStatus: 'C' })
  })

  test('is trusted by the code of the text message only, if an e-mail has a code as well', async () => {
    const who = await person('both')
    const byEmail = await at.window({ acctNumber: who.acctNumber })
    expect((await asking(byEmail.windowKey)).trust).toEqual({ limit: 30_000n, needsSms: true, wanted: false })
    await at.deliver()
    await submitAnswer(byEmail.windowKey, at.mailbox.code, true)
    expect(at.directoryServer.rreqsOf(byEmail.acsTransID)).toMatchObject([{ transStatus: 'Y' }])
    expect(at.directoryServer.rreqsOf(byEmail.acsTransID)[0]).not.toHaveProperty('whiteListStatus')
    expect(await again(who)).toMatchObject({ transStatus: 'C' })
    const { rreq } = await pay(who, true)
    expect(rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '02', whiteListStatus: 'Y' })
    expect(await again(who)).toMatchObject({ transStatus: 'Y' })
  })

  test.each([
    ['in a currency without a higher limit', { purchaseCurrency: '840', purchaseExponent: '2' }],
    ['where nothing is paid', { messageCategory: '02' }],
  ])('is not offered %s', async (_what, overrides) => {
    const who = await person()
    const { windowKey } = await at.window({
      ...{ acctNumber: who.acctNumber, threeDSRequestorChallengeInd: '04', ...overrides },
    })
    expect((await asking(windowKey)).trust).toBeUndefined()
  })

  test('is not offered by an issuer without trusted merchants, and earlier trust has no effect', async () => {
    const who = await person()
    await pay(who, true)
    at.changeIssuer(ordinary => ordinary)
    at.configure({})
    const { windowKey } = await at.window({ acctNumber: who.acctNumber })
    expect((await asking(windowKey)).trust).toBeUndefined()
    expect(await again(who, { threeDSRequestorChallengeInd: '08' })).toMatchObject({
      ...{ transStatus: 'C', whiteListStatus: 'E' },
    })
  })
})

describe('while payments are restricted', () => {
  test.each([
    ['a report is not settled', 'report-open'],
    ['the e-mail address is new', 'email'],
  ] as const)('because %s, trust has no effect and cannot be given', async (_what, why) => {
    const who = await person('both')
    const { cardholderId } = who.actor()
    const mobileOnly = at.sql`update contacts set ended_at = ${now()} where cardholder_id = ${cardholderId} and kind = 'email'`
    await mobileOnly
    await pay(who, true)
    const other = await pay(who, false, { acquirerMerchantID: 'other' })
    expect(await again(who)).toMatchObject({ transStatus: 'Y' })
    const since = now()
    if (why === 'report-open')
      await at.sql`update cardholders set report_open_since = ${since} where id = ${cardholderId}`
    else
      await at.sql`update contacts set ended_at = null, source = 'cardholder', effective_at = ${since}
        where cardholder_id = ${cardholderId} and kind = 'email'`
    expect(await again(who, { threeDSRequestorChallengeInd: '08' })).toMatchObject({
      ...{ transStatus: 'C', whiteListStatus: 'U' },
    })
    const { windowKey } = await at.window({ acctNumber: who.acctNumber, acquirerMerchantID: 'third' })
    expect((await asking(windowKey)).trust).toBeUndefined()
    expect(await trustMerchantOf(who.actor(), other.acsTransID)).toEqual({ kind: 'restricted' })
    if (why === 'report-open')
      await at.sql`update cardholders set report_open_since = null, disputed_since = null where id = ${cardholderId}`
    else at.advance(contactPolicy.newEmailRestricted / 1000)
    expect(await again(who)).toMatchObject({ transStatus: 'Y' })
  })
})

describe('in the account', () => {
  test('a merchant of an authenticated payment can be trusted with strong authentication, and removed without it', async () => {
    const who = await person('both')
    const { acsTransID } = await pay(who, false, { merchantName: 'サンプル商店' })
    await at.window({ acctNumber: who.acctNumber, acquirerMerchantID: 'never proven' })
    expect(await listMerchants(who.actor())).toMatchObject({
      ...{ trusted: [], others: [{ paymentId: acsTransID, merchantName: 'サンプル商店' }] },
    })
    for (const strongAt of [undefined, now() - accountPolicy.freshFor])
      expect(await trustMerchantOf({ ...who.actor(), strongAt }, acsTransID)).toEqual({
        kind: 'stronger-authentication-needed',
      })
    const both = await Promise.all([1, 2].map(() => trustMerchantOf(who.actor(), acsTransID)))
    expect(both).toEqual([{ kind: 'done' }, { kind: 'done' }])
    await at.deliver()
    expect(textsTo(who).filter(text => text.includes('信頼するお店「'))).toHaveLength(1)
    expect(await again(who)).toMatchObject({ transStatus: 'Y' })
    const { trusted, others } = await listMerchants(who.actor())
    expect([trusted.length, others.length]).toEqual([1, 0])
    const weak = { ...who.actor(), strongAt: undefined }
    expect(await distrustMerchant(weak, trusted[0]?.id ?? '')).toEqual({ kind: 'done' })
    expect(await distrustMerchant(weak, trusted[0]?.id ?? '')).toEqual({ kind: 'unknown' })
    expect(await again(who)).toMatchObject({ transStatus: 'C' })
    expect((await listMerchants(who.actor())).others).toMatchObject([{ paymentId: acsTransID }])
    at.advance(accountPolicy.merchantsProvenWithin / 1000)
    expect((await listMerchants(who.actor())).others).toEqual([])
    expect(await trustMerchantOf(who.actor(), acsTransID)).toEqual({ kind: 'unknown' })
  })

  test('another cardholder’s payments and merchants, and malformed ids, are unknown', async () => {
    const [mine, theirs] = [await person(), await person()]
    const { acsTransID } = await pay(theirs, true)
    const { trusted } = await listMerchants(theirs.actor())
    for (const id of [acsTransID, trusted[0]?.id ?? '', '', 'x', "'; drop table trusted_merchants"]) {
      expect(await trustMerchantOf(mine.actor(), id)).toEqual({ kind: 'unknown' })
      expect(await distrustMerchant(mine.actor(), id)).toEqual({ kind: 'unknown' })
    }
    expect((await listMerchants(theirs.actor())).trusted).toEqual(trusted)
    expect(await listMerchants(mine.actor())).toEqual({ trusted: [], others: [] })
  })
})

describe('“this was not me”', () => {
  test('from the notice withdraws the trust, and keeps what was trusted before', async () => {
    const who = await person()
    await pay(who, true, { acquirerMerchantID: 'before' })
    await at.sql`insert into contacts (id, cardholder_id, kind, value, value_hmac, value_key_id, source, effective_at)
      select gen_random_uuid(), cardholder_id, 'email', value, value_hmac, value_key_id, source, ${now() + 1e12}
      from contacts where cardholder_id = ${who.actor().cardholderId}`
    at.advance(60)
    await pay(who, true, { acquirerMerchantID: 'after' })
    await at.deliver()
    const code = /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(textsTo(who).at(-1) ?? '')?.[0] ?? ''
    expect(await readReport(code, 'network')).toMatchObject({ kind: 'open-identity', event: 'merchant-trusted' })
    expect(await reportByLink(code, 'network')).toEqual({ kind: 'reported' })
    const { trusted } = await listMerchants(who.actor())
    expect(trusted).toHaveLength(1)
    expect(await again(who, { acquirerMerchantID: 'before' })).toMatchObject({ transStatus: 'C' })
  })

  test('of a payment withdraws trust in its merchant, however old, and in all merchants trusted since', async () => {
    const who = await person()
    await pay(who, true)
    at.advance(3600)
    await pay(who, true, { acquirerMerchantID: 'kept' })
    at.advance(3600)
    const { acsTransID } = await pay(who, false, { purchaseAmount: '40000' })
    at.advance(3600)
    await pay(who, true, { acquirerMerchantID: 'since' })
    expect((await listMerchants(who.actor())).trusted).toHaveLength(3)
    expect(await reportActivity(who.actor(), 'payment', acsTransID)).toEqual({ kind: 'reported' })
    expect((await listMerchants(who.actor())).trusted).toHaveLength(1)
  })
})

describe.each(['2.2.0', '2.3.1'] as const)('messages of %s', version => {
  const name = version === '2.3.1' ? 'trustListStatus' : 'whiteListStatus'
  const ind = (value: string) => ({ threeDSRequestorChallengeInd: version === '2.3.1' ? [value] : value })
  const faults = (table: typeof areq, message: object) => check(table, { ...message } as JsonObject, { version })

  test('have the status of a merchant wherever it is requested, and pass the tables', async () => {
    const who = await person()
    const asked = await again(who, ind('09'), version)
    expect(asked).toMatchObject({ transStatus: 'C', [name]: 'N', [`${name}Source`]: '03' })
    expect(faults(aresTable, asked)).toEqual([])
    const declined = await pay(who, false, ind('09'), version)
    expect(declined.rreq).toMatchObject({ transStatus: 'Y', [name]: 'N' })
    expect(faults(rreqTable, declined.rreq)).toEqual([])
    const ticked = await pay(who, true, ind('09'), version)
    expect(ticked.rreq).toMatchObject({ transStatus: 'Y', [name]: 'Y', [`${name}Source`]: '03' })
    expect(faults(rreqTable, ticked.rreq)).toEqual([])
    const passed = await again(who, ind('08'), version)
    expect(passed).toMatchObject({ transStatus: 'Y', [name]: 'Y' })
    expect(faults(aresTable, passed)).toEqual([])
    expect(await again(who, { purchaseAmount: '1', ...ind('01') }, version)).not.toHaveProperty(name)
    expect(await again(who, { acctNumber: cardNumber(999), ...ind('08') }, version)).toMatchObject({
      ...{ transStatus: 'N', [name]: 'U' },
    })
  })

  test('answer a requestor that requests only the status', async () => {
    const who = await person()
    await pay(who, true)
    const overrides = { threeRIInd: '10', messageCategory: '02', acctNumber: who.acctNumber }
    const merchant = { acquirerBIN: '400000', acquirerMerchantID: '9876543210' }
    const question = sample3RIAReq(version, {
      dsURL: at.directoryServer.url,
      ...overrides,
      ...merchant,
      dsTransID: crypto.randomUUID(),
    })
    expect(await at.send(question)).toMatchObject({ transStatus: 'Y', [name]: 'Y' })
    const { acquirerBIN: _, ...nameless } = { ...question, dsTransID: crypto.randomUUID() } as JsonObject
    expect(await at.send(nameless)).toMatchObject({ [name]: 'U' })
  })
})
