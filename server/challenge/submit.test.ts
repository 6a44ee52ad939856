import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { versions } from '#domain/emv/version.ts'
import { checkAuthenticationValue } from '../authorisation/authentication-value.ts'
import { cards, hanako } from '../testing/cards.ts'
import { type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { cancelChallenge, chooseLanguage, finishChallenge, resendCode, submitAnswer } from './submit.ts'
import { formToken, isFormOf, showWindow } from './view.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

/** Opens a window whose card has no wrong codes and no recent windows, and reads its code. */
async function freshWindow(...args: Parameters<Deployment['windowWithCode']>) {
  at.advance(3600)
  await at.sql`delete from tallies`
  await at.sql`delete from consecutive_failures`
  return at.windowWithCode(...args)
}

const wrongInARow = async () => (await at.sql`select count from consecutive_failures`)[0]?.count ?? 0

const rreqsOf = (acsTransID: string) => at.directoryServer.rreqsOf(acsTransID)
const asking = { kind: 'asking' }
const ended = { kind: 'ended' }

describe('the right code', () => {
  test.each(versions)(
    'authenticates: RReq Y with method, counter and a value for this purchase (%s)',
    async version => {
      const { windowKey, code, ares, acsTransID } = await freshWindow({}, version)
      expect(await submitAnswer(windowKey, code)).toEqual(ended)
      const { threeDSServerTransID, dsTransID } = ares
      const [rreq, ...others] = rreqsOf(acsTransID)
      expect(others).toEqual([])
      expect(rreq).toEqual({
        messageType: 'RReq',
        messageVersion: version,
        messageCategory: '01',
        threeDSServerTransID,
        dsTransID,
        acsTransID,
        transStatus: 'Y',
        eci: '05',
        authenticationValue: expect.any(String),
        ...(version === '2.3.1'
          ? { authenticationMethod: ['05'] }
          : { authenticationType: '02', authenticationMethod: '05' }),
        interactionCounter: '01',
      })
      const purchase = { amount: '12800', currency: '392', merchantID: '9876543210' }
      expect(await checkAuthenticationValue(rreq?.authenticationValue ?? '', cards.hanako, purchase)).toMatchObject({
        kind: 'valid',
        outcome: 'challenge',
      })
    },
  )

  test('authenticates a card check without a payment, without a value', async () => {
    const nonPayment = {
      messageCategory: '02',
      threeDSRequestorAuthenticationInd: '04',
    }
    const { windowKey, code, acsTransID } = await freshWindow(nonPayment)
    await submitAnswer(windowKey, code)
    const [rreq] = rreqsOf(acsTransID)
    expect(rreq).toMatchObject({ messageCategory: '02', transStatus: 'Y', eci: '05' })
    expect(rreq).not.toHaveProperty('authenticationValue')
  })

  test('may be typed with full-width digits, spaces and dashes', async () => {
    const { windowKey, code } = await freshWindow()
    const wide = [...code].map(digit => String.fromCodePoint(Number(digit) + 0xff10))
    expect(await submitAnswer(windowKey, ` ${wide.slice(0, 3).join('')}ー${wide.slice(3).join('')}　`)).toEqual(ended)
  })

  test('submitted fifty times concurrently authenticates once', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    const answers = await Promise.all(Array.from({ length: 50 }, () => submitAnswer(windowKey, code)))
    expect(answers).toEqual(answers.map(() => ended))
    expect(await at.outbox(acsTransID, 'rreq')).toHaveLength(1)
    expect(rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'Y', interactionCounter: '01' }])
    expect(await at.challenge(acsTransID)).toMatchObject({ attempts: 1 })
  })

  test('of one challenge never opens another, even if its hash is copied there', async () => {
    const one = await freshWindow()
    const other = await at.windowWithCode()
    await at.sql`update challenge_proofs set code_hmac = one.code_hmac
      from (select code_hmac from challenge_proofs where challenge_id = (select id from challenges where acs_trans_id = ${one.acsTransID})) as one
      where challenge_id = (select id from challenges where acs_trans_id = ${other.acsTransID})`
    expect(await submitAnswer(other.windowKey, one.code)).toEqual(asking)
    expect(await at.challenge(other.acsTransID)).toMatchObject({ state: 'asking', notice: 'code-wrong' })
    expect(await submitAnswer(one.windowKey, one.code)).toEqual(ended)
  })

  test('has no effect once its challenge has ended', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    await cancelChallenge(windowKey)
    const before = await at.challenge(acsTransID)
    expect(await submitAnswer(windowKey, code)).toEqual(ended)
    expect(await at.challenge(acsTransID)).toEqual(before)
    expect(rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'N' }])
  })
})

