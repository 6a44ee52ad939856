import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { database } from '#db/client.ts'
import { findDevice } from '#db/queries/approval-devices.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { answerPayment } from '../account/payments.ts'
import { answerRequest, assertionOptions, waitingRequest } from '../approval/answer-request.ts'
import { now } from '../platform/clock.ts'
import { newPrivateKey } from '../platform/crypto.ts'
import { SoftwareAuthenticator } from '../testing/authenticator.ts'
import { CertificateAuthority, joined } from '../testing/certificates.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { Phone } from '../testing/phone.ts'
import { PushServiceDouble } from '../testing/push-service.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { deliveryFailing } from './delivery-failing.ts'
import { chooseMethod, finishChallenge, loseContact, resendCode, submitAnswer, wantOtherMethod } from './submit.ts'
import { showWindow } from './view.ts'

// A challenge that only a device may answer, attacked by a thief who reads the cardholder's e-mail and text messages and
// sends any form to the window.

const day = 24 * 3_600_000
const origin = 'https://acs.test'
let at: Deployment
let hanako: string
const pushes = new PushServiceDouble()
const sms = new SmsGatewayDouble()
let authority: CertificateAuthority

beforeAll(async () => {
  await Promise.all([pushes.start(), sms.start()])
  at = await startDeployment({
    ...sms.settings(),
    PUSH_CONTACT: 'mailto:operations@issuer.example',
    PUSH_KEY: newPrivateKey(),
    PUSH_HOSTS: pushes.host,
  })
  authority = new CertificateAuthority(at.folder, 'payment-system')
  const intermediate = authority.below('payment-system-acs')
  const { certFile: signer, keyFile } = intermediate.sign('acs')
  const certFile = joined(join(at.folder, 'acs-chain.pem'), signer, intermediate.certFile, authority.certFile)
  const issuer = JSON.parse(readFileSync(at.setting('ISSUER_FILE'), 'utf8'))
  issuer.directoryServers[0].appSigning = { certificatesFile: certFile, keyFile }
  issuer.largerAbove = { '392': '50000' }
  writeFileSync(join(at.folder, 'issuer-with-apps.json'), JSON.stringify(issuer))
  at.configure({ ISSUER_FILE: join(at.folder, 'issuer-with-apps.json') })
  const [row] = await at.sql`select id from cardholders where issuer_ref = 'hanako'`
  hanako = String(row?.id)
  await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
    values (${hanako}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
})
afterAll(async () => {
  await at.stop()
  await Promise.all([pushes.stop(), sms.stop()])
})
beforeEach(async () => {
  at.toNextMorning()
  for (const table of ['approval_requests', 'approval_devices', 'passkeys', 'preferences'])
    await at.sql`delete from ${at.sql(table)}`
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
})

/** A passkey of the account, `age` milliseconds old. */
async function passkey(age = 30 * day) {
  const authenticator = new SoftwareAuthenticator()
  const id = await authenticator.addTo(at, hanako, { createdAt: now() - age })
  return { authenticator, id }
}

/** A registered browser with its passkey. */
async function device(age = 30 * day) {
  const [{ authenticator, id: passkeyId }, id] = [await passkey(age), randomUUID()]
  await at.sql`insert into approval_devices (id, cardholder_id, kind, name, platform, passkey_id, subscription, created_at)
    values (${id}, ${hanako}, 'web', 'My phone', 'a browser', ${passkeyId},
      ${at.sql.json(pushes.subscription() as never)}, ${now() - age})`
  const row = await findDevice(database(), id)
  if (!row) throw new Error('no device')
  return { row, authenticator }
}

/** An authentication whose challenge only a device may answer. The window is not open yet. */
async function restricted(overrides: Overrides = {}, version: MessageVersion = '2.2.0') {
  const ares = await at.areq(overrides, version)
  await at.sql`update challenges set on_device = true, preference = 'push' where acs_trans_id = ${ares.acsTransID ?? null}`
  return ares
}

async function window(...request: Parameters<typeof restricted>) {
  const ares = await restricted(...request)
  const opened = await at.creq(ares)
  if (opened.kind !== 'window') throw new Error('no window')
  return { acsTransID: ares.acsTransID ?? '', windowKey: opened.windowKey }
}

const shown = (windowKey: string) => showWindow(windowKey)
const results = (acsTransID: string) => at.directoryServer.rreqsOf(acsTransID)

/** Nothing that a thief could read was ever queued for the payment. */
async function nothingReadable(acsTransID: string) {
  for (const kind of ['email', 'sms'] as const) expect(await at.outbox(acsTransID, kind)).toEqual([])
  const [row] = await at.sql`select count(*)::int as count from outbox
    where about_id = ${await at.idOf(acsTransID)} and kind in ('email', 'sms')`
  expect(row?.count).toBe(0)
}

async function approveOn({ row, authenticator }: Awaited<ReturnType<typeof device>>, number: string) {
  const id = (await waitingRequest(row))?.content.id ?? ''
  const answer = { kind: 'approved', number } as const
  const options = await assertionOptions(row, id, answer)
  const response = authenticator.sign(options?.challenge ?? '', origin)
  return answerRequest(row, id, { kind: 'assertion', answer, response })
}

describe('a cardholder with a device', () => {
  test('approves there, and no code is sent', async () => {
    const phone = await device()
    const { acsTransID, windowKey } = await window()
    const waits = await shown(windowKey)
    if (waits.kind !== 'awaiting-approval') throw new Error(waits.kind)
    expect(waits).toMatchObject({ asked: ['push'], codes: false, otherMethods: true })
    expect(await approveOn(phone, waits.request?.number ?? '')).toEqual({ kind: 'approved' })
    await finishChallenge(windowKey)
    expect(results(acsTransID)).toMatchObject([{ transStatus: 'Y', authenticationMethod: '11' }])
    await nothingReadable(acsTransID)
  })

  test('confirms by passkey where no other device is registered', async () => {
    const { authenticator } = await passkey()
    const { acsTransID, windowKey } = await window()
    const page = await shown(windowKey)
    if (page.kind !== 'asking') throw new Error(page.kind)
    expect(page).toMatchObject({ asked: ['passkey'], available: ['passkey'], otherMethods: false })
    const response = authenticator.respond(page.passkeyChallenge ?? '')
    expect(await submitAnswer(windowKey, JSON.stringify(response))).toEqual({ kind: 'ended' })
    expect(results(acsTransID)).toMatchObject([{ transStatus: 'Y' }])
    await nothingReadable(acsTransID)
  })
})

describe('a thief who reads codes', () => {
  const forms: readonly (readonly [what: string, post: (key: string) => Promise<unknown>])[] = [
    ['a code instead', key => chooseMethod(key, 'code')],
    ['an e-mail code as the method', key => chooseMethod(key, ['email-code'])],
    ['a text message as the method', key => chooseMethod(key, ['sms-code'])],
    ['both codes as the method', key => chooseMethod(key, ['email-code', 'sms-code'])],
    ['the account as the method', key => chooseMethod(key, ['account'])],
    ['a registration as the method', key => chooseMethod(key, ['registration'])],
    ['a device and a code as the method', key => chooseMethod(key, ['push', 'email-code'])],
    ['a new code', resendCode],
    ['a lost e-mail address', key => loseContact(key, 'email')],
    ['a lost number', key => loseContact(key, 'sms')],
    ['digits in place of a signature', key => submitAnswer(key, '123456')],
  ]

  test.each(forms)('gets no code by posting %s, on any page', async (_what, post) => {
    await device()
    const { acsTransID, windowKey } = await window()
    await post(windowKey)
    await wantOtherMethod(windowKey)
    expect(await shown(windowKey)).toMatchObject({ kind: 'choosing', offered: { methods: ['push', 'passkey'] } })
    await post(windowKey)
    await chooseMethod(windowKey, ['passkey'])
    await post(windowKey)
    const page = await shown(windowKey)
    expect(page).toMatchObject({ kind: 'asking', asked: ['passkey'] })
    await nothingReadable(acsTransID)
    expect(await at.challenge(acsTransID)).toMatchObject({ sends: 0, outcome: null })
  })

  test('gets none by posting all of them at once, in two windows', async () => {
    await device()
    const both = [await window(), await window()]
    await Promise.all(both.flatMap(({ windowKey }) => forms.map(([, post]) => post(windowKey))))
    for (const { acsTransID } of both) {
      await nothingReadable(acsTransID)
      expect(await at.challenge(acsTransID)).toMatchObject({ sends: 0 })
    }
  })

  test('cannot approve in the account, even after strong authentication by text message', async () => {
    await device()
    const { acsTransID, windowKey } = await window()
    await chooseMethod(windowKey, ['account'])
    const actor = { cardholderId: hanako, sessionId: randomUUID(), language: 'ja' as const, strongAt: now() }
    expect(await answerPayment(actor, acsTransID, 'approved')).toEqual({ kind: 'over' })
    expect(await shown(windowKey)).toMatchObject({ kind: 'awaiting-approval' })
  })

  test('cannot use a passkey or a device that was added a moment ago', async () => {
    const young = await device(60_000)
    const { acsTransID, windowKey } = await window()
    expect(await shown(windowKey)).toMatchObject({ kind: 'ended', outcome: 'device-needed' })
    await finishChallenge(windowKey)
    expect(results(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '12' }])
    expect(await waitingRequest(young.row)).toBeUndefined()
    await nothingReadable(acsTransID)
  })

  test('cannot answer with a young passkey where an old one is asked for', async () => {
    await passkey()
    const young = await passkey(60_000)
    const { windowKey } = await window()
    const page = await shown(windowKey)
    const challenge = page.kind === 'asking' ? (page.passkeyChallenge ?? '') : ''
    expect(await submitAnswer(windowKey, JSON.stringify(young.authenticator.respond(challenge)))).toEqual({
      kind: 'asking',
    })
    expect(await shown(windowKey)).toMatchObject({ notice: 'passkey-failed', asked: ['passkey'] })
  })

  test('gets no code when every device is removed while the window is open', async () => {
    await device()
    const { acsTransID, windowKey } = await window()
    await at.sql`delete from approval_devices`
    await at.sql`delete from passkeys`
    await wantOtherMethod(windowKey)
    for (const [, post] of forms) await post(windowKey)
    expect(await shown(windowKey)).toMatchObject({ kind: 'choosing', offered: { methods: [] } })
    await nothingReadable(acsTransID)
  })

  test('gets no code when the gateway of the push is down, nor when requests on devices are limited', async () => {
    await device()
    pushes.status = 503
    const { acsTransID, windowKey } = await window()
    await at.deliver()
    await deliveryFailing(await at.idOf(acsTransID))
    for (let i = 0; i < policy.limits.pushesByOne.most + 1; i++) {
      at.advance(181)
      await chooseMethod(windowKey, ['push'])
    }
    pushes.status = 201
    for (const [, post] of forms) await post(windowKey)
    await nothingReadable(acsTransID)
    expect((await shown(windowKey)).kind).not.toBe('ended')
  })

  test('ends with a refusal, and not with a technical fault, where the cardholder has no device', async () => {
    const { acsTransID, windowKey } = await window()
    expect(await shown(windowKey)).toMatchObject({ kind: 'ended', outcome: 'device-needed' })
    await finishChallenge(windowKey)
    expect(results(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '12', interactionCounter: '00' }])
    await nothingReadable(acsTransID)
  })
})

