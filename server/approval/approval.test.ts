import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { database } from '#db/client.ts'
import { findDevice } from '#db/queries/approval-devices.ts'
import { approvalPolicy } from '#domain/approval/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { versions } from '#domain/emv/version.ts'
import { currentStep, stepOf } from '../challenge/step.ts'
import { checkForAnswer, chooseMethod, finishChallenge, submitAnswer } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { verifyEvidence } from '../evidence/document.ts'
import { makeEvidence } from '../evidence/make.ts'
import { now } from '../platform/clock.ts'
import { newPrivateKey } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { SoftwareAuthenticator } from '../testing/authenticator.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { PushServiceDouble } from '../testing/push-service.ts'
import { answerRequest, assertionOptions, waitingRequest } from './answer-request.ts'
import type { ApprovalDeviceRow } from './devices.ts'

const origin = 'https://acs.test'
const day = 24 * 3600
let at: Deployment
const service = new PushServiceDouble()

beforeAll(async () => {
  await service.start()
  at = await startDeployment({
    PUSH_CONTACT: 'mailto:operations@issuer.example',
    PUSH_KEY: newPrivateKey(),
    PUSH_HOSTS: service.host,
  })
  at.changeIssuer(ordinary => ({ ...ordinary, largerAbove: { '392': '30000' } }))
  at.configure({})
  for (const ref of ['hanako', 'alex']) {
    const id = await cardholder(ref)
    await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
      values (${id}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
  }
})
afterAll(async () => {
  await at.stop()
  await service.stop()
})
beforeEach(async () => {
  at.advance(policy.limits.sendsByOne.window / 1000)
  service.status = 201
  service.received.length = 0
  await at.sql`delete from approval_requests`
  await at.sql`delete from approval_devices`
  await at.sql`delete from passkeys`
  await at.sql`delete from preferences`
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
})

async function cardholder(ref: string): Promise<string> {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  return String(row?.id)
}

/** A device of the web app with its passkey, registered `age` seconds ago. */
async function webDevice(ref = 'hanako', age = 30 * day) {
  const [authenticator, id, passkeyId] = [new SoftwareAuthenticator(), randomUUID(), randomUUID()]
  const [cardholderId, createdAt] = [await cardholder(ref), new Date(now() - age * 1000)]
  await at.sql`insert into passkeys
    (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
    values (${passkeyId}, ${cardholderId}, ${authenticator.credentialId}, ${authenticator.publicKey}, 0, '[]', 'a', false,
      ${createdAt})`
  await at.sql`insert into approval_devices (id, cardholder_id, kind, name, platform, passkey_id, subscription, created_at)
    values (${id}, ${cardholderId}, 'web', 'My phone', 'a browser', ${passkeyId},
      ${at.sql.json(service.subscription() as never)}, ${createdAt})`
  const device = await findDevice(database(), id)
  if (!device) throw new Error('no device')
  return { device, authenticator }
}

/** A payment whose window waits for a device. */
async function asked(overrides = {}, version: (typeof versions)[number] = '2.3.1') {
  await at.sql`insert into preferences (cardholder_id, preferred_method, updated_at)
    values (${await cardholder('hanako')}, 'push', ${new Date(now())})
    on conflict (cardholder_id) do update set preferred_method = 'push'`
  const { ares, acsTransID, windowKey } = await at.window(overrides, version)
  const window = await showWindow(windowKey)
  if (window.kind !== 'awaiting-approval') throw new Error(`the window shows ${window.kind}`)
  return { ares, acsTransID, windowKey, number: window.request?.number ?? '', codes: window.codes }
}

const requestOf = async (device: ApprovalDeviceRow) => (await waitingRequest(device))?.content.id ?? ''
const enter = async (device: ApprovalDeviceRow, entered: string) =>
  answerRequest(device, await requestOf(device), { kind: 'number', entered })
const other = (number: string) => String((Number(number) + 1) % 100).padStart(2, '0')

async function approve({ device, authenticator }: Awaited<ReturnType<typeof webDevice>>, number: string) {
  const id = await requestOf(device)
  await answerRequest(device, id, { kind: 'number', entered: number })
  const options = await assertionOptions(device, id)
  const response = authenticator.sign(options?.challenge ?? '', origin)
  return { id, response, answered: await answerRequest(device, id, { kind: 'assertion', response }) }
}

const result = async (acsTransID: string, windowKey: string) => {
  await finishChallenge(windowKey)
  return at.directoryServer.rreqsOf(acsTransID)
}

describe('a cardholder who prefers a registered device', () => {
  test.each(versions)('approves there with the number of the window and a passkey (%s)', async version => {
    const phone = await webDevice()
    const { ares, acsTransID, windowKey, number, codes } = await asked({}, version)
    const names = version === '2.3.1' ? { authenticationMethod: ['11'] } : { authenticationType: '03' }
    expect(ares).toMatchObject({ transStatus: 'C', ...names })
    expect(codes).toBe(true)
    expect(await waitingRequest(phone.device)).toMatchObject({ content: { lastFour: '0005', amount: '12800' } })
    expect(JSON.stringify(await waitingRequest(phone.device))).not.toContain('number":')
    const { answered } = await approve(phone, number)
    expect(answered).toEqual({ kind: 'approved' })
    const method = version === '2.3.1' ? ['11'] : version === '2.1.0' ? '09' : '11'
    expect(await result(acsTransID, windowKey)).toMatchObject([{ transStatus: 'Y', authenticationMethod: method }])
    const [row] = await at.sql`select state, device_id, evidence from approval_requests`
    expect(row).toMatchObject({ state: 'approved', device_id: phone.device.id, evidence: { kind: 'webauthn' } })
  })

  test('gets a push that names merchant and amount, and has no number', async () => {
    await webDevice()
    const { number } = await asked()
    await at.deliver()
    const [push] = service.received
    expect(push?.headers).toMatchObject({ urgency: 'high', 'content-encoding': 'aes128gcm' })
    // Of 180 seconds, some have passed.
    expect(push?.headers.ttl).toMatch(/^1(?:80|[67]\d)$/)
    expect(push?.headers.authorization).toMatch(/^vapid t=.+, k=.+/)
    const message = JSON.parse(push?.text ?? '')
    expect(message).toMatchObject({ web_push: 8030, notification: { navigate: `${origin}/ja/account/approve` } })
    expect(message.notification.body).toContain('12,800円')
    expect(push?.text.replaceAll(/12,800|8030/g, '')).not.toContain(number)
  })

  test.each([404, 410])('loses the subscription if the push service says %i', async status => {
    const { device } = await webDevice()
    await asked()
    service.status = status
    await at.deliver()
    expect((await findDevice(database(), device.id))?.subscription).toBeNull()
  })

  test('still finds the request on a device without notifications', async () => {
    const { device } = await webDevice()
    await at.sql`update approval_devices set subscription = null`
    await asked()
    await at.deliver()
    expect(service.received).toEqual([])
    expect(await waitingRequest(device)).toBeDefined()
  })

  test('declines with N, for the reason of the version', async () => {
    for (const [version, transStatusReason] of [
      ['2.2.0', '01'],
      ['2.3.1', '19'],
    ] as const) {
      const { device } = await webDevice()
      const { acsTransID, windowKey } = await asked({}, version)
      const answered = await answerRequest(device, await requestOf(device), { kind: 'declined' })
      expect(answered).toEqual({ kind: 'declined' })
      expect(await result(acsTransID, windowKey)).toMatchObject([{ transStatus: 'N', transStatusReason }])
    }
  })

  test('says “this was not me”, which ends the payment with R/11 and opens a report', async () => {
    const { device } = await webDevice()
    const { acsTransID, windowKey } = await asked()
    // Invented ids count for nothing: the real report below still notifies the contacts.
    for (let invented = 0; invented < 10; invented++)
      expect(await answerRequest(device, randomUUID(), { kind: 'reported' })).toEqual({ kind: 'over' })
    const answered = await answerRequest(device, await requestOf(device), { kind: 'reported' })
    expect(answered).toEqual({ kind: 'reported' })
    expect(await result(acsTransID, windowKey)).toMatchObject([{ transStatus: 'R', transStatusReason: '11' }])
    const [row] = await at.sql`select report_open_since from cardholders where issuer_ref = 'hanako'`
    expect(row?.report_open_since).not.toBeNull()
    expect((await at.challenge(acsTransID)).reported_at).not.toBeNull()
    const notices = await at.sql`select 1 from outbox where template like '%activity-reported%'`
    expect(notices.length).toBeGreaterThan(0)
    // While the report is open, no device is asked any more.
    const { windowKey: next } = await at.window({ purchaseAmount: '11000' })
    expect(await showWindow(next)).toMatchObject({ kind: 'asking' })
  })
})

describe('a request', () => {
  test('ends with one wrong number, and the window offers to ask again or to send a code', async () => {
    const { device } = await webDevice()
    const { windowKey, number } = await asked()
    expect(await currentStep(windowKey)).toBe('asked')
    expect(await enter(device, other(number))).toEqual({ kind: 'wrong-number' })
    expect(await currentStep(windowKey)).toBe('not-asked')
    expect(await enter(device, number)).toEqual({ kind: 'over' })
    const ended = await showWindow(windowKey)
    expect(ended).toMatchObject({ request: { state: 'wrong-number' }, devices: true, codes: true })
    expect(stepOf(ended)).toBe('not-asked')
    await chooseMethod(windowKey, ['push'])
    expect(await showWindow(windowKey)).toMatchObject({ request: { state: 'waiting' } })
    expect(await waitingRequest(device)).toBeDefined()
  })

  test('expires after three minutes, and the card may begin three in ten minutes', async () => {
    const phone = await webDevice()
    const { windowKey, number } = await asked()
    const id = await requestOf(phone.device)
    at.advance(approvalPolicy.lifetime / 1000)
    expect(await answerRequest(phone.device, id, { kind: 'number', entered: number })).toEqual({ kind: 'over' })
    expect(await showWindow(windowKey)).toMatchObject({ request: { state: 'expired' } })
    for (const _ of [2, 3]) {
      await chooseMethod(windowKey, ['push'])
      expect(await showWindow(windowKey)).toMatchObject({ request: { state: 'waiting' } })
      at.advance(approvalPolicy.lifetime / 1000)
    }
    expect(await showWindow(windowKey)).toMatchObject({ request: { state: 'expired' }, devices: false, codes: true })
    await chooseMethod(windowKey, ['push'])
    expect(await waitingRequest(phone.device)).toBeUndefined()
  })

  test('is one at a time: a second payment is not asked about on the devices', async () => {
    await webDevice()
    await asked()
    const { windowKey } = await at.window({ purchaseAmount: '11000' })
    expect(await showWindow(windowKey)).toMatchObject({ kind: 'asking' })
  })

  test('takes one of two answers at once', async () => {
    const { device } = await webDevice()
    await asked()
    const id = await requestOf(device)
    const answers = await Promise.all([
      answerRequest(device, id, { kind: 'declined' }),
      answerRequest(device, id, { kind: 'declined' }),
    ])
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['declined', 'over'])
  })

  test('is not answered by a device of another cardholder', async () => {
    const own = await webDevice()
    const foreign = await webDevice('alex')
    const { number } = await asked()
    const id = await requestOf(own.device)
    expect(await waitingRequest(foreign.device)).toBeUndefined()
    expect(await answerRequest(foreign.device, id, { kind: 'number', entered: number })).toEqual({ kind: 'over' })
    expect(await answerRequest(own.device, 'nonsense', { kind: 'declined' })).toEqual({ kind: 'over' })
    expect(await enter(own.device, number)).toEqual({ kind: 'number-entered' })
  })

  test('is withdrawn when its window is answered by a code', async () => {
    // Sends the codes of earlier tests first: what is sent together arrives in any order.
    await at.deliver()
    const { device } = await webDevice()
    const { windowKey } = await asked()
    await chooseMethod(windowKey, 'code')
    expect(await currentStep(windowKey)).toBe('open')
    expect(await waitingRequest(device)).toBeDefined()
    await at.deliver()
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
    expect(await currentStep(windowKey)).toBe('over')
    expect(await waitingRequest(device)).toBeUndefined()
    const [row] = await at.sql`select state from approval_requests`
    expect(row?.state).toBe('withdrawn')
  })

  test('that is not answered yet says so in the window and spends nothing', async () => {
    const { device } = await webDevice()
    const { windowKey } = await asked()
    expect(await checkForAnswer(windowKey)).toEqual({ kind: 'asking' })
    const waiting = await showWindow(windowKey)
    expect(waiting).toMatchObject({ notice: 'device-missing', request: { state: 'waiting' } })
    expect(await waitingRequest(device)).toBeDefined()
  })

  test('is not made for a larger purchase on a new device', async () => {
    await webDevice('hanako', 60)
    await at.sql`insert into preferences (cardholder_id, preferred_method, updated_at)
      values (${await cardholder('hanako')}, 'push', ${new Date(now())})`
    const { windowKey } = await at.window({ purchaseAmount: '900000' })
    expect(await showWindow(windowKey)).toMatchObject({ kind: 'asking' })
    const smaller = await at.window({ purchaseAmount: '11000' })
    expect(await showWindow(smaller.windowKey)).toMatchObject({ kind: 'awaiting-approval' })
  })
})