describe('wrong codes', () => {
  test('[Req 121, 123] are reported in the window, and the fifth ends the challenge with N, 19', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    for (let left = codePolicy.challenge.attempts - 1; left > 0; left--) {
      expect(await submitAnswer(windowKey, otherThan(code))).toEqual(asking)
      expect(await showWindow(windowKey)).toMatchObject({ kind: 'asking', notice: 'code-wrong', attemptsLeft: left })
    }
    expect(await submitAnswer(windowKey, otherThan(code))).toEqual(ended)
    const result = { transStatus: 'N', transStatusReason: '19', eci: '07', interactionCounter: '05' }
    expect(rreqsOf(acsTransID)).toMatchObject([result])
    expect(rreqsOf(acsTransID)[0]).not.toHaveProperty('authenticationValue')
  })

  test('sent a hundred at a time use exactly five attempts, and the challenge ends with N, 19 once', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    await Promise.all(Array.from({ length: 100 }, () => submitAnswer(windowKey, otherThan(code))))
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'ended', outcome: 'attempts-spent', attempts: 5 })
    expect(await at.outbox(acsTransID, 'rreq')).toHaveLength(1)
    expect(rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '19', interactionCounter: '05' }])
    expect(await wrongInARow()).toBe(codePolicy.challenge.attempts)
  })

  test('that are malformed cost no attempt', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    for (const typed of ['', ' ', '12345', '1234567', 'abcdef', '１２３', "' or 1=1", '9'.repeat(100_000)]) {
      expect(await submitAnswer(windowKey, typed)).toEqual(asking)
    }
    expect(await at.challenge(acsTransID)).toMatchObject({ attempts: 0, notice: 'code-malformed' })
    expect(await submitAnswer(windowKey, code)).toEqual(ended)
    expect(rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'Y', interactionCounter: '09' }])
  })
})

