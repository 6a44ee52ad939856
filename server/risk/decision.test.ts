import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import { document } from '#domain/risk/policy/testing/policy.ts'
import { readActivity } from '../account/activity.ts'
import { readOwnData } from '../account/own-data.ts'
import { showWindow } from '../challenge/view.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { SoftwareAuthenticator } from '../testing/authenticator.ts'
import { browserOf } from '../testing/browser.ts'
import { cards } from '../testing/cards.ts'
import { type Answered, type Deployment, startDeployment } from '../testing/deployment.ts'
import { type Person, peopleOf } from '../testing/people.ts'
import { usePolicy } from '../testing/policies.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { explainDecision } from './explain.ts'
import { explanationText } from './explain-text.ts'
import { foldEvents } from './history/fold.ts'
import { refreshPolicies } from './policies-in-use.ts'
import { stopUse } from './policy-steps.ts'

// From an AReq to its answer with a risk policy: what the cardholder and the merchant meet, and what is kept.

const day = 24 * 3600
const japan = readFileSync(new URL('../../domain/risk/policies/japan.json', import.meta.url))
let at: Deployment
const gateway = new SmsGatewayDouble()
const people = peopleOf(() => at, gateway, 'decision')

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
  at.changeIssuer(ordinary => ({
    ...ordinary,
    challengeAbove: { '392': '200000' },
    largerAbove: { '392': '150000' },
    decoupled: 'preferred',
    risk: { currency: '392', rates: { '392': 1 } },
  }))
  at.configure({})
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
beforeEach(() => at.toNextMorning())
afterEach(async () => {
  for (const {
    policy_id: policyId,
    version,
  } of await at.sql`select policy_id, version from risk_policies where use is not null`)
    await stopUse({ policyId, version }, { by: 'risk-office', reason: 'a test' })
  await refreshPolicies()
})

const groceries = { purchaseAmount: '6000', acquirerMerchantID: 'groceries', mcc: '5411' }
const giftCards = { purchaseAmount: '60000', acquirerMerchantID: 'gifts', mcc: '5947' }
const thief = { browserIP: '198.51.100.7', browserLanguage: 'ru', browserTZ: '-180' }

/** A cardholder who has paid for groceries each day of a week in the same browser, and that browser. */
async function regular() {
  const person = await people.person()
  const browser = browserOf()
  for (let i = 0; i < 8; i++) {
    await at.areq({ acctNumber: person.acctNumber, ...(await browser()), ...groceries })
    at.advance(day)
  }
  while (await foldEvents(500));
  return { person, browser }
}

async function addPasskey({ cardholderId }: Person, age = 30 * day): Promise<void> {
  await new SoftwareAuthenticator().addTo(at, cardholderId, { createdAt: now() - age * 1000 })
}

const pay = ({ acctNumber }: Person, ...overrides: readonly Overrides[]) =>
  at.areq(Object.assign({ acctNumber }, ...overrides))
const answerIn = ({ transStatus, transStatusReason }: Answered) =>
  [transStatus, transStatusReason].filter(Boolean).join('/')

async function keptOf({ acsTransID }: Answered) {
  const [row] = await at.sql`select decision, risk from authentications where acs_trans_id = ${acsTransID ?? null}`
  const [event] =
    await at.sql`select fields from audit_events where type = 'payment-decided' and ref = ${await at.idOf(acsTransID)}`
  return { decision: row?.decision, risk: row?.risk, event: event?.fields }
}

