import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { wasProven } from '#db/queries/authentications.ts'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { makeActivationCodes } from '../account/activation-codes.ts'
import { confirmRegistered } from '../account/confirm-registered.ts'
import { beginEnrolment } from '../account/enrol.ts'
import { reportByLink } from '../account/report-change.ts'
import { openSession, resumeSession } from '../account/sessions.ts'
import { chooseMethod, resendCode, submitAnswer } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { unlockCards } from '../issuer/unlock-cards.ts'
import { isSigned } from '../messaging/gateways/signed-post.ts'
import { now } from '../platform/clock.ts'
import { cardNumber } from '../testing/cards.ts'
import { type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { confirmContact, giveAnotherContact, giveContact, proveFacts, resendToContact } from './register.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'registering')
const [small, tooLarge] = ['12800', '20001']

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  at.changeIssuer(on)
  at.configure({})
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(() => {
  at.toNextMorning()
})

type IssuerJson = Parameters<Parameters<Deployment['changeIssuer']>[0]>[0]
const on = (ordinary: IssuerJson) => ({
  ...ordinary,
  largerAbove: { '392': '30000' },
  registration: { upTo: { '392': '20000' } },
})

interface Unknown {
  readonly ref: string
  readonly acctNumber: string
}

let count = 0
/** A cardholder without a contact, with the facts of the issuer's list. */
async function unknown(facts: object = { debitAccountLastFour: '1138', dateOfBirth: '1988-11-03' }): Promise<Unknown> {
  count += 1
  const ref = `unknown-${count}`
  const acctNumber = cardNumber(900_000 + count)
  await at.importList([line({ ref, acctNumber }, facts)])
  return { ref, acctNumber }
}

function line({ ref, acctNumber }: Unknown, more: object = {}) {
  return {
    cardNumber: acctNumber,
    cardholderId: ref,
    expiry: '2036-12',
    status: 'active',
    language: 'ja',
    names: {},
    ...more,
  }
}

const right = { first: '1138', year: '1988', month: '11', day: '3' }
const wrong = { ...right, first: '1139' }
const newAddress = () => people.another('email')

async function opened({ acctNumber }: Unknown, overrides: Overrides = {}, version?: MessageVersion) {
  return at.window({ acctNumber, purchaseAmount: small, ...overrides }, version)
}

/** A window in which the facts were right, and a code was sent to `to`. */
async function withCode(person: Unknown, to: string, overrides: Overrides = {}, version?: MessageVersion) {
  const window = await opened(person, overrides, version)
  await proveFacts(window.windowKey, right)
  await giveContact(window.windowKey, 'email', to)
  await at.deliver()
  return { ...window, code: people.codeTo('email', to) }
}

async function registered(to = newAddress(), person?: Unknown) {
  const who = person ?? (await unknown())
  const window = await withCode(who, to)
  expect(await confirmContact(window.windowKey, window.code)).toEqual({ kind: 'ended' })
  await at.deliver()
  return { ...who, ...window, to }
}

const noticeIn = async (windowKey: string) => {
  const window = await showWindow(windowKey)
  return window.kind === 'asking' ? window.notice : window.kind === 'ended' ? window.outcome : window.kind
}
const stepIn = async (windowKey: string) => {
  const window = await showWindow(windowKey)
  return window.kind === 'asking' ? window.registration?.step : window.kind
}
const resultOf = (acsTransID: string) => at.directoryServer.rreqsOf(acsTransID).at(-1)
const cardholderOf = async ({ ref }: Unknown) =>
  String((await at.sql`select id from cardholders where issuer_ref = ${ref}`)[0]?.id)

describe('a cardholder without a contact', () => {
  test.each(['2.1.0', '2.2.0', '2.3.1'] as const)(
    'registers an address in the window, which authenticates the purchase (%s)',
    async version => {
      const person = await unknown()
      const to = newAddress()
      const { windowKey, acsTransID, code, ares } = await withCode(person, to, {}, version)
      const stated = version === '2.3.1' ? { authenticationMethod: ['06'] } : { authenticationType: '01' }
      expect(ares).toMatchObject({ transStatus: 'C', ...stated })
      expect(await confirmContact(windowKey, code)).toEqual({ kind: 'ended' })
      const method = version === '2.3.1' ? ['06'] : '06'
      expect(resultOf(acsTransID)).toMatchObject({ transStatus: 'Y', authenticationMethod: method, ...stated })
      expect((await at.proofs(acsTransID)).registration).toMatchObject({
        state: 'proved',
        facts: ['debit-account', 'date-of-birth'],
        draft: null,
        destination: expect.stringMatching(/^n•••@•••\.example$/),
      })
      const [contact] = await at.sql`select * from contacts where cardholder_id = ${await cardholderOf(person)}`
      expect(contact).toMatchObject({ kind: 'email', source: 'cardholder', ended_at: null })
      expect(contact?.provisional_since).not.toBeNull()
    },
  )

  test('may enter the activation code of a letter as the first fact, typed as people do', async () => {
    const person = await unknown({ dateOfBirth: '1988-11-03' })
    expect((await at.areq({ acctNumber: person.acctNumber })).transStatus).toBe('N')
    const code = (await makeActivationCodes([person.ref])).letters[0]?.activationCode ?? ''
    const { windowKey } = await opened(person)
    await proveFacts(windowKey, { first: ` ${code.toLowerCase()} `, year: '１９８８', month: '１１', day: '０３' })
    expect(await stepIn(windowKey)).toBe('contact')
  })

  test('gets the same page whichever fact was wrong, and the reason only for what cannot be a fact', async () => {
    const person = await unknown()
    const { windowKey } = await opened(person)
    const pages = []
    for (const typed of [wrong, { ...right, day: '4' }]) {
      await proveFacts(windowKey, typed)
      pages.push(await noticeIn(windowKey))
    }
    expect(pages).toEqual(['facts-wrong', 'facts-wrong'])
    for (const [typed, notice] of [
      [{ ...right, first: '' }, 'facts-missing'],
      [{ ...right, first: '113' }, 'fact-malformed'],
      [{ ...right, month: '13' }, 'birth-malformed'],
      [{ ...right, month: '2', day: '30' }, 'birth-malformed'],
      [{ ...right, first: '9'.repeat(5000) }, 'fact-malformed'],
    ] as const) {
      await proveFacts(windowKey, typed)
      expect(await noticeIn(windowKey)).toBe(notice)
    }
    // What cannot be a fact used up no try: the third is the right one.
    await proveFacts(windowKey, right)
    expect(await noticeIn(windowKey)).toBe('facts-right')
  })

  test('corrects an address, and only the code of the last one is right', async () => {
    const person = await unknown()
    const [first, second] = [newAddress(), newAddress()]
    const { windowKey, code } = await withCode(person, first)
    await giveAnotherContact(windowKey)
    expect(await showWindow(windowKey)).toMatchObject({ registration: { step: 'contact', typed: first } })
    expect(await confirmContact(windowKey, code)).toEqual({ kind: 'asking' })
    await giveContact(windowKey, 'email', 'not an address')
    expect(await showWindow(windowKey)).toMatchObject({
      notice: 'email-malformed',
      registration: { typed: 'not an address' },
    })
    await giveContact(windowKey, 'email', second)
    await at.deliver()
    await confirmContact(windowKey, code)
    expect(await noticeIn(windowKey)).toBe('code-wrong')
    expect(await confirmContact(windowKey, people.codeTo('email', second))).toEqual({ kind: 'ended' })
    expect(
      await at.sql`select count(*)::int as n from contacts where cardholder_id = ${await cardholderOf(person)}`,
    ).toEqual([{ n: 1 }])
  })

  test('is told of a wrong, an early and an expired code, and ends without tries', async () => {
    const to = newAddress()
    const { windowKey, code, acsTransID } = await withCode(await unknown(), to)
    await resendToContact(windowKey)
    expect(await noticeIn(windowKey)).toBe('resend-too-soon')
    at.advance(codePolicy['contact-change'].resendAfter / 1000)
    await resendToContact(windowKey)
    await at.deliver()
    await confirmContact(windowKey, code)
    expect(await noticeIn(windowKey)).toBe('code-earlier')
    at.advance(9 * 60)
    await confirmContact(windowKey, '')
    at.advance(9 * 60)
    await confirmContact(windowKey, people.codeTo('email', to))
    expect(await noticeIn(windowKey)).toBe('code-expired')
    at.advance(1)
    await resendToContact(windowKey)
    await at.deliver()
    const last = people.codeTo('email', to)
    for (let tries = 0; tries < 4; tries++) await confirmContact(windowKey, otherThan(last))
    expect(resultOf(acsTransID)).toMatchObject({ transStatus: 'N', transStatusReason: '19' })
    expect(await confirmContact(windowKey, last)).toEqual({ kind: 'ended' })
  })

  test('may register a mobile number as well, which waits for its day and does not authenticate the purchase', async () => {
    const person = await unknown()
    const number = people.another('mobile')
    const { windowKey } = await opened(person)
    await proveFacts(windowKey, right)
    await giveContact(windowKey, 'mobile', '03-1234-5678')
    expect(await noticeIn(windowKey)).toBe('mobile-no-sms')
    await giveContact(windowKey, 'mobile', number)
    await at.deliver()
    expect(await confirmContact(windowKey, people.codeTo('mobile', number))).toEqual({ kind: 'asking' })
    expect(await showWindow(windowKey)).toMatchObject({
      notice: 'mobile-registered',
      registration: { step: 'contact', mobileFrom: Date.parse('2027-06-01T00:00:00+09:00') + daysFromStart() },
    })
    await giveContact(windowKey, 'mobile', people.another('mobile'))
    expect(await noticeIn(windowKey)).toBe('mobile-scheduled')
  })

  test('in a second window gets a code once the first has registered the address', async () => {
    const person = await unknown()
    const second = await opened(person)
    await proveFacts(second.windowKey, right)
    const { to } = await registered(newAddress(), person)
    await giveContact(second.windowKey, 'email', newAddress())
    expect(await showWindow(second.windowKey)).toMatchObject({ kind: 'asking', asked: ['email-code', 'sms-code'] })
    await at.deliver()
    expect(await submitAnswer(second.windowKey, people.codeTo('email', to))).toEqual({ kind: 'ended' })
    expect(resultOf(second.acsTransID)).toMatchObject({ transStatus: 'Y', authenticationMethod: '05' })
    // Nothing is remembered of a browser in which a provisional contact succeeded.
    expect(
      await at.sql`select * from card_browsers where card_id in
      (select id from cards where cardholder_id = ${await cardholderOf(person)})`,
    ).toEqual([])
  })

  test('may enter the right code twice at the same time, and is authenticated once', async () => {
    const person = await unknown()
    const { windowKey, code, acsTransID } = await withCode(person, newAddress())
    await Promise.all([1, 2, 3].map(() => confirmContact(windowKey, code)))
    expect(at.directoryServer.rreqsOf(acsTransID)).toHaveLength(1)
    expect(
      await at.sql`select count(*)::int as n from contacts where cardholder_id = ${await cardholderOf(person)}`,
    ).toEqual([{ n: 1 }])
  })

  test('changes nothing with forms of another step or method', async () => {
    const { windowKey } = await opened(await unknown())
    await giveContact(windowKey, 'email', newAddress())
    await confirmContact(windowKey, '012345')
    await resendToContact(windowKey)
    await giveAnotherContact(windowKey)
    await submitAnswer(windowKey, '012345')
    await resendCode(windowKey)
    await chooseMethod(windowKey, 'code')
    await chooseMethod(windowKey, ['passkey'])
    expect(await stepIn(windowKey)).toBe('facts')
    expect(await proveFacts('x'.repeat(43), right)).toEqual({ kind: 'unknown' })
  })
})

/** Three business days after the clock's Tuesday-based day. */
function daysFromStart(): number {
  const day = 24 * 60 * 60_000
  const today = Math.floor((now() - Date.parse('2027-06-01T00:00:00+09:00')) / day)
  const weekday = (today + 2) % 7
  const more = weekday >= 3 && weekday <= 5 ? 5 : weekday === 6 ? 4 : 3
  return (today + more) * day
}

describe('registration is not offered, and the answer is N/13', () => {
  const n13 = { transStatus: 'N', transStatusReason: '13' }

  test('without both facts, above the amount, in another currency, and where nothing can be measured', async () => {
    const person = await unknown()
    for (const facts of [{}, { dateOfBirth: '1988-11-03' }, { debitAccountLastFour: '1138' }])
      expect(await at.areq({ acctNumber: (await unknown(facts)).acctNumber })).toMatchObject(n13)
    for (const overrides of [{ purchaseAmount: tooLarge }, { purchaseCurrency: '840', purchaseExponent: '2' }])
      expect(await at.areq({ acctNumber: person.acctNumber, ...overrides })).toMatchObject(n13)
  })

  test('to a cardholder who can confirm in another way', async () => {
    const person = await unknown()
    const cardholderId = await cardholderOf(person)
    await at.sql`insert into approval_devices (id, cardholder_id, name, platform, public_key, thumbprint, created_at)
      values (${randomUUID()}, ${cardholderId}, 'phone', 'iOS', '{}', ${randomUUID()}, ${now()})`
    expect(await at.areq({ acctNumber: person.acctNumber })).toMatchObject(n13)
  })

  test('where the issuer has not switched it on; an address that was registered then authenticates nothing', async () => {
    const { acctNumber } = await registered()
    const other = await unknown()
    const { windowKey, acsTransID } = await opened(other)
    at.changeIssuer(ordinary => ordinary)
    at.configure({})
    expect(await at.areq({ acctNumber: (await unknown()).acctNumber })).toMatchObject(n13)
    expect(await at.areq({ acctNumber })).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
    await proveFacts(windowKey, right)
    expect(resultOf(acsTransID)).toMatchObject(n13)
    at.changeIssuer(on)
    at.configure({})
  })

  test('and never A, although the card range answers attempts, once facts are known', async () => {
    at.changeIssuer(ordinary => ({
      ...on(ordinary),
      ranges: ordinary.ranges.map(range => ({ ...range, attempts: true })),
    }))
    at.configure({})
    const person = await unknown()
    expect(await at.areq({ acctNumber: person.acctNumber, purchaseAmount: tooLarge })).toMatchObject(n13)
    const { windowKey } = await opened(person)
    for (let tries = 0; tries < 3; tries++) await proveFacts(windowKey, wrong)
    expect(await at.areq({ acctNumber: person.acctNumber })).toMatchObject(n13)
    expect((await at.areq({ acctNumber: (await unknown({})).acctNumber })).transStatus).toBe('A')
    at.changeIssuer(on)
    at.configure({})
  })
})

describe('a stranger who guesses', () => {
  test('has three tries a day for all windows of a card, however many are submitted at once', async () => {
    const person = await unknown()
    const windows = await Promise.all([1, 2, 3, 4].map(() => opened(person)))
    await Promise.all(windows.flatMap(({ windowKey }) => [1, 2, 3].map(() => proveFacts(windowKey, wrong))))
    const events = await at.sql`select * from audit_events where type = 'facts-checked' and ref = any(
      select id from challenges where acs_trans_id = any(${windows.map(({ acsTransID }) => acsTransID)}))`
    expect(events).toHaveLength(policy.limits.factsOfCardholder.most)
    const { windowKey } = windows[0] ?? { windowKey: '' }
    await proveFacts(windowKey, right)
    expect(await showWindow(windowKey)).toMatchObject({
      kind: 'ended',
      outcome: 'facts-spent',
      limit: { kind: 'facts-limited', until: expect.any(Number) },
    })
    expect(await at.areq({ acctNumber: person.acctNumber })).toMatchObject({ transStatus: 'N' })
  })

  test('has ten tries for ever, until the issuer allows facts anew', async () => {
    const person = await unknown()
    for (let day = 0; day < 4; day++) {
      const ares = await at.areq({ acctNumber: person.acctNumber })
      expect(ares.transStatus).toBe('C')
      const window = await at.creq(ares)
      const windowKey = window.kind === 'window' ? window.windowKey : ''
      for (let tries = 0; tries < 3; tries++) await proveFacts(windowKey, wrong)
      expect(await noticeIn(windowKey)).toBe('facts-spent')
      at.toNextMorning()
    }
    expect(await at.areq({ acctNumber: person.acctNumber })).toMatchObject({ transStatus: 'N' })
    expect(await at.sql`select wrong_facts from cardholders where issuer_ref = ${person.ref}`).toEqual([
      { wrong_facts: policy.wrongFactsEver },
    ])
    await unlockCards({ id: person.ref, by: 'operator', reason: 'called' })
    const { windowKey } = await opened(person)
    await proveFacts(windowKey, right)
    expect(await stepIn(windowKey)).toBe('contact')
  })

  test('is stopped over all cards by network and in the whole deployment', async () => {
    let tried = 0
    const guess = async (network: string) => {
      const { windowKey } = await opened(await unknown(), {
        browserIP: network,
        acquirerMerchantID: `merchant-${tried % 9}`,
      })
      await proveFacts(windowKey, wrong)
      tried += 1
      return noticeIn(windowKey)
    }
    for (let tries = 0; tries < policy.limits.factsFromNetwork.most - 1; tries++)
      expect(await guess('192.0.2.7')).toBe('facts-wrong')
    expect(await guess('192.0.2.7')).toBe('facts-spent')
    await at.sql`update tallies set count = ${policy.limits.factsOfDeployment.most - 1} where name = 'challenge.factsOfDeployment'`
    expect(await guess('203.0.113.1')).toBe('facts-spent')
    expect(await at.areq({ acctNumber: (await unknown()).acctNumber })).toMatchObject({ transStatus: 'N' })
  })

  test('uses up nothing with right facts: they give the try back', async () => {
    const person = await unknown()
    const { windowKey } = await opened(person)
    await Promise.all([1, 2, 3].map(() => proveFacts(windowKey, right)))
    expect(await stepIn(windowKey)).toBe('contact')
    expect(await at.sql`select wrong_facts from cardholders where issuer_ref = ${person.ref}`).toEqual([
      { wrong_facts: 0 },
    ])
  })
})

describe('the issuer’s own service', () => {
  const asked: { body: string; time: string; signature: string }[] = []
  let answer: { status: number; body: string } | undefined
  const secret = 'the secret of the service that checks facts'
  const service = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const header = (name: string) => String(request.headers[name])
      const body = Buffer.concat(parts).toString()
      asked.push({ body, time: header('x-signature-time'), signature: header('x-signature') })
      if (!answer) return request.socket.destroy()
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  })

  beforeAll(async () => {
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
    const { port } = service.address() as AddressInfo
    at.changeIssuer(ordinary => ({
      ...on(ordinary),
      registration: { upTo: { '392': '20000' }, proof: { url: `http://127.0.0.1:${port}/check` } },
    }))
    at.configure({ REGISTRATION_PROOF_SECRET: secret })
  })
  afterAll(() => {
    service.closeAllConnections()
    service.close()
    at.changeIssuer(on)
    at.configure({})
  })

  test('checks the facts of cardholders for whom the list has none, by a signed request', async () => {
    const person = await unknown({})
    const { windowKey } = await opened(person)
    answer = { status: 200, body: '{"matches":false}' }
    await proveFacts(windowKey, wrong)
    expect(await noticeIn(windowKey)).toBe('facts-wrong')
    answer = { status: 200, body: '{"matches":true}' }
    await proveFacts(windowKey, right)
    expect(await stepIn(windowKey)).toBe('contact')
    const { body, time, signature } = asked.at(-1) ?? { body: '{}', time: '', signature: '' }
    expect(JSON.parse(body)).toEqual({
      id: expect.any(String),
      cardholderId: person.ref,
      debitAccountLastFour: '1138',
      dateOfBirth: '1988-11-03',
    })
    expect(isSigned(secret, body, time, signature, now())).toBe(true)
    expect(at.log.join('\n')).not.toContain('1988-11-03')
  })

  test('that gives no usable answer costs no try', async () => {
    const person = await unknown({})
    const { windowKey } = await opened(person)
    for (const useless of [undefined, { status: 500, body: '{"matches":true}' }, { status: 200, body: 'yes' }]) {
      answer = useless
      await proveFacts(windowKey, right)
      expect(await noticeIn(windowKey)).toBe('facts-unavailable')
    }
    expect(await showWindow(windowKey)).toMatchObject({ registration: { step: 'facts', triesLeft: 3 } })
  })

  test('cannot make an activation code right that is not', async () => {
    const person = await unknown({})
    const other = await unknown({})
    const code = (await makeActivationCodes([other.ref])).letters[0]?.activationCode ?? ''
    const { windowKey } = await opened(person)
    answer = { status: 200, body: '{"matches":true}' }
    await proveFacts(windowKey, { ...right, first: code })
    expect(await noticeIn(windowKey)).toBe('facts-wrong')
    expect(JSON.parse(asked.at(-1)?.body ?? '{}')).not.toHaveProperty('debitAccountLastFour')
  })
})