describe('a new code', () => {
  test('voids the one before and gives no attempt back', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    await submitAnswer(windowKey, otherThan(code))
    at.advance(codePolicy.challenge.resendAfter / 1000)
    expect(await resendCode(windowKey)).toEqual(asking)
    await at.deliver()
    const second = at.mailbox.code
    if (second === code) throw new Error('the same code twice, one run in a million')
    await submitAnswer(windowKey, code)
    expect(await at.challenge(acsTransID)).toMatchObject({ attempts: 1, notice: 'code-earlier', sends: 2 })
    expect(await submitAnswer(windowKey, second)).toEqual(ended)
    expect(rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'Y' }])
  })

  test('turns every code before it into an earlier one, which authenticates no more and costs an attempt from its second use on', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    const codes = [code]
    while (codes.length < 3) {
      at.advance(codePolicy.challenge.resendAfter / 1000)
      await resendCode(windowKey)
      await at.deliver()
      codes.push(at.mailbox.code)
    }
    const enter = async (typed: string) => {
      await submitAnswer(windowKey, typed)
      const { attempts, notice } = await at.challenge(acsTransID)
      return [attempts, notice]
    }
    const [first = '', second = '', third = ''] = codes
    expect(await enter(first)).toEqual([0, 'code-earlier'])
    expect(await enter(second)).toEqual([0, 'code-earlier'])
    expect(await wrongInARow()).toBe(0)
    expect(await enter(first)).toEqual([1, 'code-earlier'])
    expect(await wrongInARow()).toBe(1)
    expect(await submitAnswer(windowKey, third)).toEqual(ended)
    expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'authenticated' })
    expect(await at.proofs(acsTransID)).toMatchObject({ 'email-code': { code_hmac: null, earlier_codes: [] } })
  })

  test('leaves the budget at five although the code before it is entered a hundred times concurrently', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    at.advance(codePolicy.challenge.resendAfter / 1000)
    await resendCode(windowKey)
    await Promise.all(Array.from({ length: 100 }, () => submitAnswer(windowKey, code)))
    expect(await at.challenge(acsTransID)).toMatchObject({
      outcome: 'attempts-spent',
      attempts: codePolicy.challenge.attempts,
    })
  })

  test('replaces one that is still waiting to be sent', async () => {
    at.advance(3600)
    const { windowKey, acsTransID } = await at.window()
    at.advance(codePolicy.challenge.resendAfter / 1000)
    await resendCode(windowKey)
    const mails = at.mailbox.mails.length
    await at.deliver()
    expect(at.mailbox.mails).toHaveLength(mails + 1)
    const [voided, sent] = await at.outbox(acsTransID, 'email')
    expect([voided?.body, voided?.handed_over_at, sent?.handed_over_at]).toEqual([null, null, expect.any(Date)])
  })

  test('is not sent before thirty seconds have passed', async () => {
    const { windowKey, acsTransID } = await freshWindow()
    at.advance(codePolicy.challenge.resendAfter / 1000 - 10)
    expect(await resendCode(windowKey)).toEqual(asking)
    expect(await at.challenge(acsTransID)).toMatchObject({ sends: 1, notice: 'resend-too-soon' })
    at.advance(10)
    await resendCode(windowKey)
    expect(await at.challenge(acsTransID)).toMatchObject({ sends: 2, notice: 'code-resent' })
  })

  test('is sent once when requested ten times concurrently', async () => {
    const { windowKey, acsTransID } = await freshWindow()
    at.advance(codePolicy.challenge.resendAfter / 1000)
    await Promise.all(Array.from({ length: 10 }, () => resendCode(windowKey)))
    expect(await at.outbox(acsTransID, 'email')).toHaveLength(2)
  })

  test('is not sent a sixth time, and the fifth still authenticates', async () => {
    const { windowKey, acsTransID } = await freshWindow()
    for (let sends = 1; sends <= codePolicy.challenge.sends; sends++) {
      at.advance(codePolicy.challenge.resendAfter / 1000)
      await resendCode(windowKey)
      await at.deliver()
    }
    expect(await at.outbox(acsTransID, 'email')).toHaveLength(codePolicy.challenge.sends)
    expect(await at.challenge(acsTransID)).toMatchObject({ sends: codePolicy.challenge.sends, notice: 'resends-spent' })
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual(ended)
    expect(rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'Y' }])
  })
})