describe('in an app', () => {
  async function inApp(version: MessageVersion, screens: readonly string[]) {
    const sdk = new Phone({ sdkUiType: [...screens] } as never)
    const ares = await restricted({ ...sdk.overrides(version) }, version)
    await sdk.accept({ ...ares }, authority.cert)
    return { sdk, acsTransID: ares.acsTransID ?? '' }
  }

  test.each(['2.2.0', '2.3.1'] as const)(
    'the device is asked, and again when it did not answer in time (%s)',
    async version => {
      const phone = await device()
      const { sdk, acsTransID } = await inApp(version, ['01', '02', '04'])
      expect(await sdk.send()).toMatchObject({ acsUiType: '04' })
      at.advance(181)
      expect(await sdk.send({ oobContinue: version === '2.3.1' ? '01' : true })).toMatchObject({ acsUiType: '04' })
      const [request] = await at.sql`select content->>'number' as number from approval_requests where state = 'waiting'`
      expect(await waitingRequest(phone.row)).toBeDefined()
      expect(await approveOn(phone, String(request?.number))).toEqual({ kind: 'approved' })
      expect(await sdk.send({ oobContinue: version === '2.3.1' ? '01' : true })).toMatchObject({ transStatus: 'Y' })
      await nothingReadable(acsTransID)
    },
  )

  test('sends no code that is asked for', async () => {
    await device()
    const { sdk, acsTransID } = await inApp('2.3.1', ['01', '02', '04'])
    const screen = await sdk.send()
    expect(screen).toMatchObject({ acsUiType: '04' })
    expect(screen).not.toHaveProperty('challengeAddLabel')
    expect(await sdk.send({ challengeAddCode: 'Y' })).toMatchObject({ acsUiType: '04' })
    await nothingReadable(acsTransID)
  })
})
