import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { reportOn } from '#domain/emv/report.ts'
import { versions } from '#domain/emv/version.ts'
import type { Preference } from '#domain/methods/selection.ts'
import type { Actor } from '../account/actor.ts'
import { answerPayment, listWaitingPayments } from '../account/payments.ts'
import { now } from '../platform/clock.ts'
import { browserOf } from '../testing/browser.ts'
import { cards } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import {
  cancelChallenge,
  checkForAnswer,
  chooseLanguage,
  chooseMethod,
  finishChallenge,
  resendCode,
  submitAnswer,
  wantOtherMethod,
} from './submit.ts'
import { showWindow } from './view.ts'

// The cardholder's preferred method, in a browser window.

let at: Deployment
const sms = new SmsGatewayDouble()
let hanako: Actor
let alex: Actor

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  hanako = await owner('hanako')
  alex = await owner('alex')
  for (const { cardholderId } of [hanako, alex]) {
    await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
      values (${cardholderId}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
  }
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(async () => {
  at.advance(policy.limits.sendsByOne.window / 1000)
  sms.refusal = {}
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
  await at.sql`delete from preferences`
})

async function owner(ref: string): Promise<Actor> {
  const [row] = await at.sql`select id, language from cardholders where issuer_ref = ${ref}`
  return { cardholderId: row?.id, sessionId: randomUUID(), language: row?.language, strongAt: undefined }
}
const strong = (actor: Actor): Actor => ({ ...actor, strongAt: now() })

async function prefer(preferred: Preference, { cardholderId }: Actor = hanako) {
  await at.sql`insert into preferences (cardholder_id, preferred_method, updated_at) values (${cardholderId}, ${preferred}, ${now()})
    on conflict (cardholder_id) do update set preferred_method = ${preferred}`
}

const shows = async (windowKey: string) => {
  const window = await showWindow(windowKey)
  return window.kind === 'unknown' || window.kind === 'ended' ? { kind: window.kind } : window
}
const resultsOf = (acsTransID: string) => at.directoryServer.rreqsOf(acsTransID)
const toldAbout = async (acsTransID: string) =>
  (await at.sql`select kind from outbox where about_id = ${await at.idOf(acsTransID)} order by kind`).map(
    ({ kind }) => kind,
  )
const codesOf = async (acsTransID: string) => [
  (await at.outbox(acsTransID, 'email')).length,
  (await at.outbox(acsTransID, 'sms')).length,
]
const faults = (sent: object) => reportOn(JSON.stringify(sent), { channel: '02', category: '01' }).findings

describe('a cardholder who prefers approval in the account', () => {
  beforeEach(() => prefer('account'))

  test.each(versions)(
    'is notified to approve there and sent no code; approval ends the window with Y (%s)',
    async version => {
      const { ares, acsTransID, windowKey } = await at.window({}, version)
      expect(ares).toMatchObject({ transStatus: 'C' })
      const how = version === '2.3.1' ? { authenticationMethod: ['08'] } : { authenticationType: '03' }
      expect(ares).toMatchObject(how)
      expect(await shows(windowKey)).toMatchObject({
        kind: 'awaiting-approval',
        address: 'acs.test/ja/account',
        codes: true,
        isAwaited: true,
      })
      expect(await toldAbout(acsTransID)).toEqual(['email', 'sms'])
      expect(await codesOf(acsTransID)).toEqual([0, 0])
      expect((await listWaitingPayments(hanako)).payments).toContainEqual(expect.objectContaining({ id: acsTransID }))
      expect(await answerPayment(strong(hanako), acsTransID, 'approved')).toEqual({ kind: 'approved' })
      // The window's challenge has ended; its form sends the result.
      expect(await shows(windowKey)).toEqual({ kind: 'ended' })
      expect(await finishChallenge(windowKey)).toEqual({ kind: 'ended' })
      const [rreq] = resultsOf(acsTransID)
      expect(rreq).toMatchObject({ transStatus: 'Y', eci: '05', interactionCounter: '01', ...result(version) })
      expect(rreq?.authenticationValue).toBeTruthy()
      expect(faults(rreq ?? {})).toEqual([])
      expect(resultsOf(acsTransID)).toHaveLength(1)
    },
  )

  const result = (version: string) =>
    version === '2.3.1' ? { authenticationMethod: ['08'] } : { authenticationType: '03', authenticationMethod: '08' }

  test('declines there, and the result reports it', async () => {
    const { acsTransID, windowKey } = await at.window()
    await answerPayment(strong(hanako), acsTransID, 'declined')
    await at.runWorkerUntil(() => resultsOf(acsTransID).length > 0)
    expect(resultsOf(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '01', ...result('2.2.0') }])
    expect(resultsOf(acsTransID)[0]).not.toHaveProperty('challengeCancel')
    expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', outcome: 'declined' })
  })

  test('can have codes sent to all contacts instead and still approve in the account; the first answer decides', async () => {
    const { acsTransID, windowKey } = await at.window()
    await at.deliver()
    await chooseMethod(windowKey, 'code')
    expect(await shows(windowKey)).toMatchObject({ kind: 'asking', otherMethods: true, isAwaited: true })
    await at.deliver()
    expect(await codesOf(acsTransID)).toEqual([1, 1])
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
    expect(resultsOf(acsTransID)).toMatchObject([{ authenticationType: '02', authenticationMethod: '05' }])
    expect(await answerPayment(strong(hanako), acsTransID, 'declined')).toEqual({ kind: 'over' })

    const other = await at.window()
    await chooseMethod(other.windowKey, 'code')
    await answerPayment(strong(hanako), other.acsTransID, 'approved')
    expect(await submitAnswer(other.windowKey, '123456')).toEqual({ kind: 'ended' })
    expect(resultsOf(other.acsTransID)).toMatchObject([{ transStatus: 'Y', authenticationType: '03' }])
  })

  test('is asked for a code if there is no account, or while payments are restricted', async () => {
    const accounts = await at.sql`select * from accounts where cardholder_id = ${hanako.cardholderId}`
    await at.sql`delete from accounts where cardholder_id = ${hanako.cardholderId}`
    expect(await shows((await at.window()).windowKey)).toMatchObject({ kind: 'asking', otherMethods: true })
    await at.sql`insert into accounts ${at.sql(accounts)}`
    await at.sql`update cardholders set report_open_since = ${now()} where id = ${hanako.cardholderId}`
    const restricted = await at.window()
    expect(restricted.ares).toMatchObject({ authenticationType: '02' })
    expect(await shows(restricted.windowKey)).toMatchObject({ kind: 'asking', otherMethods: false })
    expect(await codesOf(restricted.acsTransID)).toEqual([0, 1])
    expect(await toldAbout(restricted.acsTransID)).toEqual([])
  })

  test('is asked for a code if an activity is reported between the ARes and the window', async () => {
    const ares = await at.areq()
    expect(ares).toMatchObject({ authenticationType: '03' })
    await at.sql`update cardholders set report_open_since = ${now()} where id = ${hanako.cardholderId}`
    const opened = await at.creq(ares)
    expect(await shows(opened.kind === 'window' ? opened.windowKey : '')).toMatchObject({ kind: 'asking' })
  })

  test('gets one message however often the window is reloaded, opened again or checked for an answer', async () => {
    const { ares, acsTransID, windowKey } = await at.window()
    expect(await at.creq(ares)).toEqual({ kind: 'window', windowKey })
    for (let look = 0; look < 3; look += 1) await shows(windowKey)
    await checkForAnswer(windowKey)
    expect(await shows(windowKey)).toMatchObject({ kind: 'awaiting-approval', notice: 'answer-missing' })
    await wantOtherMethod(windowKey)
    await chooseMethod(windowKey, ['account'])
    expect(await shows(windowKey)).toMatchObject({ kind: 'awaiting-approval', notice: undefined })
    expect(await toldAbout(acsTransID)).toEqual(['email', 'sms'])
    await cancelChallenge(windowKey)
    expect(resultsOf(acsTransID)).toMatchObject([
      { transStatus: 'N', challengeCancel: '01', interactionCounter: '04', ...result('2.2.0') },
    ])
    expect(await answerPayment(strong(hanako), acsTransID, 'approved')).toEqual({ kind: 'over' })
  })

  test('cannot approve once payments are restricted, but can still decline', async () => {
    const { acsTransID } = await at.window()
    await at.sql`update cardholders set report_open_since = ${now()} where id = ${hanako.cardholderId}`
    expect(await answerPayment(strong(hanako), acsTransID, 'approved')).toEqual({ kind: 'over' })
    expect(await answerPayment(strong(hanako), acsTransID, 'declined')).toEqual({ kind: 'declined' })
    await at.sql`update cardholders set report_open_since = null, disputed_since = null where id = ${hanako.cardholderId}`
  })

  test('has ten minutes; then the worker ends the challenge once, and a later answer has no effect', async () => {
    const { acsTransID } = await at.window()
    at.advance(policy.pageTime / 1000 - 60)
    expect((await listWaitingPayments(hanako)).payments).toContainEqual(expect.objectContaining({ id: acsTransID }))
    at.advance(60)
    expect(await answerPayment(strong(hanako), acsTransID, 'approved')).toEqual({ kind: 'over' })
    await at.runWorkerUntil(() => resultsOf(acsTransID).length > 0)
    expect(resultsOf(acsTransID)).toMatchObject([
      { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', ...result('2.2.0') },
    ])
    expect((await listWaitingPayments(hanako)).payments).not.toContainEqual(expect.objectContaining({ id: acsTransID }))
  })

  test('gets one result from two concurrent answers, or from an answer and a concurrent code', async () => {
    const one = await at.window()
    const answers = await Promise.all([
      answerPayment(strong(hanako), one.acsTransID, 'approved'),
      answerPayment(strong(hanako), one.acsTransID, 'declined'),
      cancelChallenge(one.windowKey),
    ])
    expect(answers.filter(({ kind }) => kind === 'approved' || kind === 'declined').length).toBeLessThanOrEqual(1)
    expect(await at.outbox(one.acsTransID, 'rreq')).toHaveLength(1)
    const other = await at.window()
    await at.deliver()
    await chooseMethod(other.windowKey, 'code')
    await at.deliver()
    await Promise.all([
      answerPayment(strong(hanako), other.acsTransID, 'approved'),
      submitAnswer(other.windowKey, at.mailbox.code),
    ])
    expect(await at.outbox(other.acsTransID, 'rreq')).toHaveLength(1)
  })

  test('cannot approve once the card was reported stolen, nor another cardholder’s payment', async () => {
    const { acsTransID, windowKey } = await at.window()
    expect(await answerPayment(strong(alex), acsTransID, 'approved')).toEqual({ kind: 'over' })
    expect(await answerPayment(hanako, acsTransID, 'approved')).toEqual({ kind: 'stronger-authentication-needed' })
    expect(await shows(windowKey)).toMatchObject({ kind: 'awaiting-approval' })
    await at.sql`update cards set status = 'stolen' where cardholder_id = ${hanako.cardholderId}`
    expect(await answerPayment(strong(hanako), acsTransID, 'approved')).toEqual({ kind: 'over' })
    await at.sql`update cards set status = 'active' where cardholder_id = ${hanako.cardholderId}`
    expect(await shows(windowKey)).toEqual({ kind: 'ended' })
    expect(await finishChallenge(windowKey)).toEqual({ kind: 'ended' })
    expect(resultsOf(acsTransID)).toMatchObject([{ transStatus: 'R', transStatusReason: '10' }])
  })

  test('does not make the merchant’s browser a known one by approving', async () => {
    const [before] = await at.sql`select count(*)::int as many from card_browsers`
    const { acsTransID } = await at.window()
    await answerPayment(strong(hanako), acsTransID, 'approved')
    expect(await at.sql`select count(*)::int as many from card_browsers`).toEqual([before])
  })
})

describe('a cardholder who prefers to choose each time', () => {
  beforeEach(() => prefer('choose'))

  test('is offered the available methods, with masked destinations, and is sent nothing before choosing', async () => {
    const { ares, acsTransID, windowKey } = await at.window({}, '2.3.1')
    expect(ares).toMatchObject({ authenticationMethod: ['05', '08'] })
    expect(await shows(windowKey)).toMatchObject({
      kind: 'choosing',
      offered: {
        methods: ['email-code', 'sms-code', 'account'],
        destinations: { 'email-code': 'h•••@•••.example', 'sms-code': '•••••••78' },
      },
    })
    expect([await codesOf(acsTransID), await toldAbout(acsTransID)]).toEqual([[0, 0], []])
  })

  test.each([
    [['email-code'], [1, 0], '05'],
    [['sms-code'], [0, 1], '02'],
    [['email-code', 'sms-code'], [1, 1], '05'],
  ] as const)('who selects %s gets codes there and nowhere else', async (ids, [mails, texts], authenticationMethod) => {
    const { acsTransID, windowKey } = await at.window()
    await chooseMethod(windowKey, ids)
    expect(await codesOf(acsTransID)).toEqual([mails, texts])
    const window = await showWindow(windowKey)
    expect(window.kind === 'asking' && window.destinations.map(({ channel }) => channel)).toHaveLength(mails + texts)
    at.advance(codePolicy.challenge.resendAfter / 1000)
    await resendCode(windowKey)
    expect(await codesOf(acsTransID)).toEqual([2 * mails, 2 * texts])
    await at.deliver()
    const code = mails > 0 ? at.mailbox.code : sms.code
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
    expect(resultsOf(acsTransID)).toMatchObject([{ transStatus: 'Y', authenticationMethod, interactionCounter: '03' }])
  })

  test('who selects the account is treated like one who prefers it', async () => {
    const { acsTransID, windowKey } = await at.window()
    await chooseMethod(windowKey, ['account'])
    expect(await toldAbout(acsTransID)).toEqual(['email', 'sms'])
    await answerPayment(strong(hanako), acsTransID, 'approved')
    expect(await shows(windowKey)).toEqual({ kind: 'ended' })
    expect(await finishChallenge(windowKey)).toEqual({ kind: 'ended' })
    expect(resultsOf(acsTransID)).toMatchObject([
      { transStatus: 'Y', interactionCounter: '02', authenticationType: '03' },
    ])
  })

  test('can choose again, within the limits of every code, in any language', async () => {
    const { acsTransID, windowKey } = await at.window()
    await chooseMethod(windowKey, ['sms-code'])
    await wantOtherMethod(windowKey)
    await chooseLanguage(windowKey, 'en')
    expect(await shows(windowKey)).toMatchObject({ kind: 'choosing', language: 'en' })
    await chooseMethod(windowKey, ['email-code'])
    expect(await shows(windowKey)).toMatchObject({ kind: 'asking', notice: 'resend-too-soon' })
    at.advance(codePolicy.challenge.resendAfter / 1000)
    await wantOtherMethod(windowKey)
    await chooseMethod(windowKey, ['email-code'])
    expect(await codesOf(acsTransID)).toEqual([1, 1])
  })

  test('is asked again after selecting nothing, an unknown method or one that is not offered', async () => {
    const { acsTransID, windowKey } = await at.window()
    for (const chosen of [[], [''], ['post'], ['email-code', 'account'], ["' or true --"]]) {
      expect(await chooseMethod(windowKey, chosen)).toEqual({ kind: 'asking' })
      expect(await shows(windowKey)).toMatchObject({ kind: 'choosing', notice: 'method-missing' })
    }
    await at.sql`update cardholders set report_open_since = ${now()} where id = ${hanako.cardholderId}`
    for (const chosen of [['email-code'], ['email-code', 'sms-code'], ['account']])
      await chooseMethod(windowKey, chosen)
    expect(await shows(windowKey)).toMatchObject({ kind: 'choosing', offered: { methods: ['sms-code'] } })
    expect([await codesOf(acsTransID), await toldAbout(acsTransID)]).toEqual([[0, 0], []])
    expect(await chooseMethod('x'.repeat(43), ['email-code'])).toEqual({ kind: 'unknown' })
    await chooseMethod(windowKey, ['sms-code'])
    expect(await codesOf(acsTransID)).toEqual([0, 1])
  })

  test('is not asked to choose when one method is left', async () => {
    await at.sql`update cardholders set report_open_since = ${now()} where id = ${hanako.cardholderId}`
    const { acsTransID, windowKey } = await at.window()
    expect(await shows(windowKey)).toMatchObject({ kind: 'asking', otherMethods: false })
    expect(await codesOf(acsTransID)).toEqual([0, 1])
  })

  test('who chooses in two windows concurrently gets one code', async () => {
    const { acsTransID, windowKey } = await at.window()
    await Promise.all([chooseMethod(windowKey, ['sms-code']), chooseMethod(windowKey, ['email-code'])])
    const [mails = 0, texts = 0] = await codesOf(acsTransID)
    expect(mails + texts).toBe(1)
  })

  test('who has had too many codes within the hour gets no more, but can use the account', async () => {
    const { windowKey } = await at.window()
    for (let sent = 0; sent < policy.limits.sendsByOne.most; sent++)
      await chooseMethod((await at.window()).windowKey, ['email-code'])
    await chooseMethod(windowKey, ['email-code'])
    expect(await shows(windowKey)).toMatchObject({ kind: 'choosing', notice: 'codes-spent' })
    await chooseMethod(windowKey, ['account'])
    expect(await shows(windowKey)).toMatchObject({ kind: 'awaiting-approval' })
  })

  test('is asked again when the chosen method fails to deliver, and its code is no longer accepted', async () => {
    const { acsTransID, windowKey } = await at.window()
    await chooseMethod(windowKey, ['sms-code'])
    sms.refusal = { http: 422 }
    await at.deliver()
    expect(await shows(windowKey)).toMatchObject({ kind: 'choosing', notice: 'method-failed' })
    expect(await submitAnswer(windowKey, '123456')).toEqual({ kind: 'asking' })
    expect(await at.challenge(acsTransID)).toMatchObject({ attempts: 0, state: 'choosing' })
    await chooseMethod(windowKey, ['email-code'])
    await at.deliver()
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
    expect(resultsOf(acsTransID)).toMatchObject([{ transStatus: 'Y', authenticationMethod: '05' }])
  })

  test('can cancel before choosing, or never choose', async () => {
    const left = await at.window()
    await cancelChallenge(left.windowKey)
    expect(resultsOf(left.acsTransID)).toMatchObject([
      { transStatus: 'N', challengeCancel: '01', interactionCounter: '01' },
    ])
    expect(faults(resultsOf(left.acsTransID)[0] ?? {})).toEqual([])
    const slow = await at.window()
    at.advance(policy.pageTime / 1000)
    await at.runWorkerUntil(() => resultsOf(slow.acsTransID).length > 0)
    expect(resultsOf(slow.acsTransID)).toMatchObject([{ transStatusReason: '14', challengeCancel: '04' }])
  })
})

describe('a cardholder who has chosen no method', () => {
  /** Ends a window by a code. */
  const succeed = async (windowKey: string) => {
    await at.deliver()
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
  }

  test('is asked for a code, and may choose another method in the window', async () => {
    const { ares, acsTransID, windowKey } = await at.window({ acctNumber: cards.alex })
    expect(ares).toMatchObject({ authenticationType: '02' })
    expect(await shows(windowKey)).toMatchObject({ kind: 'asking', otherMethods: true, isAwaited: false })
    expect(await codesOf(acsTransID)).toEqual([1, 1])
    expect((await listWaitingPayments(alex)).payments).toEqual([])
    expect(await answerPayment(strong(alex), acsTransID, 'approved')).toEqual({ kind: 'over' })
    await wantOtherMethod(windowKey)
    await chooseMethod(windowKey, ['account'])
    expect(await answerPayment(strong(alex), acsTransID, 'approved')).toEqual({ kind: 'approved' })
  })

  test('is not offered another method without an account', async () => {
    const accounts = await at.sql`select * from accounts where cardholder_id = ${hanako.cardholderId}`
    await at.sql`delete from accounts where cardholder_id = ${hanako.cardholderId}`
    expect(await shows((await at.window()).windowKey)).toMatchObject({ kind: 'asking', otherMethods: false })
    await at.sql`insert into accounts ${at.sql(accounts)}`
  })

  test('begins with what last succeeded in the same browser, and only there', async () => {
    const [own, strange] = [browserOf(), browserOf()]
    await succeed((await at.window(await own())).windowKey)
    const tried = await at.window(await own())
    await chooseMethod(tried.windowKey, ['account'])
    // What was only chosen, or declined, is not remembered.
    await answerPayment(strong(hanako), tried.acsTransID, 'declined')
    const approved = await at.window(await own())
    expect(await shows(approved.windowKey)).toMatchObject({ kind: 'asking' })
    await chooseMethod(approved.windowKey, ['account'])
    await answerPayment(strong(hanako), approved.acsTransID, 'approved')
    expect(await shows((await at.window(await own())).windowKey)).toMatchObject({ asked: ['account'] })
    // A browser in which the cardholder has not succeeded is not made known by an approval elsewhere.
    const elsewhere = await at.window(await strange())
    expect(await shows(elsewhere.windowKey)).toMatchObject({ kind: 'asking' })
    await chooseMethod(elsewhere.windowKey, ['account'])
    await answerPayment(strong(hanako), elsewhere.acsTransID, 'approved')
    expect(await shows((await at.window(await strange())).windowKey)).toMatchObject({ kind: 'asking' })
    // A stranger who gets one code changes what their own browser begins with, and nothing else. Codes of the windows
    // before arrive first.
    await at.deliver()
    await succeed((await at.window(await strange())).windowKey)
    expect(await shows((await at.window(await own())).windowKey)).toMatchObject({ asked: ['account'] })
  })

  test('gets codes at every contact, also after succeeding with that of one contact', async () => {
    const browser = browserOf()
    const { windowKey } = await at.window(await browser())
    await wantOtherMethod(windowKey)
    at.advance(codePolicy.challenge.resendAfter / 1000)
    await chooseMethod(windowKey, ['email-code'])
    await succeed(windowKey)
    expect(await codesOf((await at.window(await browser())).acsTransID)).toEqual([1, 1])
  })

  test('follows what was chosen in the account, whatever succeeds in a browser', async () => {
    await prefer('account')
    const browser = browserOf()
    const { windowKey } = await at.window(await browser())
    await chooseMethod(windowKey, 'code')
    await succeed(windowKey)
    expect(await shows((await at.window(await browser())).windowKey)).toMatchObject({ asked: ['account'] })
  })
})

test('fifteen changes of the method in one window spend no send and no message', async () => {
  const { acsTransID, windowKey } = await at.window()
  for (let change = 0; change < 15; change++) {
    await wantOtherMethod(windowKey)
    await chooseMethod(windowKey, ['account'])
  }
  expect(await at.challenge(acsTransID)).toMatchObject({ sends: 1, state: 'awaiting-approval' })
  expect([await codesOf(acsTransID), await toldAbout(acsTransID)]).toEqual([
    [1, 1],
    ['email', 'sms'],
  ])
  at.advance(codePolicy.challenge.resendAfter / 1000)
  await chooseMethod(windowKey, 'code')
  expect(await codesOf(acsTransID)).toEqual([2, 2])
})

test('the text message of a window that is a page of its own binds its code to our host, also when it is sent again', async () => {
  const lastLine = async () => {
    await at.deliver()
    return sms.taken.at(-1)?.text.split('\n').at(-1)
  }
  const page = await at.creq(await at.areq(), {}, undefined, 'page')
  expect(await lastLine()).toBe(`@acs.test #${sms.code}`)
  at.advance(codePolicy.challenge.resendAfter / 1000 + 1)
  await resendCode(page.kind === 'window' ? page.windowKey : '')
  expect(await lastLine()).toBe(`@acs.test #${sms.code}`)
  for (const openedAs of ['frame', null] as const) {
    await at.creq(await at.areq(), {}, undefined, openedAs)
    expect(await lastLine()).not.toContain('@')
  }
})