describe('time', () => {
  test('a code older than ten minutes is refused and costs no attempt; a new one is accepted', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    at.advance(400)
    await submitAnswer(windowKey, '')
    at.advance(250)
    expect(await submitAnswer(windowKey, code)).toEqual(asking)
    expect(await at.challenge(acsTransID)).toMatchObject({ notice: 'code-expired', attempts: 0 })
    await resendCode(windowKey)
    await at.deliver()
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual(ended)
    expect(rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'Y' }])
  })

  test('a window left alone for ten minutes has timed out, and no longer accepts the right code', async () => {
    const { windowKey, code, acsTransID } = await freshWindow()
    at.advance(policy.pageTime / 1000)
    expect(await submitAnswer(windowKey, code)).toEqual(ended)
    expect(rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '14', challengeCancel: '04' }])
    expect(await at.challenge(acsTransID)).toMatchObject({ attempts: 0 })
  })

  test('a code expires with its window', async () => {
    const { acsTransID } = await freshWindow()
    const { code_expires_at, deadline_at } = await at.challenge(acsTransID)
    expect(code_expires_at).toEqual(deadline_at)
  })

  test('reading the window neither writes nor sends anything, even after its time is over', async () => {
    const { windowKey, acsTransID } = await freshWindow()
    const before = await at.challenge(acsTransID)
    at.advance(60)
    expect(await showWindow(windowKey)).toMatchObject({ kind: 'asking' })
    expect(await at.challenge(acsTransID)).toEqual(before)
    expect(await at.outbox(acsTransID, 'email')).toHaveLength(1)
    at.advance(policy.pageTime / 1000)
    // Shown as ended although that is not saved yet, and without a way back before the RReq.
    const overdue = { kind: 'ended', outcome: 'window-timed-out', post: undefined }
    expect(await showWindow(windowKey)).toMatchObject(overdue)
    expect(await at.challenge(acsTransID)).toEqual(before)
    expect(rreqsOf(acsTransID)).toEqual([])
  })

  test('the form of an overdue window ends it, and the way back appears once its result has been tried', async () => {
    const { windowKey, acsTransID } = await freshWindow()
    at.advance(policy.pageTime / 1000)
    expect(await finishChallenge(windowKey)).toEqual(ended)
    expect(rreqsOf(acsTransID)).toMatchObject([{ challengeCancel: '04' }])
    expect(await showWindow(windowKey)).toMatchObject({ post: { fields: { erro: expect.any(String) } } })
    expect(await finishChallenge(windowKey)).toEqual(ended)
    expect(rreqsOf(acsTransID)).toHaveLength(1)
  })

  test('a window ended by the worker leads back once the worker has tried the result', async () => {
    const { windowKey, acsTransID } = await freshWindow()
    at.advance(policy.pageTime / 1000)
    await at.runWorkerUntil(async () => (await at.challenge(acsTransID)).state === 'ended')
    at.advance(policy.resultHeadStart / 1000)
    await at.deliver()
    expect(rreqsOf(acsTransID)).toMatchObject([{ challengeCancel: '04' }])
    expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', post: { fields: { erro: expect.any(String) } } })
  })
})

test('[Req 126] cancelling ends with N, 01 and challengeCancel 01, and increments the interaction counter', async () => {
  const { windowKey, acsTransID } = await freshWindow()
  expect(await cancelChallenge(windowKey)).toEqual(ended)
  const result = { transStatus: 'N', transStatusReason: '01', challengeCancel: '01', interactionCounter: '01' }
  expect(rreqsOf(acsTransID)).toMatchObject([result])
})

test('a change of language keeps the code, its attempts and its time limit', async () => {
  const { windowKey, code, acsTransID } = await freshWindow()
  const before = await at.challenge(acsTransID)
  await chooseLanguage(windowKey, 'en')
  const { code_expires_at, attempts, sends } = before
  expect(await at.challenge(acsTransID)).toMatchObject({ language: 'en', code_expires_at, attempts, sends })
  expect(await submitAnswer(windowKey, code)).toEqual(ended)
})

test('the merchant gets a CRes with Y or N and its unchanged session data', async () => {
  at.advance(3600)
  const ares = await at.areq()
  const opened = await at.creq(ares, {}, 'session==')
  if (opened.kind !== 'window') throw new Error('no window')
  await at.deliver()
  await submitAnswer(opened.windowKey, at.mailbox.code)
  const window = await showWindow(opened.windowKey)
  if (window.kind !== 'ended') throw new Error('not ended')
  const { notificationURL, fields } = window.post ?? { notificationURL: '', fields: {} }
  expect([notificationURL, fields.threeDSSessionData]).toEqual(['https://shop.example/3ds/notify', 'session=='])
  expect(JSON.parse(Buffer.from(fields.cres ?? '', 'base64url').toString())).toEqual({
    messageType: 'CRes',
    messageVersion: '2.2.0',
    threeDSServerTransID: ares.threeDSServerTransID,
    acsTransID: ares.acsTransID,
    challengeCompletionInd: 'Y',
    transStatus: 'Y',
  })
})

