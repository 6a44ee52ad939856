import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { cards } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { openChallenge } from './open.ts'
import { cancelChallenge, submitAnswer } from './submit.ts'
import { showWindow } from './view.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

const refusedWith = (errorCode: string) => ({
  kind: 'refused',
  forMerchant: { erro: { messageType: 'Erro', errorCode } },
})
const brokenCReq = { transStatus: 'U', challengeCancel: '06' }

describe('the first CReq', () => {
  test('[Req 318, 319] sends exactly one code, and the AReq before it sends none', async () => {
    const ares = await at.areq()
    const id = ares.acsTransID ?? ''
    expect(await at.outbox(id, 'email')).toEqual([])
    const opened = await at.creq(ares)
    expect(opened).toMatchObject({ kind: 'window', windowKey: expect.stringMatching(/^[\w-]{43}$/) })
    const mails = at.mailbox.mails.length
    await at.deliver()
    await at.deliver()
    expect(at.mailbox.mails).toHaveLength(mails + 1)
    expect(await at.outbox(id, 'email')).toHaveLength(1)
  })

  test('in several concurrent copies opens one window and sends one code', async () => {
    const ares = await at.areq()
    const opened = await Promise.all([1, 2, 3, 4, 5].map(() => at.creq(ares, {}, 'session')))
    expect(new Set(opened.map(each => (each.kind === 'window' ? each.windowKey : each))).size).toBe(1)
    expect(await at.outbox(ares.acsTransID ?? '', 'email')).toHaveLength(1)
  })

  test.each([
    ['1,024 characters', 'x'.repeat(1024)],
    ['padding, and what looks like another field', 'a=b&c=ZQ=='],
    ['line breaks, blanks and tabs', 'a\r\nb\r\n\tc '],
    ['quotes, braces and markup', `{"a":'b'}</input><script>`],
    ['letters of any script', '注文 🌸 é'],
  ])('[Req 139] keeps the merchant’s session data byte for byte: %s', async (_what, session) => {
    at.advance(3600)
    const opened = await at.creq(await at.areq(), {}, session)
    const windowKey = opened.kind === 'window' ? opened.windowKey : ''
    await cancelChallenge(windowKey)
    expect(await showWindow(windowKey)).toMatchObject({ post: { fields: { threeDSSessionData: session } } })
  })

  test('[Req 119, 193] in base64url with line breaks and padding opens the window', async () => {
    const { messageVersion = '', threeDSServerTransID, acsTransID } = await at.areq()
    const creq = { messageType: 'CReq', messageVersion, threeDSServerTransID, acsTransID, challengeWindowSize: '02' }
    const encoded = Buffer.from(JSON.stringify(creq)).toString('base64')
    const wrapped = encoded.replaceAll('+', '-').replaceAll('/', '_').replace(/.{76}/g, '$&\r\n')
    expect(await openChallenge(`${wrapped}\r\n`, undefined)).toMatchObject({ kind: 'window' })
  })

  test('may carry unknown elements', async () => {
    expect(await at.creq(await at.areq(), { threeDSRequestorURL: 'https://shop.example' })).toMatchObject({
      kind: 'window',
    })
  })

  test('finds its transaction whether the ids are in upper or lower case', async () => {
    const ares = await at.areq()
    const upper = (id = '') => id.toUpperCase()
    const ids = { acsTransID: upper(ares.acsTransID), threeDSServerTransID: upper(ares.threeDSServerTransID) }
    expect(await at.creq(ares, ids)).toMatchObject({ kind: 'window' })
  })
})

