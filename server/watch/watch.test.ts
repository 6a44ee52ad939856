import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { until } from '#db/testing/until.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import { document } from '#domain/risk/policy/testing/policy.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import { readReport, reportByLink } from '../account/report-change.ts'
import { cancelChallenge, submitAnswer } from '../challenge/submit.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { explainDecision } from '../risk/explain.ts'
import { explanationText } from '../risk/explain-text.ts'
import { foldEvents } from '../risk/history/fold.ts'
import { refreshPolicies } from '../risk/policies-in-use.ts'
import { stopUse } from '../risk/policy-steps.ts'
import { AlertHookDouble, alertKeyId, alertSecret, signature } from '../testing/alert-hook.ts'
import { SoftwareAuthenticator } from '../testing/authenticator.ts'
import { cardNumber, cards } from '../testing/cards.ts'
import { belowLimit, type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { type Person, peopleOf } from '../testing/people.ts'
import { usePolicy } from '../testing/policies.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { answerReceipt, isReceipt } from '../web/receipts.ts'
import { takeAlertReceipt } from './acknowledge.ts'
import { closeAlert, listAlerts } from './alerts.ts'
import { confirmRefused, readRefused } from './confirm-payment.ts'
import { recordForWatch } from './record.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const hook = new AlertHookDouble()
const people = peopleOf(() => at, sms, 'watch')

beforeAll(async () => {
  await Promise.all([sms.start(), hook.up()])
  at = await startDeployment({ ...sms.settings(), ALERT_SECRET: alertSecret })
  const risk = { currency: '392', rates: { '392': 1 }, alerts: hook.settings }
  at.changeIssuer(ordinary => ({ ...ordinary, risk }))
  at.configure({})
})
afterAll(async () => {
  await at.stop()
  await Promise.all([sms.stop(), hook.down()])
})
beforeEach(async () => {
  at.toNextMorning()
  await at.sql`delete from risk_events`
  await at.sql`delete from risk_rows`
  await at.sql`delete from alerts`
  await at.sql`delete from outbox`
  hook.taken.length = 0
  hook.refusal = undefined
})

const fold = async () => {
  while (await foldEvents(500));
  await at.deliver('watch-notice')
}
const rules = async () => (await listAlerts(true)).map(({ rule, subject }) => `${rule} ${subject.kind}`).sort()
const events = async () => Number((await at.sql`select count(*) from risk_events`)[0]?.count)

/** Five card numbers that do not exist, from one network. */
async function enumerate(browserIP = '203.0.113.9'): Promise<void> {
  for (let count = 0; count < 5; count++) await at.areq({ acctNumber: cardNumber(count, '378'), browserIP })
}

/** Challenges of a card that were not passed. */
async function fail(person: Person, count: number, browserIP = '203.0.113.77', more: Overrides = {}): Promise<void> {
  for (let failed = 0; failed < count; failed++) {
    const { windowKey } = await at.window({ acctNumber: person.acctNumber, browserIP, ...more })
    await cancelChallenge(windowKey)
  }
}

const messagesTo = (person: Person) =>
  at.sql`select kind, template, next_at from outbox where cardholder_id = ${person.cardholderId}
    and template like 'notice.%' order by kind`

describe('an alert', () => {
  test('goes to the web-hook and by e-mail once, signed, and names no one', async () => {
    await enumerate()
    await fold()
    expect(await rules()).toEqual(['unknown-cards network'])
    await at.deliver()
    expect(hook.alerts).toEqual([
      {
        ...{ id: expect.any(String), nonce: expect.stringMatching(/^[\w-]{43}$/), rule: 'unknown-cards', count: 5 },
        subject: { kind: 'network', id: expect.any(String) },
        ...{ raisedAt: expect.stringMatching(/^\d{4}-.*Z$/), acsTransID: expect.any(String) },
      },
    ])
    const [{ headers, body } = { headers: {}, body: '' }] = hook.taken
    expect(Math.abs(Number(headers['x-signature-time']) * 1000 - now())).toBeLessThan(60_000)
    expect(body).not.toContain('203.0.113')
    const mail = at.mailbox.mails.filter(({ subject }) => subject?.includes('アラート'))
    expect(mail.map(({ text }) => text)).toEqual([expect.stringContaining('存在しないカード番号の試行。件数：5。')])
    expect(await listAlerts(false)).toMatchObject([{ state: 'sent', count: 5 }])
  })

  test('is raised once an hour while an attack goes on', async () => {
    for (const _round of [1, 2]) {
      await enumerate()
      await fold()
    }
    expect(await rules()).toEqual(['unknown-cards network'])
    at.advance(3600)
    await enumerate()
    await fold()
    expect(await rules()).toEqual(['unknown-cards network', 'unknown-cards network'])
  })

  test('is raised once by two workers', async () => {
    await enumerate()
    await Promise.all(Array.from({ length: 8 }, () => foldEvents(3)))
    await fold()
    expect(await rules()).toEqual(['unknown-cards network'])
    expect(await at.sql`select id from outbox where kind = 'alert' and handed_over_at is null`).toHaveLength(1)
  })

  test('survives a worker that is killed before its transaction ends, and is raised once by the next', async () => {
    await enumerate()
    const before = await events()
    const own = postgres(at.url, { max: 1, onnotice: () => {} })
    const killed = await own.begin(async tx => {
      // The worker waits here, having folded the events, and its connection is cut as by kill -9.
      await tx`lock table alerts in access exclusive mode`
      const folding = foldEvents(500).then(
        () => 'committed',
        () => 'lost',
      )
      await until(async () => {
        const gone = await at.sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query ilike '%into "alerts"%'`
        return gone.length > 0
      })
      return folding
    })
    await own.end()
    expect(killed).toBe('lost')
    expect([await events(), await rules()]).toEqual([before, []])
    await fold()
    expect([await events(), await rules()]).toEqual([0, ['unknown-cards network']])
  })

  test('reaches a web-hook that was down for an hour, once', async () => {
    await enumerate()
    await fold()
    await hook.down()
    for (let minutes = 0; minutes < 60; minutes += 5) {
      await at.deliver()
      at.advance(300)
    }
    await hook.up()
    expect(await listAlerts(false)).toMatchObject([{ rule: 'unknown-cards' }])
    at.advance(900)
    await at.deliver()
    await at.deliver()
    expect(hook.alerts).toMatchObject([{ rule: 'unknown-cards' }])
  })

  test.each([400, 404, 503])('is tried again while the web-hook answers %i', async status => {
    await enumerate()
    await fold()
    hook.refusal = status
    await at.deliver()
    expect(hook.taken).toEqual([])
    hook.refusal = undefined
    at.advance(60)
    await at.deliver()
    expect(hook.taken).toHaveLength(1)
  })
})

describe('a call-back', () => {
  async function sent() {
    await enumerate()
    await fold()
    await at.deliver()
    const [{ id = '', nonce = '' } = {}] = hook.alerts
    return { id, nonce, state: 'acknowledged' }
  }
  const call = async (
    body: object | string,
    { seconds = 0, secret = alertSecret, keyId = alertKeyId, other = '' } = {},
  ) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const time = String(Math.floor(now() / 1000) + seconds)
    return (await takeAlertReceipt(text, time, other || signature(time, text, secret), keyId)).kind
  }
  const state = async () => (await listAlerts(false)).map(alert => alert.state)

  test('acknowledges an alert, once: replayed, it is refused', async () => {
    const body = await sent()
    expect([await call(body), await call(body)]).toEqual(['taken', 'repeated'])
    expect(await state()).toEqual(['acknowledged'])
    const both = await Promise.all([call(body), call(body)])
    expect(both).toEqual(['repeated', 'repeated'])
  })

  test('of two at once, one is taken', async () => {
    const body = await sent()
    expect((await Promise.all([call(body), call(body)])).sort()).toEqual(['repeated', 'taken'])
  })

  test('that is forged, stale or malformed is refused, and changes nothing', async () => {
    const body = await sent()
    expect([
      await call(body, { secret: 'another secret than that of the web-hook' }),
      await call(body, { other: 'v1=00' }),
      await call(body, { keyId: 'alerts-0' }),
      await call(body, { seconds: -301 }),
      await call(body, { seconds: 301 }),
      await call({ ...body, nonce: 'another' }),
      await call({ ...body, id: randomUUID() }),
      await call({ ...body, id: '1' }),
      await call({ ...body, state: 'closed' }),
      await call('{'),
    ]).toEqual([...Array(5).fill('foreign'), 'unknown', 'unknown', 'malformed', 'malformed', 'malformed'])
    expect(await state()).toEqual(['sent'])
    expect(await call(body)).toBe('taken')
  })

  test('arrives at an address of its own, for POST only, and is answered by a status', async () => {
    const body = await sent()
    const server = createServer((request, response) => answerReceipt(request.url ?? '', request, response))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const post = async (content: string, method = 'POST') => {
      const time = String(Math.floor(now() / 1000))
      const headers = {
        'x-signature-key': alertKeyId,
        'x-signature-time': time,
        'x-signature': signature(time, content),
      }
      const whole = method === 'POST' ? { method, headers, body: content } : { method, headers }
      return (await fetch(`http://127.0.0.1:${port}/gateway/alerts`, whole)).status
    }
    const text = JSON.stringify(body)
    const statuses = [await post(text, 'GET'), await post('x'.repeat(20_000)), await post('{}'), await post(text)]
    expect([...statuses, await post(text)]).toEqual([405, 413, 400, 204, 409])
    expect(isReceipt('/gateway/alerts')).toBe(true)
  })

  test('without a web-hook is refused', async () => {
    const body = await sent()
    at.changeIssuer(issuer => issuer)
    at.configure({})
    const kind = await call(body)
    const risk = { currency: '392', rates: { '392': 1 }, alerts: hook.settings }
    at.changeIssuer(ordinary => ({ ...ordinary, risk }))
    at.configure({})
    expect(kind).toBe('foreign')
  })
})

describe('an operator', () => {
  test('closes an alert once, with name and reason in the audit log', async () => {
    await enumerate()
    await fold()
    const [{ id = '' } = {}] = await listAlerts(false)
    expect([await closeAlert(id, 'sato', 'blocked'), await closeAlert(id, 'sato', 'blocked')]).toEqual([
      { kind: 'closed' },
      { kind: 'unknown' },
    ])
    expect(await listAlerts(false)).toEqual([])
    expect(await listAlerts(true)).toMatchObject([{ state: 'closed' }])
    const events = await at.sql`select fields from audit_events where type = 'alert-closed' and ref = ${id}`
    expect(events.map(({ fields }) => fields)).toEqual([{ by: 'sato', reason: 'blocked' }])
  })

  test.each(['', '1', randomUUID()])('cannot close what is no alert: %j', async id => {
    expect(await closeAlert(id, 'sato', 'blocked')).toEqual({ kind: 'unknown' })
  })
})

describe('a notice', () => {
  test('tells the cardholder of payments that failed, on every contact, and never before the ARes', async () => {
    const person = await people.person()
    await fail(person, 3)
    await fold()
    expect(await rules()).toEqual(['card-failures card'])
    const queued = await messagesTo(person)
    expect(queued.map(({ kind, template }) => [kind, template])).toEqual([
      ['email', 'notice.unusual-payments'],
      ['sms', 'notice.unusual-payments'],
    ])
    const [last] = await at.sql`select max(created_at) as at from authentications`
    for (const { next_at } of queued)
      expect(Date.parse(next_at)).toBeGreaterThan(Date.parse(last?.at) + config().areqTime)
    await at.deliver()
    expect(people.mailsTo(person.email).map(({ subject }) => subject)).not.toContainEqual(
      expect.stringContaining('普段と異なる'),
    )
    at.advance(10)
    await at.deliver()
    expect(people.mailsTo(person.email).at(-1)?.text).toContain('普段と異なるお支払いの手続きがあり')
    expect(people.textsTo(person.mobile).at(-1)).toContain('お心当たりがなければ')
  })

  test('goes to an address that was replaced lately, too, and not to one of long ago', async () => {
    const person = await people.person()
    const { email = '' } = person
    const replace = (days: number) =>
      at.sql`update contacts set ended_at = ${now() - days * 86_400_000} where cardholder_id = ${person.cardholderId} and kind = 'email'`
    await replace(29)
    await fail(person, 3)
    await fold()
    at.advance(10)
    await at.deliver()
    expect(people.mailsTo(email)).toHaveLength(1)
    at.toNextMorning()
    await replace(31)
    await fail(person, 3)
    await fold()
    at.advance(10)
    await at.deliver()
    expect(people.mailsTo(email)).toHaveLength(1)
  })

  test('[Req 318, 319] is never caused by payments that pass without a question, however many', async () => {
    const person = await people.person()
    for (let count = 0; count < 9; count++)
      expect(await at.areq({ acctNumber: person.acctNumber, purchaseAmount: belowLimit })).toMatchObject({
        transStatus: 'Y',
      })
    await fold()
    expect(await rules()).toEqual(['card-burst card'])
    expect(await messagesTo(person)).toEqual([])
  })

  test('is not about a card that may not be used', async () => {
    for (let count = 0; count < 2; count++) await at.areq({ acctNumber: cards.stolen })
    await fold()
    expect(await rules()).toEqual([])
  })

  test('comes three times a day at most', async () => {
    const person = await people.person()
    for (let count = 0; count < 5; count++) {
      await at.sql`delete from alerts`
      await fail(person, 3)
      await fold()
    }
    expect(await messagesTo(person)).toHaveLength(6)
  })

  test('leads to "this was not me", without a sign-in, which only restricts', async () => {
    const person = await people.person()
    await fail(person, 3)
    await fold()
    at.advance(10)
    await at.deliver()
    const [, link = ''] = /account\/report\/([0-9a-f]{32})/.exec(people.mailsTo(person.email).at(-1)?.text ?? '') ?? []
    expect(await readReport(link, '192.0.2.1')).toMatchObject({ kind: 'open-identity', event: 'unusual-payments' })
    expect(await reportByLink(link, '192.0.2.1')).toEqual({ kind: 'reported' })
    const [row] = await at.sql`select report_open_since from cardholders where id = ${person.cardholderId}`
    expect(row?.report_open_since).not.toBeNull()
    await fold()
    expect(await rules()).toContain('report cardholder')
  })
})

describe('an attack from a network', () => {
  const browserIP = '203.0.113.200'
  /** Below the amount of a larger purchase; the merchant wishes a challenge. */
  const smaller = { purchaseAmount: belowLimit, threeDSRequestorChallengeInd: '04' }
  beforeEach(async () => {
    await enumerate(browserIP)
    await fold()
  })
  const textsTo = async ({ mobile }: Person) => {
    await at.deliver()
    return people.textsTo(mobile).length
  }
  /** Opens the window, and returns how its challenge has ended, if it has. */
  async function outcome(person: Person, more: Overrides = {}) {
    const ares = await at.areq({ acctNumber: person.acctNumber, browserIP, ...more })
    await at.creq(ares)
    return (await at.challenge(ares.acsTransID ?? '')).outcome
  }

  test('causes no text message for a smaller purchase, whose code goes by e-mail', async () => {
    const person = await people.person()
    await at.windowWithCode({ acctNumber: person.acctNumber, browserIP, ...smaller })
    expect([people.mailsTo(person.email).length, await textsTo(person)]).toEqual([1, 0])
  })

  test('does not let a person who reads the mailbox make a larger purchase', async () => {
    const person = await people.person()
    expect(await outcome(person)).toBe('sms-limited')
    await at.deliver()
    expect(people.mailsTo(person.email)).toEqual([])
  })

  test('does not keep a cardholder waiting who has only a mobile number', async () => {
    expect(await outcome(await people.person({ email: false }), smaller)).toBe('sms-limited')
  })

  test('leaves other networks alone, and the one that the card has used for a week', async () => {
    const [person, owner] = [await people.person(), await people.person()]
    await at.windowWithCode({ acctNumber: person.acctNumber, browserIP: '198.51.100.7' })
    expect(await textsTo(person)).toBe(1)
    await at.areq({ acctNumber: owner.acctNumber, browserIP, purchaseAmount: belowLimit })
    await fold()
    expect(await outcome(owner)).toBe('sms-limited')
    at.advance(8 * 86_400)
    await enumerate(browserIP)
    await fold()
    await at.windowWithCode({ acctNumber: owner.acctNumber, browserIP })
    expect(await textsTo(owner)).toBe(1)
  })

  test('does not keep the text message of a notice from the cardholder', async () => {
    const person = await people.person()
    await fail(person, 3, browserIP, smaller)
    await fold()
    expect((await messagesTo(person)).map(({ kind }) => kind)).toEqual(['email', 'sms'])
  })
})

describe('many alerts at once', () => {
  test('all reach the web-hook, and twenty an hour the mailbox', async () => {
    await transaction(async tx => {
      for (let count = 0; count < 25; count++)
        await recordForWatch(tx, { kind: 'sms-cap-near', at: now(), cap: 'merchant', of: `m-${count}`, count: 1600 })
    })
    await fold()
    const before = at.mailbox.mails.length
    await at.deliver()
    await at.deliver()
    const mails = at.mailbox.mails.slice(before).filter(({ subject }) => subject?.includes('アラート'))
    expect([hook.alerts.length, mails.length]).toEqual([25, 20])
    expect(mails.filter(({ text }) => text?.includes('メールはこれで終わります'))).toHaveLength(1)
  })

  test('a notice that cannot be made stops neither the history nor other notices, and is made once it can be', async () => {
    const [broken, other] = [await people.person(), await people.person()]
    const [{ id = '', value = '' } = {}] =
      await at.sql`select id, value from contacts where cardholder_id = ${broken.cardholderId} and kind = 'email'`
    await fail(broken, 3)
    await fail(other, 3)
    await at.sql`update contacts set value = 'broken' where id = ${id}`
    await fold()
    expect(await rules()).toEqual(['card-failures card', 'card-failures card'])
    expect([await events(), await messagesTo(broken)]).toEqual([0, []])
    expect(await messagesTo(other)).toHaveLength(2)
    await at.sql`update contacts set value = ${value} where id = ${id}`
    at.advance(60)
    await fold()
    await fold()
    expect(await messagesTo(broken)).toHaveLength(2)
  })
})

describe('codes that are guessed', () => {
  test('from one network over three cards make an alert', async () => {
    for (let count = 0; count < 3; count++) {
      const person = await people.person()
      const { windowKey, code } = await at.windowWithCode({ acctNumber: person.acctNumber, browserIP: '203.0.113.50' })
      for (let tries = 0; tries < 5; tries++) await submitAnswer(windowKey, otherThan(code))
    }
    await fold()
    expect(await rules()).toContain('guessed-codes network')
  })
})

describe('"this was me" of a refused payment', () => {
  const browserIP = '203.0.113.120'
  const refusing = {
    ...document(),
    id: 'strict',
    thresholds: { challenge: 10, refuse: 25 },
    examples: [{ about: 'unknown', signals: { amount: 500 }, outcome: 'refuse' }],
  }
  let version = 0
  beforeEach(async () => {
    version += 1
    await usePolicy({ ...refusing, version })
  })
  afterEach(async () => {
    await stopUse({ policyId: 'strict', version }, { by: 'risk-office', reason: 'a test' })
    await refreshPolicies()
  })

  const pay = ({ acctNumber }: Person, more: Overrides = {}) => at.areq({ acctNumber, browserIP, ...more })
  const answer = async (person: Person, more?: Overrides) => {
    const { transStatus, transStatusReason } = await pay(person, more)
    return [transStatus, transStatusReason].filter(Boolean).join('/')
  }

  /** A payment that the risk policy refuses. Returns the alert. */
  async function refused(person: Person): Promise<string> {
    expect(await answer(person)).toBe('R/11')
    await fold()
    const [alert] =
      await at.sql`select id from alerts where rule = 'refused-payment' and cardholder_id = ${person.cardholderId}`
    return String(alert?.id)
  }

  async function withPasskey(): Promise<Person> {
    const person = await people.person()
    await new SoftwareAuthenticator().addTo(at, person.cardholderId, { createdAt: now() - 30 * 86_400_000 })
    return person
  }

  test('makes the next attempt a challenge on a device, for 30 minutes, at this merchant with this card', async () => {
    const person = await withPasskey()
    const alertId = await refused(person)
    at.advance(10)
    await at.deliver()
    expect(people.mailsTo(person.email).at(-1)?.text).toContain('普段のご利用と異なる')
    const actor = await people.strong(person)
    expect(await readRefused(actor, alertId)).toMatchObject({ state: 'confirmable', price: { amount: '12800' } })
    expect(await answer(person)).toBe('R/11')
    expect(await confirmRefused(actor, alertId)).toEqual({ kind: 'confirmed' })
    expect(await confirmRefused(actor, alertId)).toEqual({ kind: 'not-confirmable' })
    const ares = await pay(person)
    expect(ares).toMatchObject({ transStatus: 'C', acsChallengeMandated: 'Y' })
    expect(await at.challenge(ares.acsTransID ?? '')).toMatchObject({ on_device: true })
    const explained = await explainDecision(ares.acsTransID ?? '', { by: 'sato' })
    expect(explained && explanationText(explained)).toContain(`by the cardholder, alert ${alertId}`)
    expect(await answer(person, { acquirerMerchantID: 'another' })).toBe('R/11')
    at.advance(watchPolicy.confirmedFor / 1000)
    expect(await answer(person)).toBe('R/11')
  })

  test('may be said of the owner’s purchase although a thief’s was refused before', async () => {
    const person = await withPasskey()
    await refused(person)
    expect(await answer(person, { acquirerMerchantID: 'the-owners' })).toBe('R/11')
    await fold()
    expect(await rules()).toEqual(['refused-payment card', 'refused-payment card'])
  })

  test('does not pass a payment of a cardholder without a device', async () => {
    const person = await people.person()
    const alertId = await refused(person)
    expect(await confirmRefused(await people.strong(person), alertId)).toEqual({ kind: 'confirmed' })
    expect(await answer(person)).toBe('N/12')
  })

  test('is refused to another cardholder, without a strong sign-in, and for a stolen card', async () => {
    const person = await withPasskey()
    const alertId = await refused(person)
    const stranger = await people.strong(await people.person())
    expect(await readRefused(stranger, alertId)).toBeUndefined()
    expect(await confirmRefused(stranger, alertId)).toEqual({ kind: 'unknown' })
    expect(await confirmRefused(stranger, 'no id')).toEqual({ kind: 'unknown' })
    expect(await confirmRefused(await people.weak(person), alertId)).toEqual({ kind: 'stronger-authentication-needed' })
    await at.sql`update cards set status = 'stolen' where cardholder_id = ${person.cardholderId}`
    const actor = await people.strong(person)
    expect(await readRefused(actor, alertId)).toMatchObject({ state: 'card-unusable' })
    expect(await confirmRefused(actor, alertId)).toEqual({ kind: 'not-confirmable' })
    expect(await answer(person)).toBe('R/10')
  })

  test('does not pass a card that was stolen after it', async () => {
    const person = await withPasskey()
    await confirmRefused(await people.strong(person), await refused(person))
    await at.sql`update cards set status = 'stolen' where cardholder_id = ${person.cardholderId}`
    expect(await answer(person)).toBe('R/10')
  })
})

test('without alerts in the issuer’s file nothing is watched', async () => {
  const risk = { currency: '392', rates: { '392': 1 } }
  at.changeIssuer(ordinary => ({ ...ordinary, risk }))
  at.configure({})
  await enumerate()
  await fold()
  expect(await rules()).toEqual([])
})