describe('the default policy', () => {
  beforeEach(() => usePolicy(japan))

  test('lets the usual payment pass, and keeps why', async () => {
    const { person, browser } = await regular()
    const ares = await pay(person, await browser(), groceries)
    expect(answerIn(ares)).toBe('Y')
    const { decision, risk } = await keptOf(ares)
    expect(decision).toBe('frictionless')
    expect(risk).toMatchObject({ policy: 'japan 1', outcome: 'frictionless', reasons: expect.any(Array) })
    expect(risk.signals).toMatchObject({ amount: 6000, cardPayments: expect.any(Number) })
    expect(risk.signals).not.toHaveProperty('externalScore')
  })

  test('asks for a code where a stranger would be asked: 12,000 yen from nowhere known', async () => {
    const { person } = await regular()
    const ares = await pay(person, thief, { ...groceries, purchaseAmount: '12000', threeDSRequestorChallengeInd: '05' })
    expect(ares).toMatchObject({ transStatus: 'C', acsChallengeMandated: 'Y' })
    const { decision, risk, event } = await keptOf(ares)
    expect(decision).toBe('challenge-policy')
    expect(event).toEqual({ answer: 'challenge', rule: 'policy' })
    expect(risk).toMatchObject({ outcome: 'challenge', rules: expect.arrayContaining(['settings-new']) })
    const opened = await at.creq(ares)
    expect(await showWindow(opened.kind === 'window' ? opened.windowKey : '')).toMatchObject({
      kind: 'asking',
      asked: ['email-code', 'sms-code'],
    })
  })

  test('asks for the passkey alone where a thief may read codes: gift cards for 60,000 yen from nowhere known', async () => {
    const { person } = await regular()
    await addPasskey(person)
    const ares = await pay(person, thief, giftCards)
    expect(answerIn(ares)).toBe('C')
    expect(await at.challenge(ares.acsTransID ?? '')).toMatchObject({ on_device: true, preference: 'passkey' })
    const opened = await at.creq(ares)
    expect(await showWindow(opened.kind === 'window' ? opened.windowKey : '')).toMatchObject({
      kind: 'asking',
      asked: ['passkey'],
      available: ['passkey'],
    })
    expect((await keptOf(ares)).risk).toMatchObject({ outcome: 'challenge-on-device' })
  })

  test.each([
    ['has none', undefined],
    ['has one that was added an hour ago', 3600],
  ])('refuses the same where the cardholder %s, and says what to do', async (_what, age) => {
    const { person } = await regular()
    if (age !== undefined) await addPasskey(person, age)
    const ares = await pay(person, thief, giftCards)
    expect(answerIn(ares)).toBe('N/12')
    expect(ares.cardholderInfo).toContain('passkey or approval device')
    expect(await keptOf(ares)).toMatchObject({
      decision: 'device-needed',
      event: { answer: 'device-needed', rule: 'policy' },
    })
  })

  test('keeps the cardholder from the account then, although the requestor permits decoupled authentication', async () => {
    const { person } = await regular()
    await addPasskey(person)
    const decoupled = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }
    expect(answerIn(await pay(person, thief, giftCards, decoupled))).toBe('C')
    // Where a code is enough, so is the account.
    const twelve = { ...groceries, purchaseAmount: '12000' }
    expect(answerIn(await pay(person, thief, twelve, decoupled))).toBe('D')
  })

  test('changes nothing that is asked without it: above the issuer’s amount, and when the requestor asks', async () => {
    const { person, browser } = await regular()
    const large = await pay(person, await browser(), { ...groceries, purchaseAmount: '200001' })
    expect(await keptOf(large)).toMatchObject({ decision: 'challenge-amount' })
    const asked = await pay(person, await browser(), groceries, { threeDSRequestorChallengeInd: '04' })
    expect(await keptOf(asked)).toMatchObject({
      decision: 'challenge-requestor-asked',
      risk: { outcome: 'frictionless' },
    })
  })

  test('gives a repeated AReq the first answer, though the card’s history has changed', async () => {
    const { person } = await regular()
    const message = at.message({ acctNumber: person.acctNumber, ...thief, ...groceries, purchaseAmount: '12000' })
    const first = await at.send(message)
    await pay(person, thief, giftCards)
    expect(await at.send(message)).toEqual(first)
  })
})