describe('a signature', () => {
  test('is in the evidence of the payment, and verifies without the database', async () => {
    const phone = await webDevice()
    const { acsTransID, number } = await asked()
    await approve(phone, number)
    const document = Buffer.from((await makeEvidence(acsTransID, { by: 'Sato' })) ?? '')
    const verified = await verifyEvidence(document, await keys().publicKeys('evidence'))
    expect(verified).toMatchObject({ kind: 'valid', signatures: 1 })
    const { approvals, sent, methods } = JSON.parse(document.toString()).evidence
    expect(approvals).toMatchObject([{ state: 'approved', content: { number, amount: '12800' } }])
    expect(sent).toMatchObject([{ channel: 'push', template: 'push.payment-waiting', to: null }])
    expect(methods).toMatchObject({ offered: expect.arrayContaining(['push', 'email-code']), preference: 'push' })
  })

  test('is refused before the number, over another challenge, without user verification, and by another passkey', async () => {
    const phone = await webDevice()
    const stranger = new SoftwareAuthenticator()
    const { number } = await asked()
    const id = await requestOf(phone.device)
    const sent = (response: ReturnType<SoftwareAuthenticator['sign']>) =>
      answerRequest(phone.device, id, { kind: 'assertion', response })
    expect(await assertionOptions(phone.device, id)).toBeUndefined()
    expect(await sent(phone.authenticator.sign('AAAA', origin))).toEqual({ kind: 'over' })
    await enter(phone.device, number)
    const challenge = (await assertionOptions(phone.device, id))?.challenge ?? ''
    expect(Buffer.from(challenge, 'base64url')).toHaveLength(64)
    for (const response of [
      phone.authenticator.sign(Buffer.alloc(64).toString('base64url'), origin),
      phone.authenticator.sign(challenge, 'https://evil.example'),
      phone.authenticator.sign(challenge, origin, false),
      { ...stranger.sign(challenge, origin), id: phone.authenticator.credentialId },
    ])
      expect(await sent(response)).toEqual({ kind: 'signature-bad' })
    expect(await sent(phone.authenticator.sign(challenge, origin))).toEqual({ kind: 'approved' })
  })

  test('is valid for its own request alone', async () => {
    const phone = await webDevice()
    const first = await asked()
    const { response } = await approve(phone, first.number)
    const second = await asked()
    await enter(phone.device, second.number)
    const again = await answerRequest(phone.device, await requestOf(phone.device), { kind: 'assertion', response })
    expect(again).toEqual({ kind: 'signature-bad' })
  })

  test('is valid for the amount that was shown alone', async () => {
    const phone = await webDevice()
    const { number } = await asked()
    const id = await requestOf(phone.device)
    await enter(phone.device, number)
    const options = await assertionOptions(phone.device, id)
    await at.sql`update approval_requests set content = jsonb_set(content, '{amount}', '"99999"')`
    const response = phone.authenticator.sign(options?.challenge ?? '', origin)
    expect(await answerRequest(phone.device, id, { kind: 'assertion', response })).toEqual({ kind: 'signature-bad' })
  })
})

test('without a push service or a device nothing is asked on devices', async () => {
  await at.sql`insert into preferences (cardholder_id, preferred_method, updated_at)
    values (${await cardholder('hanako')}, 'push', ${new Date(now())})`
  expect(await showWindow((await at.window()).windowKey)).toMatchObject({ kind: 'asking' })
  await webDevice()
  at.configure({ PUSH_CONTACT: '' })
  expect(await showWindow((await at.window()).windowKey)).toMatchObject({ kind: 'asking' })
  at.configure({ PUSH_CONTACT: 'mailto:operations@issuer.example' })
})
