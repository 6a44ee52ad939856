import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { check } from '#domain/emv/check.ts'
import { reportOn } from '#domain/emv/report.ts'
import { rreqTable } from '#domain/emv/sent.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import { type MessageVersion, versions } from '#domain/emv/version.ts'
import type { Preference } from '#domain/methods/selection.ts'
import type { Encryption } from '../../../e2e/sdk.ts'
import type { Actor } from '../../account/actor.ts'
import { answerPayment } from '../../account/payments.ts'
import { now } from '../../platform/clock.ts'
import { cards } from '../../testing/cards.ts'
import { CertificateAuthority, joined } from '../../testing/certificates.ts'
import { type Answered, belowLimit, type Deployment, otherThan, startDeployment } from '../../testing/deployment.ts'
import { drops, type Reaction, receipt } from '../../testing/directory-server.ts'
import { type Device, Phone } from '../../testing/phone.ts'
import { SmsGatewayDouble } from '../../testing/sms-gateway.ts'
import { receiveAppErro } from './app-error.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
let authority: CertificateAuthority

beforeAll(async () => {
  at = await startDeployment()
  authority = new CertificateAuthority(at.folder, 'payment-system')
  const intermediate = authority.below('payment-system-acs')
  const { certFile: signer, keyFile } = intermediate.sign('acs')
  // As many payment systems hand it over: the authority's own certificate is in the file.
  const certFile = joined(join(at.folder, 'acs-chain.pem'), signer, intermediate.certFile, authority.certFile)
  const issuer = JSON.parse(readFileSync(at.setting('ISSUER_FILE'), 'utf8'))
  issuer.directoryServers[0].appSigning = { certificatesFile: certFile, keyFile }
  writeFileSync(join(at.folder, 'issuer-with-apps.json'), JSON.stringify(issuer))
  at.configure({ ISSUER_FILE: join(at.folder, 'issuer-with-apps.json') })
})
afterAll(() => at.stop())
// Each test gets a card that has not been used for an hour.
beforeEach(() => at.advance(policy.limits.sendsByOne.window / 1000 + 1))

function areq(phone: Phone, overrides: Overrides = {}, version: MessageVersion = '2.2.0'): Promise<Answered> {
  return at.areq({ ...phone.overrides(version), ...overrides }, version)
}

/** A purchase in an app, up to the ARes. */
async function purchase(device: Device = {}, version: MessageVersion = '2.2.0', overrides: Overrides = {}) {
  const sdk = new Phone(device)
  const ares = await areq(sdk, overrides, version)
  await sdk.accept({ ...ares }, authority.cert)
  return { sdk, ares, id: ares.acsTransID ?? '' }
}

/** The same, up to the code. */
async function asked(device: Device = {}, version: MessageVersion = '2.2.0', overrides: Overrides = {}) {
  const bought = await purchase(device, version, overrides)
  const screen = await bought.sdk.send()
  await at.deliver()
  return { ...bought, screen, code: at.mailbox.code }
}

const stillAsks = async (id: string) => expect(await at.challenge(id)).toMatchObject({ state: 'asking', attempts: 0 })
const result = (id: string) => at.directoryServer.rreqsOf(id)

describe.each(versions)('%s', version => {
  test.each(['A128CBC-HS256', 'A128GCM'] as Encryption[])(
    '[Req 32, 52, 66, 76, 186] a code authenticates the cardholder, with %s',
    async encryption => {
      const { sdk, ares, id, code } = await asked({ encryption }, version)
      expect(ares).toMatchObject({ transStatus: 'C', sdkTransID: sdk.sdkTransID, acsChallengeMandated: 'Y' })
      expect('threeDSRequestorAppURLInd' in ares && 'deviceInfoRecognisedVersion' in ares).toBe(version === '2.3.1')
      expect(await sdk.send({ challengeDataEntry: code })).toMatchObject({
        transStatus: 'Y',
        challengeCompletionInd: 'Y',
      })
      expect(result(id)).toHaveLength(1)
      expect(result(id)[0]).toMatchObject({ transStatus: 'Y', authenticationValue: expect.any(String) })
    },
  )

  test('[Req 342] an HTML page does the same', async () => {
    const { sdk, id, code } = await asked({ sdkInterface: '02', sdkUiType: ['05'] }, version)
    expect(await sdk.send({ challengeHTMLDataEntry: `do=code&code=${code}` })).toMatchObject({ transStatus: 'Y' })
    expect(result(id)[0]).toMatchObject({ acsRenderingType: { acsInterface: '02', acsUiTemplate: '05' } })
  })
})