describe('a second CReq', () => {
  test('[Req 442] with the same content continues in the same window, with the same code', async () => {
    const ares = await at.areq()
    const first = await at.creq(ares, {}, 'session')
    expect(await at.creq(ares, {}, 'session')).toEqual(first)
    expect(await at.outbox(ares.acsTransID ?? '', 'email')).toHaveLength(1)
  })

  test.each([
    ['another window size', { challengeWindowSize: '05' }, 'session'],
    ['other session data', {}, 'other'],
  ] as const)('with %s is refused with 305 and ends the challenge with U', async (_what, overrides, session) => {
    const ares = await at.areq()
    await at.creq(ares, {}, 'session')
    expect(await at.creq(ares, overrides, session)).toMatchObject(refusedWith('305'))
    expect(at.directoryServer.rreqsOf(ares.acsTransID ?? '')).toMatchObject([brokenCReq])
  })

  test.each([
    ['differs', {}, false],
    ['is broken', { challengeWindowSize: '06' }, false],
    ['differs, while the mail server does not answer,', {}, true],
  ] as const)('that %s stops the code of the first: it never leaves', async (_how, overrides, isDown) => {
    at.advance(3600)
    const ares = await at.areq()
    await at.creq(ares, {}, 'session')
    if (isDown) {
      await at.mailbox.down()
      await at.deliver()
    }
    await at.creq(ares, overrides, 'other')
    if (isDown) await at.mailbox.up()
    const mails = at.mailbox.mails.length
    await at.deliver()
    at.advance(60)
    await at.deliver()
    expect(at.mailbox.mails).toHaveLength(mails)
    expect(await at.outbox(ares.acsTransID ?? '', 'email')).toMatchObject([{ body: null }])
  })

  test('in 2.3.1 is refused with 305 too, and the result contains that Erro', async () => {
    const ares = await at.areq({ acctNumber: cards.alex }, '2.3.1')
    await at.creq(ares, {}, 'session')
    expect(await at.creq(ares, {}, 'other')).toMatchObject(refusedWith('305'))
    expect(at.directoryServer.rreqsOf(ares.acsTransID ?? '')).toMatchObject([
      {
        transStatus: 'U',
        challengeCancel: '10',
        challengeErrorReporting: { messageType: 'Erro', messageVersion: '2.3.1', errorCode: '305' },
      },
    ])
  })

  test('gets 315 in 2.3.1 once the challenge has ended', async () => {
    const { ares, windowKey } = await at.window({ acctNumber: cards.alex }, '2.3.1')
    await cancelChallenge(windowKey)
    expect(await at.creq(ares)).toMatchObject(refusedWith('315'))
  })

  test('gets 305 once the challenge has ended, and does not change its outcome', async () => {
    const { ares, acsTransID, windowKey } = await at.window()
    await cancelChallenge(windowKey)
    const ended = await at.challenge(acsTransID)
    at.advance(1)
    expect(await at.creq(ares)).toMatchObject(refusedWith('305'))
    expect(await at.creq(ares, { challengeWindowSize: '99' })).toMatchObject({ kind: 'refused' })
    expect(await at.challenge(acsTransID)).toEqual(ended)
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'N', challengeCancel: '01' }])
  })
})

describe('a broken CReq of a known transaction', () => {
  const broken = [
    ['of another version', { messageVersion: '2.1.0' }, undefined, '203'],
    ['of an unknown version', { messageVersion: '9.9.9' }, undefined, '102'],
    ['without its window size', { challengeWindowSize: undefined }, undefined, '201'],
    ['with a window size that does not exist', { challengeWindowSize: '06' }, undefined, '203'],
    ['of another type', { messageType: 'AReq' }, undefined, '101'],
    ['with session data over 1024 characters', {}, 'x'.repeat(1025), '203'],
  ] as const
  test.each(broken)(
    '%s gets its error code, opens no window and ends the challenge with U',
    async (_what, overrides, session, code) => {
      const ares = await at.areq()
      const { threeDSServerTransID, acsTransID = '' } = ares
      const answer = await at.creq(ares, overrides, session)
      expect(answer).toMatchObject(refusedWith(code))
      expect(answer).toMatchObject({
        forMerchant: { erro: { errorMessageType: 'CReq', threeDSServerTransID, acsTransID } },
      })
      expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([brokenCReq])
      expect(await at.outbox(acsTransID, 'email')).toEqual([])
    },
  )
})

