import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { type Overrides, sample3RIAReq } from '#domain/emv/testing/sample-areq.ts'
import { type MessageVersion, versions } from '#domain/emv/version.ts'
import type { Preference } from '#domain/methods/selection.ts'
import type { Actor } from '../account/actor.ts'
import { answerPayment } from '../account/payments.ts'
import { cancelChallenge, submitAnswer } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { now } from '../platform/clock.ts'
import { cards } from '../testing/cards.ts'
import { type Answered, belowLimit, type Deployment, type OpenWindow, otherThan } from '../testing/deployment.ts'
import { receipt } from '../testing/directory-server.ts'
import { callDs } from '../testing/ds-client.ts'
import { type MutualTls, startMutualTls } from '../testing/mutual-tls.ts'
import { Phone } from '../testing/phone.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'

// Messages that are repeated, late, changed, or have ids that do not belong together, with every message between
// directory server and ACS over mutual TLS.

let tls: MutualTls
let at: Deployment
let hanako: () => Actor
const sms = new SmsGatewayDouble()

beforeAll(async () => {
  await sms.start()
  tls = await startMutualTls(sms.settings())
  at = tls.at
  hanako = await tls.enrol('hanako')
})
afterAll(async () => {
  await tls.stop()
  await sms.stop()
})
beforeEach(async () => {
  at.advance(policy.limits.sendsByOne.window / 1000 + 1)
  tls.double.react = receipt()
  await at.sql`delete from preferences`
})

const prefer = (preferred: Preference) => at.sql`insert into preferences (cardholder_id, preferred_method, updated_at)
  values (${hanako().cardholderId}, ${preferred}, ${now()})`

/** Everything that was, or will be, sent to the cardholder of a transaction. */
const sentAbout = (id = '') =>
  at.sql`select id from outbox where (select id from challenges where acs_trans_id = ${id}) in (challenge_id, about_id) and kind <> 'rreq' order by id`

const ended = (version: MessageVersion) => (version === '2.3.1' ? '315' : '305')
const refusedWith = (errorCode: string) => ({
  kind: 'refused',
  forMerchant: { erro: { messageType: 'Erro', errorCode } },
})

async function resultOf(id: string) {
  if (!(await tls.delivered(id))) await at.runWorkerUntil(() => tls.delivered(id))
  return tls.received(id)
}

describe.each(versions)(
  'the same AReq again gets the same bytes; another one with its dsTransID gets Erro 305 (%s)',
  version => {
    const byRequestor = (overrides: Overrides = {}) => {
      const { dsReferenceNumber } = at.message()
      const ids = { threeDSServerTransID: randomUUID(), dsTransID: randomUUID(), dsReferenceNumber }
      return sample3RIAReq(version, { acctNumber: cards.hanako, purchaseAmount: '12800', ...ids, ...overrides })
    }
    const elsewhere = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }
    const all: readonly (readonly [what: string, transStatus: string, message: () => JsonObject])[] = [
      ['low risk', 'Y', () => at.message({ purchaseAmount: belowLimit }, version)],
      ['a stolen card', 'R', () => at.message({ acctNumber: cards.stolen }, version)],
      ['a challenge in a browser', 'C', () => at.message({}, version)],
      ['a challenge in an app', 'C', () => at.message(new Phone().overrides(version), version)],
      ['a requestor alone', 'N', () => byRequestor()],
      ['a question apart from the shop', 'D', () => byRequestor(elsewhere)],
    ]

    test.each(all.filter(([, transStatus]) => version !== '2.1.0' || transStatus !== 'D'))(
      '%s: %s',
      async (_what, transStatus, message) => {
        const sent: JsonObject = { ...message(), dsURL: tls.double.url }
        const send = (changes: Overrides = {}) => tls.post(JSON.stringify({ ...sent, ...changes }))
        const [first = '', ...others] = await Promise.all([send(), send(), send()])
        const answer = JSON.parse(first) as Answered
        expect(answer).toMatchObject({ messageType: 'ARes', transStatus })
        const told = await sentAbout(answer.acsTransID)
        expect([...others, await send()]).toEqual([first, first, first])
        expect(JSON.parse(await send({ threeDSRequestorName: 'Another' }))).toMatchObject({
          ...{ messageType: 'Erro', errorCode: '305', errorDetail: 'dsTransID', dsTransID: sent.dsTransID },
        })
        // Neither repeat has notified the cardholder again or revoked the answer.
        expect(await sentAbout(answer.acsTransID)).toEqual(told)
        expect(await send()).toBe(first)
      },
    )
  },
)