test('a Split-SDK is served with A128GCM', async () => {
  const { screen } = await asked({ split: true, encryption: 'A128GCM' }, '2.3.1')
  expect(screen).toMatchObject({ acsUiType: '01' })
})

describe('the limits are those of the window', () => {
  test('[Req 48, 61] five wrong codes end the challenge', async () => {
    const { sdk, id, code } = await asked()
    for (let left = codePolicy.challenge.attempts - 1; left > 0; left--) {
      const answer = await sdk.send({ challengeDataEntry: otherThan(code) })
      expect(answer).toMatchObject({ challengeInfoTextIndicator: 'Y', challengeCompletionInd: 'N' })
      expect(answer.challengeInfoText).toContain(`あと${left}回`)
    }
    expect(await sdk.send({ challengeDataEntry: otherThan(code) })).toMatchObject({ transStatus: 'N' })
    expect(result(id)).toMatchObject([{ transStatus: 'N', transStatusReason: '19', interactionCounter: '05' }])
  })

  test('an empty field and a malformed code cost no attempt', async () => {
    const { sdk, id } = await asked()
    expect(await sdk.send({ challengeNoEntry: 'Y' })).toMatchObject({ challengeInfoTextIndicator: 'Y' })
    expect(await sdk.send({ challengeDataEntry: '12' })).toMatchObject({ challengeInfoTextIndicator: 'Y' })
    await stillAsks(id)
  })

  test('a new code is sent once enough time has passed, and not before', async () => {
    const { sdk, id, code } = await asked()
    await sdk.send({ resendChallenge: 'Y' })
    expect(await at.outbox(id, 'email')).toHaveLength(1)
    at.advance(codePolicy.challenge.resendAfter / 1000)
    const answer = await sdk.send({ resendChallenge: 'Y' })
    expect(answer.challengeInfoTextIndicator).toBeUndefined()
    await at.deliver()
    expect(at.mailbox.code).not.toBe(code)
    expect(await sdk.send({ challengeDataEntry: at.mailbox.code })).toMatchObject({ transStatus: 'Y' })
  })

  test('concurrent copies of one answer are one answer', async () => {
    const { sdk, id, code } = await asked()
    const jwe = await sdk.encrypt(sdk.creq({ challengeDataEntry: otherThan(code) }))
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => sdk.post(jwe)))
    expect(answers.filter(({ type }) => type === 'application/jose')).toHaveLength(1)
    expect(await at.challenge(id)).toMatchObject({ state: 'asking', attempts: 1 })
  })

  test('a card reported stolen in the meantime is refused, whatever is entered', async () => {
    const { sdk, id, code } = await asked({}, '2.2.0', { acctNumber: cards.alex })
    await at.sql`update cards set status = 'stolen' where id = (select card_id from challenges where acs_trans_id = ${id})`
    expect(await sdk.send({ challengeDataEntry: code })).toMatchObject({ transStatus: 'N' })
    expect(result(id)).toMatchObject([{ transStatus: 'R', transStatusReason: '10' }])
    await at.sql`update cards set status = 'active' where status = 'stolen' and id = (select card_id from challenges where acs_trans_id = ${id})`
  })

  test('an app learns with its next message that no gateway accepted the code', async () => {
    const { sdk, id } = await purchase()
    await sdk.send()
    await at.sql`update challenges set state = 'ended', outcome = 'delivery-failed' where acs_trans_id = ${id}`
    expect(await sdk.send({ challengeDataEntry: '123456' })).toMatchObject({
      challengeCompletionInd: 'Y',
      transStatus: 'N',
    })
  })
})