test('a key of no window opens nothing', async () => {
  const keys = ['', 'x'.repeat(43), "'; drop table challenges", '\0'.repeat(43)]
  const answers = await Promise.all(keys.map(key => showWindow(key)))
  expect(answers).toEqual(keys.map(() => ({ kind: 'unknown' })))
  expect(await submitAnswer('x'.repeat(43), '123456')).toEqual({ kind: 'unknown' })
  expect(await resendCode('x'.repeat(43))).toEqual({ kind: 'unknown' })
})

test('a form is valid only for the window whose page it came from', async () => {
  const [one, other] = [await freshWindow(), await at.windowWithCode()]
  const token = await formToken(one.windowKey)
  const verdicts = [isFormOf(one.windowKey, token), isFormOf(other.windowKey, token), isFormOf(one.windowKey, '')]
  expect(await Promise.all(verdicts)).toEqual([true, false, false])
})

describe('a code in the database', () => {
  /** The code as text, and as hex, in which a bytea column would show it. */
  const traces = (code: string, text: string) =>
    [code, Buffer.from(code).toString('hex')].filter(trace =>
      new RegExp(`(?<![0-9a-f])${trace}|${trace}(?![0-9a-f])`).test(text),
    )

  test('is only there as a keyed hash: in no other column, waiting message or log line', async () => {
    at.advance(3600)
    const { acsTransID, windowKey } = await at.window()
    const waiting = await at.dump()
    await at.deliver()
    const { code } = at.mailbox
    const sent = await at.dump()
    expect(await at.proofs(acsTransID)).toMatchObject({ 'email-code': { code_hmac: expect.any(Buffer) } })
    await submitAnswer(windowKey, code)
    expect([...traces(code, waiting), ...traces(code, sent), ...traces(code, await at.dump())]).toEqual([])
    expect(traces(code, at.log.join(''))).toEqual([])
    const personal = [hanako.email, '9012345678', cards.hanako, '山田', 'YAMADA']
    expect(personal.filter(value => `${waiting}${sent}${at.log.join('')}`.includes(value))).toEqual([])
  })

  test('is erased with its message at hand-over, when it expires, and when the challenge ends', async () => {
    const handedOver = await freshWindow()
    expect(await at.outbox(handedOver.acsTransID, 'email')).toMatchObject([{ body: null, failed_at: null }])

    const cancelled = await at.window()
    expect(await at.outbox(cancelled.acsTransID, 'email')).toMatchObject([{ body: expect.any(String) }])
    await cancelChallenge(cancelled.windowKey)
    expect(await at.outbox(cancelled.acsTransID, 'email')).toMatchObject([{ body: null, handed_over_at: null }])
    expect(await at.proofs(cancelled.acsTransID)).toMatchObject({
      'email-code': { code_hmac: null, earlier_codes: [] },
    })

    const forgotten = await at.window()
    at.advance(codePolicy.challenge.lifetime / 1000)
    const mails = at.mailbox.mails.length
    await at.runWorkerUntil(async () => (await at.outbox(forgotten.acsTransID, 'email'))[0]?.body === null)
    expect(at.mailbox.mails).toHaveLength(mails)
  })
})

test('sends no more codes for an hour once the limit of the card is reached; the last one stays valid', async () => {
  const { windowKey, code, acsTransID } = await freshWindow()
  for (let sent = 1; sent < policy.limits.sendsByOne.most; sent++) await at.window()
  at.advance(60)
  await resendCode(windowKey)
  expect(await showWindow(windowKey)).toMatchObject({
    kind: 'asking',
    notice: 'resends-spent',
    codesAgainAt: expect.any(Number),
  })
  expect(await at.outbox(acsTransID, 'email')).toHaveLength(1)
  expect(await at.areq()).toMatchObject({ transStatus: 'C' })
  const refused = await at.window()
  expect(rreqsOf(refused.acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '04' }])
  expect(await submitAnswer(windowKey, code)).toEqual(ended)
  expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'authenticated' })
})