test('a dsTransID is unique to its directory server: the first one’s answer does not leak to the second', async () => {
  const message = at.message({ dsURL: tls.double.url, acctNumber: cards.stolen })
  const certificate = tls.clients.sign('second.ds.example')
  const bySecond = async (changes: Overrides = {}): Promise<Answered> => {
    const body = JSON.stringify({ ...message, ...changes })
    return JSON.parse((await callDs(tls.port, tls.clients.cert, { certificate, body })).body)
  }
  const first: Answered = JSON.parse(await tls.post(JSON.stringify(message)))
  expect(first).toMatchObject({ transStatus: 'R' })
  expect(await bySecond()).toMatchObject({ messageType: 'Erro', errorCode: '303' })
  const own = await bySecond({ dsReferenceNumber: 'SECOND-DS', dsURL: at.directoryServer.url })
  expect(own).toMatchObject({ messageType: 'ARes', dsTransID: message.dsTransID })
  expect(own.acsTransID).not.toBe(first.acsTransID)
})

describe.each(versions)('a second CReq (%s)', version => {
  const states = [
    ['asks for a code', 'code', 'asking'],
    ['asks for a method', 'choose', 'choosing'],
    ['waits for the account', 'account', 'awaiting-approval'],
  ] as const

  test.each(states)(
    'with the same content, after a reload, continues in the window that %s',
    async (_what, asked, kind) => {
      await prefer(asked)
      const { ares, acsTransID, windowKey } = await tls.window(version)
      expect(await showWindow(windowKey)).toMatchObject({ kind })
      const told = await sentAbout(acsTransID)
      at.advance(60)
      expect(await at.creq(ares)).toEqual({ kind: 'window', windowKey })
      expect(await showWindow(windowKey)).toMatchObject({ kind })
      expect(await sentAbout(acsTransID)).toEqual(told)
      expect(tls.received(acsTransID).times).toBe(0)
    },
  )

  describe.each(states)('with different content gets Erro 305 and ends with U the window that %s', (_what, asked) => {
    test.each([
      ['its size', { challengeWindowSize: '05' }, undefined],
      ['its session data', {}, 'other'],
    ] as const)('by %s', async (_by, overrides, session) => {
      await prefer(asked)
      const { ares, acsTransID, windowKey } = await tls.window(version)
      expect(await at.creq(ares, overrides, session)).toMatchObject(refusedWith('305'))
      expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended' })
      expect(await resultOf(acsTransID)).toMatchObject({
        ...{ times: 1, from: ['acs'] },
        result: { messageType: 'RReq', transStatus: 'U', challengeCancel: version === '2.3.1' ? '10' : '06' },
      })
      // Even the original CReq comes too late now.
      expect(await at.creq(ares)).toMatchObject(refusedWith(ended(version)))
    })
  })

  const outcomes: readonly (readonly [string, string, (window: OpenWindow) => Promise<unknown>])[] = [
    ['the right code', 'Y', ({ windowKey }) => submitAnswer(windowKey, at.mailbox.code)],
    [
      'wrong codes alone',
      'N',
      async ({ windowKey }) => {
        for (let tries = 0; tries < codePolicy.challenge.attempts; tries++)
          await submitAnswer(windowKey, otherThan(at.mailbox.code))
      },
    ],
    ['cancelling', 'N', ({ windowKey }) => cancelChallenge(windowKey)],
  ]
  test.each(outcomes)(`after the end by %s (%s) gets Erro ${ended(version)} and changes nothing`, async (...row) => {
    const [, transStatus, end] = row
    const window = await tls.window(version)
    await at.deliver()
    await end(window)
    for (const overrides of [{}, { challengeWindowSize: '05' }])
      expect(await at.creq(window.ares, overrides)).toMatchObject(refusedWith(ended(version)))
    await at.deliver()
    expect(tls.received(window.acsTransID)).toMatchObject({ times: 1, result: { transStatus } })
  })

  test(`after approval in the account gets Erro ${ended(version)} and changes nothing`, async () => {
    await prefer('account')
    const { ares, acsTransID } = await tls.window(version)
    await answerPayment(hanako(), acsTransID, 'approved')
    expect(await at.creq(ares)).toMatchObject(refusedWith(ended(version)))
    expect(await resultOf(acsTransID)).toMatchObject({ times: 1, result: { transStatus: 'Y' } })
  })
})