describe('an Erro of the SDK', () => {
  const erroOf = (sdk: Phone, ares: Answered, change: object = {}) => {
    const { messageVersion, threeDSServerTransID, acsTransID } = ares
    const ids = { messageVersion, threeDSServerTransID, acsTransID, sdkTransID: sdk.sdkTransID }
    const what = { errorCode: '203', errorComponent: 'C', errorDescription: 'bad', errorDetail: 'acsUiType' }
    return Buffer.from(JSON.stringify({ messageType: 'Erro', ...ids, ...what, ...change }))
  }

  test('[Req 47, 60] ends the challenge once, and the merchant gets the result', async () => {
    const { sdk, ares, id } = await asked()
    await receiveAppErro(erroOf(sdk, ares))
    await receiveAppErro(erroOf(sdk, ares))
    expect(result(id)).toMatchObject([{ transStatus: 'U', challengeCancel: '06', interactionCounter: '00' }])
    expect(await sdk.send({ challengeDataEntry: '123456' })).toMatchObject({ errorCode: '305' })
  })

  test.each(versions)('is reported to the merchant in the form of its version (%s)', async version => {
    const { sdk, ares, id } = await asked({}, version)
    await receiveAppErro(erroOf(sdk, ares, { extra: 'not ours to pass on' }))
    const [rreq] = result(id)
    const copy = { errorCode: '203', errorComponent: 'C', errorDetail: 'acsUiType', sdkTransID: sdk.sdkTransID }
    expect(rreq).toMatchObject({
      challengeCancel: version === '2.3.1' ? '09' : '06',
      ...(version === '2.3.1' && { challengeErrorReporting: copy }),
    })
    expect(JSON.stringify(rreq)).not.toContain('not ours')
    expect(check(rreqTable, { ...rreq }, { version })).toEqual([])
  })

  test('with a wrong or missing id changes nothing', async () => {
    const { sdk, ares, id } = await asked()
    for (const change of [
      { sdkTransID: randomUUID() },
      { sdkTransID: undefined },
      { threeDSServerTransID: randomUUID() },
      { acsTransID: randomUUID() },
      { acsTransID: undefined },
      { errorComponent: 'D' },
      { messageType: 'CReq' },
    ])
      await receiveAppErro(erroOf(sdk, ares, change))
    for (const body of ['', '{', 'null', '[]']) await receiveAppErro(Buffer.from(body))
    await stillAsks(id)
  })
})

describe('a 2.3.1 device that shows information', () => {
  const device = { sdkInterface: '01', sdkUiType: ['01', '07'] } as const

  test('[Req 342] is told the reason for a refusal, before the last message', async () => {
    const { sdk, id, code } = await asked(device, '2.3.1')
    for (let left = codePolicy.challenge.attempts; left > 1; left--)
      await sdk.send({ challengeDataEntry: otherThan(code) })
    const told = await sdk.send({ challengeDataEntry: otherThan(code) })
    expect(told).toMatchObject({ acsUiType: '07', challengeCompletionInd: 'N' })
    expect(result(id)).toMatchObject([{ transStatus: 'N', transStatusReason: '19' }])
    expect(await sdk.send({ infoContinueIndicator: true })).toMatchObject({
      challengeCompletionInd: 'Y',
      transStatus: 'N',
    })
    expect(await sdk.send({ infoContinueIndicator: true })).toMatchObject({ errorCode: '315' })
    expect(result(id)).toHaveLength(1)
  })

  test('is told nothing after success or cancellation', async () => {
    const left = await asked(device, '2.3.1')
    expect(await left.sdk.send({ challengeCancel: '01' })).toMatchObject({ challengeCompletionInd: 'Y' })
    const well = await asked(device, '2.3.1')
    expect(await well.sdk.send({ challengeDataEntry: well.code })).toMatchObject({ transStatus: 'Y' })
  })
})