describe('a policy that refuses', () => {
  const refusing = {
    ...document(),
    id: 'strict',
    thresholds: { challenge: 10, refuse: 25 },
    examples: [{ about: 'unknown', signals: { amount: 500 }, outcome: 'refuse' }],
  }

  test('is answered R/11 without a value, and the cardholder is told whom to call', async () => {
    await usePolicy(refusing)
    const person = await people.person()
    const ares = await pay(person, thief, groceries)
    expect(ares).toMatchObject({ transStatus: 'R', transStatusReason: '11', eci: '07' })
    expect(ares).not.toHaveProperty('authenticationValue')
    expect(ares.cardholderInfo).toContain('call the number on the back of your card')
    expect(await keptOf(ares)).toMatchObject({
      decision: 'suspected',
      event: { answer: 'suspected', rule: 'policy' },
      risk: { policy: 'strict 1', outcome: 'refuse', rules: ['device'], reasons: ['device-new'] },
    })
  })

  test('only records while it is in shadow', async () => {
    await usePolicy({ ...refusing, version: 2 }, 'shadow')
    const ares = await pay(await people.person(), thief, groceries)
    expect(answerIn(ares)).toBe('Y')
    const { risk } = await keptOf(ares)
    expect(risk.shadow).toEqual({ policy: 'strict 2', outcome: 'refuse', score: 25, rules: ['device'] })
    expect(risk).not.toHaveProperty('policy')
    expect(risk.signals).toMatchObject({ amount: 6000 })
  })

  test('does not decide about a card that is not ours, nor in 3RI', async () => {
    await usePolicy({ ...refusing, version: 3 })
    const unknown = await at.areq({ acctNumber: cards.unknown })
    expect(answerIn(unknown)).toBe('N/08')
    const threeRI = await pay(await people.person(), { deviceChannel: '03', threeRIInd: '11', purchaseAmount: '500' })
    expect((await keptOf(threeRI)).decision).not.toBe('suspected')
    for (const ares of [unknown, threeRI]) expect((await keptOf(ares)).risk).not.toHaveProperty('policy')
  })
})

test('the cardholder reads why they were asked, in the activity and in their data, without the rules', async () => {
  await usePolicy(japan)
  const { person } = await regular()
  const ares = await pay(person, thief, { ...groceries, purchaseAmount: '12000' })
  await at.creq(ares)
  const actor = await people.strong(person)
  const [entry] = (await readActivity(actor, undefined)).entries.filter(({ kind }) => kind === 'payment')
  expect(entry).toMatchObject({ id: ares.acsTransID, reasons: ['device-new', 'place-unusual', 'amount-unusual'] })
  const read = await readOwnData(actor)
  const own = JSON.stringify(read.kind === 'data' ? read.data : '')
  expect(own).toContain('"reasons":["device-new"')
  expect(own).toContain('"amount":12000')
  for (const secret of [
    'japan',
    'settings-new',
    '"score"',
    '"rules"',
    'networkCardsDay',
    'merchantUnknownHour',
    'externalScore',
  ])
    expect(own).not.toContain(secret)
})

describe('an explanation for staff', () => {
  test('names the rule, the policy, each rule of it that applied with what it read, and every signal', async () => {
    await usePolicy(japan)
    await usePolicy({ ...document(), version: 9 }, 'shadow')
    const { person } = await regular()
    const ares = await pay(person, thief, giftCards)
    const explained = await explainDecision(ares.acsTransID ?? '', { by: 'helpdesk', reason: 'INC0012' })
    if (!explained) throw new Error('no explanation')
    const text = explanationText(explained)
    expect(text).toMatch(/^decision +device-needed, ARes N\/12$/m)
    expect(text).toMatch(
      /^policy +japan 1: challenge-on-device, score \d+ \(challenge from 53, challenge-on-device from 68\)$/m,
    )
    expect(text).toMatch(/^ +7 {2}resold: category 5947$/m)
    expect(text).toMatch(/^shadow +small 9: /m)
    expect(text).toMatch(/^ {2}amount +60000 {2}\(units of the issuer’s currency\)$/m)
    expect(text).toMatch(/^ {2}externalScore +unknown$/m)
    expect(explained.rules?.map(({ id }) => id)).toEqual((await keptOf(ares)).risk.rules)
    const [event] = await at.sql`select fields, ref from audit_events where type = 'decision-explained'`
    expect(event).toEqual({ fields: { by: 'helpdesk', reason: 'INC0012' }, ref: await at.idOf(ares.acsTransID) })
  })

  test('says so where no policy decided, and there is none of an unknown payment', async () => {
    const ares = await pay(await people.person(), { purchaseAmount: '500' })
    const explained = await explainDecision(ares.acsTransID ?? '', { by: 'helpdesk' })
    expect(explained && explanationText(explained)).toMatch(/^policy +none decided$/m)
    expect(await explainDecision('4b0ef1a2-6c1d-4f0e-9a53-0d2b8a6c7e11', { by: 'helpdesk' })).toBeUndefined()
  })
})

test('an issuer without risk keeps nothing of it', async () => {
  const { risk } = config().issuer
  expect(risk).toBeDefined()
  at.changeIssuer(ordinary => ordinary)
  at.configure({})
  const ares = await pay(await people.person(), { purchaseAmount: '500' })
  expect(answerIn(ares)).toBe('Y')
  expect((await keptOf(ares)).risk).toBeNull()
})