describe('a CReq that identifies no transaction', () => {
  const uuid = '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11'
  test.each(['', '%', 'eyJ', 'bm90IGpzb24', Buffer.from('{"acsTransID":1}').toString('base64url')])(
    'is refused without a message to any merchant (%s)',
    async encoded => {
      expect(await openChallenge(encoded, undefined)).toEqual({ kind: 'refused' })
    },
  )

  test('because its ids do not belong together is refused in the same way, and both transactions continue', async () => {
    const [one, other] = [await at.areq(), await at.areq()]
    expect(await at.creq(one, { acsTransID: other.acsTransID })).toEqual({ kind: 'refused' })
    expect(await at.creq(one, { threeDSServerTransID: uuid })).toEqual({ kind: 'refused' })
    expect(await at.creq(one, { acsTransID: uuid })).toEqual({ kind: 'refused' })
    expect([await at.creq(one), await at.creq(other)]).toMatchObject([{ kind: 'window' }, { kind: 'window' }])
  })
})

describe('a late CReq', () => {
  test('[Req 219, 220, 222] is refused with 402 if it is the first and 30 seconds after the ARes, and the result is N, 14, 05', async () => {
    const ares = await at.areq()
    at.advance(policy.firstCReqTimeout / 1000)
    expect(await at.creq(ares)).toMatchObject(refusedWith('402'))
    expect(await at.creq(ares)).toMatchObject(refusedWith('402'))
    expect(at.directoryServer.rreqsOf(ares.acsTransID ?? '')).toMatchObject([
      { transStatus: 'N', transStatusReason: '14', challengeCancel: '05' },
    ])
  })

  test('[Req 226, 227] is refused with 402 after its page’s ten minutes, even if it is broken or different', async () => {
    at.advance(3600)
    const { ares, acsTransID } = await at.window()
    at.advance(policy.pageTime / 1000)
    expect(await at.creq(ares, { challengeWindowSize: '01' })).toMatchObject(refusedWith('402'))
    expect(await at.creq(ares)).toMatchObject(refusedWith('402'))
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([
      { transStatus: 'N', transStatusReason: '14', challengeCancel: '04' },
    ])
  })
})

describe('a card', () => {
  const newHour = () => at.advance(3600)
  const lockedResult = { transStatus: 'N', transStatusReason: '04' }

  test('that is reported stolen while its window is open is refused, even with the right code', async () => {
    newHour()
    const { windowKey, code, acsTransID } = await at.windowWithCode()
    await at.sql`update cards set status = 'stolen' where last_four = '0005'`
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'R', transStatusReason: '10' }])
    await at.sql`update cards set status = 'active' where last_four = '0005'`
  })

  test('gets fifteen codes an hour at one merchant: the next window sends none and ends with N, 04', async () => {
    newHour()
    for (let sent = 0; sent < policy.limits.sendsByOne.most; sent++) await at.window()
    const mails = (await at.sql`select 1 from outbox where kind = 'email'`).length
    const { acsTransID, windowKey } = await at.window()
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([lockedResult])
    expect(await at.sql`select 1 from outbox where kind = 'email'`).toHaveLength(mails)
    const shown = await showWindow(windowKey)
    expect(shown).toMatchObject({ kind: 'ended', outcome: 'locked', limit: { kind: 'flooded' } })
    newHour()
    const later = await at.window()
    expect(await at.challenge(later.acsTransID)).toMatchObject({ state: 'asking' })
  })

  test('whose last address was removed after the ARes ends with U, 22 at the CReq', async () => {
    newHour()
    const ares = await at.areq({ acctNumber: '371449635398431' })
    await at.sql`update contacts set ended_at = effective_at`
    await at.creq(ares)
    await at.sql`update contacts set ended_at = null`
    expect(at.directoryServer.rreqsOf(ares.acsTransID ?? '')).toMatchObject([
      { transStatus: 'U', transStatusReason: '22' },
    ])
  })
})