describe('an address that was registered in a window', () => {
  test('authenticates later purchases up to the amount only, until it is confirmed', async () => {
    const person = await registered()
    at.advance(25 * 3600)
    const codesTo = async (purchaseAmount: string) => people.codesFor(person as never, purchaseAmount)
    expect(await codesTo(small)).toEqual([person.to])
    expect(await at.areq({ acctNumber: person.acctNumber, purchaseAmount: tooLarge })).toMatchObject({
      transStatus: 'N',
      transStatusReason: '12',
    })
    const cardholderId = await cardholderOf(person)
    const actorBy = async (method: 'passkey' | 'letter', proofSince: number) => {
      const token = await transaction(tx => openSession(tx, { cardholderId, method, proofSince, device: 'a browser' }))
      const actor = await resumeSession(token)
      if (!actor) throw new Error('no session')
      return actor
    }
    // A passkey that came after the address may be the thief's who registered it.
    expect(await confirmRegistered(await actorBy('passkey', now()), 'email')).toEqual({ kind: 'unproved' })
    expect(await confirmRegistered(await actorBy('letter', now()), 'email')).toEqual({ kind: 'confirmed' })
    expect(await confirmRegistered(await actorBy('letter', now()), 'email')).toEqual({ kind: 'confirmed' })
    expect(await codesTo(tooLarge)).toEqual([person.to])
  })

  test('makes no challenge a proof for later payments without the cardholder, until it is confirmed', async () => {
    const { acctNumber, acsTransID, ref } = await registered()
    const [card] = await at.sql`select id from cards where cardholder_id = ${await cardholderOf({ ref, acctNumber })}`
    const { requestor_id: requestorID } = await at.challenge(acsTransID)
    const isProven = () =>
      wasProven(String(card?.id), [acsTransID], { directoryServer: 'first', requestorID: String(requestorID) })
    expect(await isProven()).toBe(false)
    await at.sql`update contacts set provisional_since = null where cardholder_id = ${await cardholderOf({ ref, acctNumber })}`
    expect(await isProven()).toBe(true)
  })

  test('is no second proof beside a letter', async () => {
    const person = await registered()
    await at.sql`delete from proof_facts where cardholder_id = ${await cardholderOf(person)}`
    const code = (await makeActivationCodes([person.ref])).letters[0]?.activationCode ?? ''
    expect(await beginEnrolment({ visit: randomUUID(), network: randomUUID() }, code)).toEqual({ kind: 'no-proof' })
  })

  test('is told to every former contact, with a link that stops it, and to the issuer', async () => {
    const person = await unknown()
    const former = newAddress()
    await at.importList([line(person, { email: former })])
    await at.importList([line(person, { email: null })])
    const { to, acctNumber } = await registered(newAddress(), person)
    const subject = 'お買い物の途中に連絡先が登録されました'
    expect(people.mailsTo('security@issuer.example').at(-1)?.text).toContain(person.ref)
    expect(people.mailsTo(to).filter(mail => mail.subject?.includes(subject))).toEqual([])
    expect(await reportByLink(people.linkTo(former, subject), randomUUID())).toEqual({ kind: 'reported' })
    expect(await at.areq({ acctNumber })).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
  })

  test('has a code whose message names shop and amount, and nothing of the cardholder', async () => {
    const person = await unknown()
    await at.sql`insert into preferences (cardholder_id, updated_at) values (${await cardholderOf(person)}, ${now()})`
    const to = newAddress()
    await withCode(person, to)
    const text = people.mailsTo(to).at(-1)?.text ?? ''
    expect(text).toContain('12,800円')
    expect(text).toContain('このメールアドレスが認証コードの送信先として登録されます')
  })
})