describe('the preferred method', () => {
  const prefer = (preferred: Preference) => at.sql`insert into preferences (cardholder_id, preferred_method, updated_at)
    select id, ${preferred}, ${now()} from cardholders where issuer_ref = 'hanako'
    on conflict (cardholder_id) do update set preferred_method = ${preferred}`
  let hanako: Actor

  beforeAll(async () => {
    await sms.start()
    at.configure(sms.settings())
    const [owner] = await at.sql`select id, language from cardholders where issuer_ref = 'hanako'`
    hanako = { cardholderId: owner?.id, sessionId: randomUUID(), language: owner?.language, strongAt: undefined }
    await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
      values (${owner?.id}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
  })
  afterAll(async () => {
    await at.sql`delete from preferences`
    await at.sql`delete from accounts`
    at.configure({ SMS_GATEWAYS: '' })
    await sms.stop()
  })
  const answer = (id: string, said: 'approved' | 'declined') => answerPayment({ ...hanako, strongAt: now() }, id, said)
  const codes = async (id: string) => [(await at.outbox(id, 'email')).length, (await at.outbox(id, 'sms')).length]
  const all = { sdkInterface: '03', sdkUiType: ['01', '02', '03', '04', '05'] } as const
  const goOn = (version: MessageVersion) => ({ oobContinue: version === '2.3.1' ? '01' : true })

  describe.each(versions)('%s', version => {
    test('account: out of band, with the address to open, and approval is Y', async () => {
      await prefer('account')
      const { sdk, ares, id } = await purchase(all, version)
      expect(ares).toMatchObject({ acsRenderingType: { acsInterface: '01', acsUiTemplate: '04' } })
      expect(ares).toMatchObject(version === '2.3.1' ? { authenticationMethod: ['08'] } : { authenticationType: '03' })
      expect(await sdk.send()).toMatchObject({
        acsUiType: '04',
        oobAppURL: 'https://acs.test/ja/account/payments',
        oobAppLabel: 'カードの会員ページを開く',
        oobContinueLabel: '承認または拒否を済ませて、次へ進む',
      })
      expect(await codes(id)).toEqual([0, 0])
      await answer(id, 'approved')
      expect(result(id)).toHaveLength(0)
      expect(await sdk.send(goOn(version))).toMatchObject({ challengeCompletionInd: 'Y', transStatus: 'Y' })
      const [rreq] = result(id)
      expect(rreq).toMatchObject({
        transStatus: 'Y',
        interactionCounter: '01',
        acsRenderingType: { acsUiTemplate: '04' },
        ...(version === '2.3.1'
          ? { authenticationMethod: ['08'] }
          : { authenticationType: '03', authenticationMethod: '08' }),
      })
      expect(reportOn(JSON.stringify(rreq), { channel: '01', category: '01' }).findings).toEqual([])
      expect(result(id)).toHaveLength(1)
    })

    test('account: declining is N', async () => {
      await prefer('account')
      const { sdk, id } = await purchase(all, version)
      await sdk.send()
      await answer(id, 'declined')
      expect(await sdk.send(goOn(version))).toMatchObject({ challengeCompletionInd: 'Y', transStatus: 'N' })
      expect(result(id)).toMatchObject([{ transStatus: 'N', transStatusReason: version === '2.3.1' ? '19' : '01' }])
    })

    test('choose: one of all methods, and the code goes there', async () => {
      await prefer('choose')
      const { sdk, ares, id } = await purchase(all, version)
      expect(ares).toMatchObject({ acsRenderingType: { acsInterface: '01', acsUiTemplate: '02' } })
      const choice = await sdk.send()
      expect(choice).toMatchObject({ acsUiType: '02' })
      expect(choice.challengeSelectInfo).toEqual([
        { mail: 'メール h•••@•••.example' },
        { sms: 'SMS •••••••78' },
        { both: 'メールとSMSの両方' },
        { acct: 'カードの会員ページで承認する' },
      ])
      expect(await sdk.send({ challengeDataEntry: 'post' })).toMatchObject({
        acsUiType: '02',
        challengeInfoTextIndicator: 'Y',
      })
      expect(await sdk.send({ challengeDataEntry: 'sms' })).toMatchObject({ acsUiType: '01' })
      expect(await codes(id)).toEqual([0, 1])
      await at.deliver()
      expect(await sdk.send({ challengeDataEntry: sms.code })).toMatchObject({ transStatus: 'Y' })
      expect(result(id)[0]).toMatchObject({ interactionCounter: '03', acsRenderingType: { acsUiTemplate: '02' } })
    })

    test('choose, on a device that shows a choice of several: a code to each chosen contact', async () => {
      await prefer('choose')
      const { sdk, ares, id } = await purchase({ sdkInterface: '01', sdkUiType: ['01', '03'] }, version)
      expect(ares).toMatchObject({ acsRenderingType: { acsUiTemplate: '03' } })
      expect(await sdk.send()).toMatchObject({ acsUiType: '03' })
      const nothing = version === '2.1.0' ? {} : { challengeNoEntry: 'Y' }
      expect(await sdk.send(nothing)).toMatchObject({ acsUiType: '03', challengeInfoTextIndicator: 'Y' })
      expect(await sdk.send({ challengeDataEntry: 'mail,sms' })).toMatchObject({ acsUiType: '01' })
      expect(await codes(id)).toEqual([1, 1])
      await at.deliver()
      expect(await sdk.send({ challengeDataEntry: sms.code })).toMatchObject({ transStatus: 'Y' })
    })

    test('a device that shows only out-of-band screens is asked there, whatever the preference', async () => {
      await prefer('code')
      const { sdk, ares, id } = await purchase({ sdkInterface: '01', sdkUiType: ['04'] }, version)
      expect(ares).toMatchObject({ transStatus: 'C', acsRenderingType: { acsUiTemplate: '04' } })
      const asked = await sdk.send()
      expect(asked).toMatchObject({ acsUiType: '04' })
      expect(asked).not.toHaveProperty('challengeAddLabel')
      await answer(id, 'approved')
      expect(await sdk.send(goOn(version))).toMatchObject({ transStatus: 'Y' })
    })
  })

  test('is replaced by a code on a device without the screen for it', async () => {
    for (const preference of ['account', 'choose'] as const) {
      await prefer(preference)
      const { screen } = await asked({ sdkInterface: '02', sdkUiType: ['05'] })
      expect(screen.acsUiType).toBe('05')
    }
  })

  test('a device that shows only out-of-band screens gets U if its cardholder cannot answer in the account', async () => {
    const device = new Phone({ sdkInterface: '01', sdkUiType: ['04'] })
    expect(await areq(device, { acctNumber: cards.alex })).toMatchObject({ transStatus: 'U', transStatusReason: '03' })
    const { sdk, id } = await purchase({ sdkInterface: '01', sdkUiType: ['04'] })
    await at.sql`update cardholders set report_open_since = ${now()}`
    expect(await sdk.send()).toMatchObject({ challengeCompletionInd: 'Y', transStatus: 'N' })
    expect(result(id)).toMatchObject([{ transStatus: 'U', transStatusReason: '22' }])
    await at.sql`update cardholders set report_open_since = null, disputed_since = null`
  })

  test('an out-of-band page, in 2.3.1, offers a code instead', async () => {
    await prefer('account')
    const { sdk, ares, id } = await purchase({ sdkInterface: '02', sdkUiType: ['05', '06'] }, '2.3.1')
    expect(ares).toMatchObject({ acsRenderingType: { acsInterface: '02', acsUiTemplate: '06' } })
    const page = await sdk.send()
    await at.deliver()
    expect(page).toMatchObject({ acsUiType: '06', oobAppURL: 'https://acs.test/ja/account/payments' })
    expect(await sdk.send({ challengeHTMLDataEntry: 'do=continue' })).toMatchObject({ acsUiType: '06' })
    expect(await sdk.send({ challengeHTMLDataEntry: 'do=en' })).toMatchObject({ acsUiType: '06' })
    expect(await sdk.send({ challengeHTMLDataEntry: 'do=other' })).toMatchObject({ acsUiType: '05' })
    await at.deliver()
    const done = await sdk.send({ challengeHTMLDataEntry: `do=code&code=${sms.code}` })
    expect(done).toMatchObject({ transStatus: 'Y' })
    expect(result(id)).toMatchObject([{ interactionCounter: '03', authenticationMethod: ['02'] }])
  })

  test('a cardholder who continues before answering is told so; an SDK that continues by itself is not', async () => {
    await prefer('account')
    const { sdk, id } = await purchase(all, '2.3.1')
    await sdk.send()
    expect(await sdk.send({ oobContinue: '02' })).not.toHaveProperty('challengeInfoTextIndicator')
    expect(await sdk.send({ oobContinue: '01' })).toMatchObject({ acsUiType: '04', challengeInfoTextIndicator: 'Y' })
    expect(await sdk.send({ challengeAddCode: 'Y' })).toMatchObject({
      acsUiType: '01',
      challengeAddLabel: '別の方法で認証する',
    })
    expect(await sdk.send({ challengeAddCode: 'Y' })).toMatchObject({ acsUiType: '02' })
    expect(await sdk.send({ challengeDataEntry: 'acct' })).toMatchObject({ acsUiType: '04' })
    expect(await sdk.send({ challengeCancel: '01' })).toMatchObject({ transStatus: 'N' })
    expect(result(id)).toMatchObject([{ interactionCounter: '05' }])
  })

  test('a cardholder who continues before answering chooses a method, if there is no button for another one', async () => {
    await prefer('account')
    const { sdk, id } = await purchase(all, '2.2.0')
    await sdk.send()
    expect(await sdk.send({ oobContinue: true })).toMatchObject({ acsUiType: '02' })
    await answer(id, 'approved')
    expect(await sdk.send({ challengeDataEntry: 'mail' })).toMatchObject({ transStatus: 'Y' })
  })

  test('a device that opens no other addresses is given none', async () => {
    await prefer('account')
    const { sdk } = await purchase(all, '2.3.1')
    expect(await sdk.send({ oobAppURLInd: '02' })).not.toHaveProperty('oobAppURL')
  })

  test('a code that its gateway refuses leads back to the choice, whatever the device was showing', async () => {
    await prefer('choose')
    const { sdk } = await purchase(all)
    await sdk.send()
    await sdk.send({ challengeDataEntry: 'sms' })
    sms.refusal = { http: 422 }
    await at.deliver()
    sms.refusal = {}
    expect(await sdk.send({ challengeDataEntry: '123456' })).toMatchObject({ acsUiType: '02' })
    expect(await sdk.send({ challengeDataEntry: 'mail' })).toMatchObject({ acsUiType: '01' })
    await at.deliver()
    expect(await sdk.send({ challengeDataEntry: at.mailbox.code })).toMatchObject({ transStatus: 'Y' })
  })
})

describe('a third party’s messages do not affect a challenge', () => {
  test('a repeated message is answered with 302 and changes nothing', async () => {
    const { sdk, id } = await purchase()
    const first = await sdk.encrypt(sdk.creq())
    await sdk.decrypt(await sdk.post(first))
    expect(await sdk.decrypt(await sdk.post(first))).toMatchObject({ errorCode: '302', errorDetail: 'sdkCounterStoA' })
    await stillAsks(id)
    expect((await sdk.send({ challengeNoEntry: 'Y' })).acsCounterAtoS).toBe('001')
  })

  test('a message from another transaction’s SDK decrypts only under its own transaction', async () => {
    const [one, other] = [await asked(), await asked()]
    const jwe = await other.sdk.encrypt(one.sdk.creq({ challengeCancel: '01' }), { kid: one.id })
    expect(await other.sdk.decrypt(await other.sdk.post(jwe))).toMatchObject({ errorCode: '302', acsTransID: one.id })
    await stillAsks(one.id)
    await stillAsks(other.id)
  })

  test('an Erro before decryption contains no id but the one that was sent', async () => {
    const { sdk, id } = await asked()
    const jwe = (await sdk.encrypt(sdk.creq())).replace(/\.[^.]*$/, `.${'A'.repeat(22)}`)
    const answer = await sdk.decrypt(await sdk.post(jwe))
    expect(answer).toMatchObject({ messageType: 'Erro', errorCode: '302', errorComponent: 'A', acsTransID: id })
    expect(answer).not.toHaveProperty('sdkTransID')
    expect(answer).not.toHaveProperty('threeDSServerTransID')
    await stillAsks(id)
  })

  test('an unknown id, or that of a browser’s challenge, is answered with 301', async () => {
    const { sdk } = await asked()
    const browser = await at.areq()
    for (const kid of [randomUUID(), browser.acsTransID, 'none']) {
      const answer = await sdk.decrypt(await sdk.post(await sdk.encrypt(sdk.creq(), { kid })))
      expect(answer).toMatchObject({ messageType: 'Erro', errorCode: '301' })
    }
    expect(await at.challenge(browser.acsTransID ?? '')).toMatchObject({ state: 'awaiting-creq' })
  })

  test('a body that is not a JWE is answered with 101', async () => {
    const { sdk } = await purchase()
    for (const body of ['', '{}', JSON.stringify(sdk.creq()), 'a.b.c'])
      expect(await sdk.decrypt(await sdk.post(body))).toMatchObject({ messageType: 'Erro', errorCode: '101' })
  })

  test('an ended challenge gives the same answer with and without the key', async () => {
    const { sdk, id, code } = await asked()
    await sdk.send({ challengeDataEntry: code })
    const garbage = (await sdk.encrypt(sdk.creq())).replace(/\.[^.]*$/, `.${'A'.repeat(22)}`)
    for (const jwe of [await sdk.encrypt(sdk.creq()), garbage])
      expect(await sdk.decrypt(await sdk.post(jwe))).toMatchObject({ errorCode: '305', acsTransID: id })
    expect(result(id)).toHaveLength(1)
  })
})

describe('an error of the SDK ends the challenge, and the merchant gets the result', () => {
  test.each([
    ['a number ahead', { sdkCounterStoA: '002' }, '302'],
    ['no number', { sdkCounterStoA: undefined }, '201'],
    ['a number beyond 255', { sdkCounterStoA: '256' }, '203'],
    ['another version', { messageVersion: '2.1.0' }, '203'],
    ['an unknown version', { messageVersion: '9.0.0' }, '102'],
    ['another acsTransID', { acsTransID: randomUUID() }, '301'],
    ['another sdkTransID', { sdkTransID: randomUUID() }, '301'],
    ['another threeDSServerTransID', { threeDSServerTransID: randomUUID() }, '301'],
    ['another message', { messageType: 'CRes' }, '101'],
    ['two answers', { challengeDataEntry: '123456', challengeCancel: '01' }, '203'],
    ['no answer', {}, '201'],
    ['too much', { challengeDataEntry: '1'.repeat(46) }, '203'],
    [
      'a critical extension',
      { messageExtension: [{ name: 'x', id: 'x', criticalityIndicator: true, data: { a: 1 } }] },
      '202',
    ],
  ])('[Req 47, 60] %s', async (_what, change, errorCode) => {
    const { sdk, id } = await asked()
    const answer = await sdk.send(change)
    expect(answer).toMatchObject({ messageType: 'Erro', errorCode, errorComponent: 'A', sdkTransID: sdk.sdkTransID })
    expect(result(id)).toMatchObject([{ transStatus: 'U', challengeCancel: '06' }])
    expect(
      await at.sql`select secret from app_channels where challenge_id = (select id from challenges where acs_trans_id = ${id})`,
    ).toEqual([{ secret: null }])
  })

  test('[Req 320, 475] in 2.3.1, with an address of the merchant’s app that is not https, or another version', async () => {
    for (const [change, errorDetail] of [
      [{ challengeDataEntry: '1', threeDSRequestorAppURL: 'shop-app://back' }, 'threeDSRequestorAppURL'],
      [{ challengeDataEntry: '1', messageVersion: '2.2.0' }, 'messageVersion'],
    ] as const) {
      const { sdk, id } = await asked({}, '2.3.1')
      expect(await sdk.send(change)).toMatchObject({ messageType: 'Erro', errorCode: '203', errorDetail })
      expect(result(id)).toMatchObject([{ transStatus: 'U', challengeCancel: '10' }])
    }
  })

  test('[Req 64, 310] a cancellation is reported at once, before the final CRes', async () => {
    const { sdk, id } = await asked({}, '2.3.1')
    expect(await sdk.send({ challengeCancel: '01' })).toMatchObject({ challengeCompletionInd: 'Y', transStatus: 'N' })
    expect(result(id)).toMatchObject([{ transStatus: 'N', transStatusReason: '19', challengeCancel: '01' }])
  })

  test('a Split-SDK that does not encrypt with A128GCM', async () => {
    const { sdk, id } = await purchase({ split: true, encryption: 'A128CBC-HS256' }, '2.3.1')
    const answer = await sdk.send()
    expect(answer).toMatchObject({ messageType: 'Erro', errorCode: '310', errorDetail: 'A128GCM' })
    expect(result(id)).toMatchObject([
      { transStatus: 'U', challengeCancel: '10', challengeErrorReporting: { errorCode: '310', errorComponent: 'A' } },
    ])
  })

  test('duplicate members', async () => {
    const { sdk } = await asked()
    const twice = JSON.stringify(sdk.creq({ challengeDataEntry: '1' })).replace('{', '{"challengeDataEntry":"2",')
    const jwe = await sdk.encryptText(twice)
    expect(await sdk.decrypt(await sdk.post(jwe))).toMatchObject({ errorCode: '204' })
  })
})

describe('a directory server that does not acknowledge the result of a challenge in an app', () => {
  const endedBy = async (react: Reaction, version: MessageVersion = '2.3.1') => {
    const { sdk, id, code } = await asked({}, version)
    at.directoryServer.react = react
    const answer = await sdk.send({ challengeDataEntry: code })
    at.directoryServer.react = receipt()
    return { sdk, id, answer }
  }

  test.each<readonly [string, Reaction, string]>([
    ['hangs up', drops, '402'],
    ['sends no RRes', (_rreq, response) => response.end('{}'), '101'],
    ['sends an invalid RRes', receipt({ resultsStatus: 'x' }), '203'],
    ['sends Erro 405', (_rreq, response) => response.end('{"messageType":"Erro","errorCode":"405"}'), '403'],
  ])('and %s ends it with an Erro in the clear, in place of the final CRes', async (_what, react, errorCode) => {
    const { sdk, id, answer } = await endedBy(react)
    const ids = { acsTransID: id, sdkTransID: sdk.sdkTransID }
    expect(answer).toMatchObject({ messageType: 'Erro', errorCode, errorComponent: 'A', ...ids })
    expect(await sdk.send({ challengeDataEntry: '000000' })).toMatchObject({ errorCode: '315' })
    expect(result(id)).toHaveLength(1)
  })

  test('but says that it has it (Erro 312) leads to the CRes', async () => {
    const { answer } = await endedBy((_rreq, response) => response.end('{"messageType":"Erro","errorCode":"312"}'))
    expect(answer).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
  })

  test.each([
    ['2.3.1', 'N'],
    ['2.2.0', 'Y'],
  ] as const)('and cannot be reached leads in %s to a CRes with %s', async (version, transStatus) => {
    const { sdk, id, code } = await asked({}, version)
    await at.directoryServer.stop()
    const answer = await sdk.send({ challengeDataEntry: code })
    await at.directoryServer.start()
    expect(answer).toMatchObject({ messageType: 'CRes', challengeCompletionInd: 'Y', transStatus })
    at.advance(policy.resultRetryPause / 1000)
    await at.deliver()
    expect(result(id)).toMatchObject([{ transStatus: transStatus === 'Y' ? 'Y' : 'U' }])
  })
})

describe('time limits', () => {
  test('[Req 222] an app that comes after 30 seconds gets 402', async () => {
    const { sdk, id } = await purchase()
    at.advance(31)
    expect(await sdk.send()).toMatchObject({ errorCode: '402' })
    expect(result(id)).toMatchObject([{ transStatus: 'N', transStatusReason: '14', challengeCancel: '05' }])
    expect(await sdk.send()).toMatchObject({ errorCode: '402' })
  })

  test('[Req 223, 224, 225] a screen waits for ten minutes', async () => {
    const { sdk, id, code } = await asked()
    at.advance(policy.pageTime / 1000 - 60)
    expect(await sdk.send({ challengeNoEntry: 'Y' })).toMatchObject({ challengeCompletionInd: 'N' })
    at.advance(policy.pageTime / 1000 + 1)
    expect(await sdk.send({ challengeDataEntry: code })).toMatchObject({ errorCode: '402' })
    expect(result(id)).toMatchObject([{ transStatus: 'N', transStatusReason: '14', challengeCancel: '04' }])
  })
})

describe('the AReq', () => {
  test('[Req 31] of low risk passes without keys, and is answered with the SDK’s transaction', async () => {
    const sdk = new Phone()
    const ares = await areq(sdk, { purchaseAmount: belowLimit })
    const proof = { eci: '05', authenticationValue: expect.any(String) }
    expect(ares).toMatchObject({ transStatus: 'Y', ...proof, sdkTransID: sdk.sdkTransID })
    expect(ares).not.toHaveProperty('acsSignedContent')
  })

  test('[Req 397] may carry device information of any version, and of none', async () => {
    for (const info of [...['1.0', '1.1', '1.4', '1.5', '1.6', '9.9'].map(DV => ({ DV, DD: {} })), {}]) {
      const deviceInfo = Buffer.from(JSON.stringify(info)).toString('base64url')
      expect(await areq(new Phone(), { deviceInfo }, '2.3.1')).toMatchObject({ transStatus: 'C' })
    }
  })

  test('[Req 29, 30] is challenged if the requestor asks for it, and never with S', async () => {
    const small = { purchaseAmount: belowLimit, threeDSRequestorSpcSupport: 'Y', payeeOrigin: 'https://shop.example' }
    const wished = (inds: string[]) => areq(new Phone(), { ...small, threeDSRequestorChallengeInd: inds }, '2.3.1')
    expect(await wished(['04'])).toMatchObject({ transStatus: 'C' })
    expect(await wished(['02'])).toMatchObject({ transStatus: 'Y' })
    expect(await wished(['06'])).toMatchObject({ transStatus: 'I' })
  })

  test('with a key that is not a point on the curve is answered with 203', async () => {
    const sdk = new Phone()
    const { sdkEphemPubKey } = sdk.areq as { sdkEphemPubKey: { x: string; y: string } }
    const swapped = { ...sdkEphemPubKey, x: sdkEphemPubKey.y, y: sdkEphemPubKey.x }
    expect(await areq(sdk, { sdkEphemPubKey: swapped })).toMatchObject({
      errorCode: '203',
      errorDetail: 'sdkEphemPubKey',
    })
  })

  test('[Req 26] of a device that can show none of our screens, or of a directory server without apps, is answered with U', async () => {
    const device = new Phone({ sdkInterface: '01', sdkUiType: ['04'] })
    expect(await areq(device)).toMatchObject({ transStatus: 'U', transStatusReason: '03' })
    const { setting } = at
    const issuer = JSON.parse(readFileSync(setting('ISSUER_FILE'), 'utf8'))
    delete issuer.directoryServers[0].appSigning
    writeFileSync(join(at.folder, 'issuer-without.json'), JSON.stringify(issuer))
    const withApps = setting('ISSUER_FILE')
    at.configure({ ISSUER_FILE: join(at.folder, 'issuer-without.json') })
    expect(await areq(new Phone())).toMatchObject({ transStatus: 'U', transStatusReason: '03' })
    at.configure({ ISSUER_FILE: withApps })
  })

  test('sent again gets the same signed content: the keys are agreed on once', async () => {
    const sdk = new Phone()
    const message = at.message(sdk.overrides('2.2.0'))
    expect(await at.send(message)).toEqual(await at.send(message))
  })

  test('leaves no device information in the database, nor the unencrypted key', async () => {
    const { sdk, id } = await purchase({ locale: 'xx-PLANTED' })
    const info = String(sdk.areq.deviceInfo)
    const dump = await at.dump()
    expect(dump).not.toContain(info)
    expect(dump).not.toContain('PLANTED')
    expect(at.log.join('')).not.toContain(info)
    const [row] =
      await at.sql`select secret from app_channels where challenge_id = (select id from challenges where acs_trans_id = ${id})`
    expect(row?.secret).toMatch(/^1\.1\./)
  })
})