describe.each(versions)('an app (%s)', version => {
  async function asked() {
    const phone = await tls.challengedInApp(version)
    await phone.sdk.send()
    await at.deliver()
    return { ...phone, code: at.mailbox.code }
  }

  test('that sends the same CReq again is answered 302, and continues', async () => {
    const { sdk, id } = await tls.challengedInApp(version)
    const first = await sdk.encrypt(sdk.creq())
    await sdk.decrypt(await sdk.post(first))
    const told = await sentAbout(id)
    expect(await sdk.decrypt(await sdk.post(first))).toMatchObject({ messageType: 'Erro', errorCode: '302' })
    expect(await sentAbout(id)).toEqual(told)
    await at.deliver()
    expect(await sdk.send({ challengeDataEntry: at.mailbox.code })).toMatchObject({ transStatus: 'Y' })
    expect(await resultOf(id)).toMatchObject({ times: 1, result: { transStatus: 'Y' } })
  })

  test(`is answered ${ended(version)} after the end, and the result does not change`, async () => {
    const { sdk, id, code } = await asked()
    await sdk.send({ challengeDataEntry: code })
    expect(await sdk.send({ challengeCancel: '01' })).toMatchObject({ messageType: 'Erro', errorCode: ended(version) })
    await at.deliver()
    expect(tls.received(id)).toMatchObject({ times: 1, result: { transStatus: 'Y' } })
  })

  test.each(['acsTransID', 'threeDSServerTransID', 'sdkTransID'])(
    'whose %s does not belong to the others is answered 301, and the result is U',
    async name => {
      const { sdk, id } = await asked()
      const other = await tls.challengedInApp(version)
      const ids = { acsTransID: other.id, threeDSServerTransID: other.ares.threeDSServerTransID ?? '' }
      const wrong = { ...ids, sdkTransID: other.sdk.sdkTransID }[name] ?? ''
      expect(await sdk.send({ [name]: wrong, challengeDataEntry: '123456' })).toMatchObject({
        ...{ messageType: 'Erro', errorCode: '301' },
      })
      expect(await resultOf(id)).toMatchObject({ times: 1, result: { transStatus: 'U' } })
      expect(tls.received(other.id).times).toBe(0)
    },
  )
})

describe.each(versions)('ids of two transactions (%s)', version => {
  test('open neither, are logged as 301, do not reveal to a merchant which of them exists, and both continue', async () => {
    const [one, other] = [await tls.send(at.message({}, version)), await tls.send(at.message({}, version))]
    const { acsTransID = '', threeDSServerTransID = '' } = other
    for (const half of [{ acsTransID }, { threeDSServerTransID }]) {
      at.log.length = 0
      expect(await at.creq(one, half)).toEqual({ kind: 'refused' })
      expect(at.log.map(line => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ msg: 'creq.refused', errorCode: '301' }),
      )
    }
    expect([await at.creq(one), await at.creq(other)]).toMatchObject([{ kind: 'window' }, { kind: 'window' }])
    for (const { acsTransID } of [one, other]) expect(tls.received(acsTransID ?? '').times).toBe(0)
  })

  test('in an RRes are reported to the directory server as 301, once, and the result is not sent again', async () => {
    const { windowKey, acsTransID } = await tls.window(version)
    tls.double.react = receipt({ dsTransID: randomUUID() })
    await cancelChallenge(windowKey)
    tls.double.react = receipt()
    at.advance(60)
    await at.deliver()
    expect(await tls.delivered(acsTransID)).toBe(false)
    expect(tls.double.erros.filter(erro => erro.acsTransID === acsTransID)).toMatchObject([
      { messageType: 'Erro', errorCode: '301', errorMessageType: 'RRes', errorDetail: 'dsTransID' },
    ])
    expect(tls.received(acsTransID)).toMatchObject({ contents: 1, times: 1, result: { transStatus: 'N' } })
  })
})
