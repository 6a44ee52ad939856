import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { database } from '#db/client.ts'
import { findDevice } from '#db/queries/approval-devices.ts'
import type { SignedAnswer } from '#domain/approval/answer.ts'
import { approvalPolicy } from '#domain/approval/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import { versions } from '#domain/emv/version.ts'
import { methodIds } from '#domain/methods/registry.ts'
import { currentStep, stepOf } from '../challenge/step.ts'
import { checkForAnswer, chooseMethod, finishChallenge, submitAnswer, wantOtherMethod } from '../challenge/submit.ts'
import { showWindow, type Window } from '../challenge/view.ts'
import { verifyEvidence } from '../evidence/document.ts'
import { makeEvidence } from '../evidence/make.ts'
import { now } from '../platform/clock.ts'
import { newPrivateKey } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { SoftwareAuthenticator } from '../testing/authenticator.ts'
import { browserOf } from '../testing/browser.ts'
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
  at.toNextMorning()
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
const other = (number: string) => String((Number(number) + 1) % 100).padStart(2, '0')

type WebDevice = Awaited<ReturnType<typeof webDevice>>

/** Answers the request that waits, or the one with this id, with the device's passkey. */
async function answer({ device, authenticator }: WebDevice, answer: SignedAnswer, requestId?: string) {
  const id = requestId ?? (await requestOf(device))
  const options = await assertionOptions(device, id, answer)
  const response = authenticator.sign(options?.challenge ?? '', origin)
  return { id, response, answered: await answerRequest(device, id, { kind: 'assertion', answer, response }) }
}

const approve = (phone: WebDevice, number: string, id?: string) => answer(phone, { kind: 'approved', number }, id)

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
    // The time left, less what sending took.
    expect(Number(push?.headers.ttl)).toBeGreaterThan(150)
    expect(Number(push?.headers.ttl)).toBeLessThanOrEqual(180)
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
      const phone = await webDevice()
      const { acsTransID, windowKey } = await asked({}, version)
      const { answered } = await answer(phone, { kind: 'declined' })
      expect(answered).toEqual({ kind: 'declined' })
      expect(await result(acsTransID, windowKey)).toMatchObject([{ transStatus: 'N', transStatusReason }])
    }
  })

  test('says “this was not me”, which ends the payment with R/11 and opens a report', async () => {
    const phone = await webDevice()
    const { acsTransID, windowKey } = await asked()
    // What is invented or not signed counts for nothing: the real report below still notifies the contacts.
    for (let invented = 0; invented < 10; invented++)
      expect((await answer(phone, { kind: 'reported' }, randomUUID())).answered).toEqual({ kind: 'over' })
    const unsigned = { kind: 'assertion', answer: { kind: 'reported' }, response: {} as never } as const
    for (let times = 0; times < 10; times++)
      expect(await answerRequest(phone.device, await requestOf(phone.device), unsigned)).toEqual({
        kind: 'signature-bad',
      })
    const { answered } = await answer(phone, { kind: 'reported' })
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
    const phone = await webDevice()
    const { device } = phone
    const { windowKey, number } = await asked()
    expect(await currentStep(windowKey)).toBe('asked')
    const { id, answered } = await approve(phone, other(number))
    expect(answered).toEqual({ kind: 'wrong-number' })
    expect(await currentStep(windowKey)).toBe('not-asked')
    expect((await approve(phone, number, id)).answered).toEqual({ kind: 'over' })
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
    expect((await approve(phone, number, id)).answered).toEqual({ kind: 'over' })
    expect(await showWindow(windowKey)).toMatchObject({ request: { state: 'expired' } })
    for (const _ of [2, 3]) {
      await chooseMethod(windowKey, ['push'])
      expect(await showWindow(windowKey)).toMatchObject({ request: { state: 'waiting' } })
      at.advance(approvalPolicy.lifetime / 1000)
    }
    const limited = { devices: false, devicesAgainAt: expect.any(Number), codes: true }
    expect(await showWindow(windowKey)).toMatchObject({ request: { state: 'expired' }, ...limited })
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
    const phone = await webDevice()
    const { device } = phone
    await asked()
    const id = await requestOf(device)
    const answers = await Promise.all([
      answer(phone, { kind: 'declined' }, id),
      answer(phone, { kind: 'declined' }, id),
    ])
    expect(answers.map(({ answered }) => answered.kind).sort()).toEqual(['declined', 'over'])
  })

  test('is not answered by a device of another cardholder', async () => {
    const own = await webDevice()
    const foreign = await webDevice('alex')
    const { number } = await asked()
    const id = await requestOf(own.device)
    expect(await waitingRequest(foreign.device)).toBeUndefined()
    for (const given of [{ kind: 'approved', number }, { kind: 'declined' }, { kind: 'reported' }] as const)
      expect((await answer(foreign, given, id)).answered).toEqual({ kind: 'over' })
    expect((await answer(own, { kind: 'declined' }, 'nonsense')).answered).toEqual({ kind: 'over' })
    expect((await approve(own, number)).answered).toEqual({ kind: 'approved' })
  })

  test('is withdrawn when its window is answered by a code', async () => {
    // Sends the codes of earlier tests first: what is sent together arrives in any order.
    await at.deliver()
    const { device } = await webDevice()
    const { windowKey } = await asked()
    await chooseMethod(windowKey, 'code')
    expect(await currentStep(windowKey)).toBe('open queued')
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

  /** Each answer that a device can give, with its right number. */
  const answers = (number: string): SignedAnswer[] => [
    { kind: 'approved', number },
    { kind: 'declined' },
    { kind: 'reported' },
  ]

  test('is needed for every answer: the cookie of the device lists the request and ends nothing', async () => {
    const phone = await webDevice()
    const stranger = new SoftwareAuthenticator()
    const { number } = await asked()
    const id = await requestOf(phone.device)
    for (const given of [...answers(number), { kind: 'approved', number: other(number) } as const]) {
      const challenge = (await assertionOptions(phone.device, id, given))?.challenge ?? ''
      expect(Buffer.from(challenge, 'base64url')).toHaveLength(64)
      for (const response of [
        {} as ReturnType<SoftwareAuthenticator['sign']>,
        phone.authenticator.sign(Buffer.alloc(64).toString('base64url'), origin),
        phone.authenticator.sign(challenge, 'https://evil.example'),
        phone.authenticator.sign(challenge, origin, false),
        { ...stranger.sign(challenge, origin), id: phone.authenticator.credentialId },
      ])
        expect(await answerRequest(phone.device, id, { kind: 'assertion', answer: given, response })).toEqual({
          kind: 'signature-bad',
        })
    }
    expect(await waitingRequest(phone.device)).toMatchObject({ content: { id } })
    expect((await approve(phone, number)).answered).toEqual({ kind: 'approved' })
  })

  test('is valid for its own answer alone', async () => {
    const phone = await webDevice()
    const { number } = await asked()
    const id = await requestOf(phone.device)
    for (const signed of answers(number)) {
      const response = phone.authenticator.sign(
        (await assertionOptions(phone.device, id, signed))?.challenge ?? '',
        origin,
      )
      for (const given of answers(number).filter(({ kind }) => kind !== signed.kind))
        expect(await answerRequest(phone.device, id, { kind: 'assertion', answer: given, response })).toEqual({
          kind: 'signature-bad',
        })
    }
  })

  test('is valid for its own request alone', async () => {
    const phone = await webDevice()
    const first = await asked()
    const { response } = await approve(phone, first.number)
    const second = await asked()
    const given = { kind: 'approved', number: second.number } as const
    const again = { kind: 'assertion', answer: given, response } as const
    expect(await answerRequest(phone.device, await requestOf(phone.device), again)).toEqual({ kind: 'signature-bad' })
  })

  test('is valid for the amount that was shown alone', async () => {
    const phone = await webDevice()
    const { number } = await asked()
    const id = await requestOf(phone.device)
    const given = { kind: 'approved', number } as const
    const options = await assertionOptions(phone.device, id, given)
    await at.sql`update approval_requests set content = jsonb_set(content, '{amount}', '"99999"')`
    const response = phone.authenticator.sign(options?.challenge ?? '', origin)
    const answered = await answerRequest(phone.device, id, { kind: 'assertion', answer: given, response })
    expect(answered).toEqual({ kind: 'signature-bad' })
  })
})

describe('a cardholder with a device who has chosen no method', () => {
  /** Opens a window and says what it shows. */
  async function opened(overrides: Overrides = {}) {
    const { acsTransID, windowKey } = await at.window(overrides)
    return { acsTransID, windowKey, window: await showWindow(windowKey) }
  }
  const number = (window: Window) => (window.kind === 'awaiting-approval' ? window.request?.number : undefined) ?? ''
  const atDevice = { kind: 'awaiting-approval', asked: ['push'], request: { state: 'waiting' } }

  /** Has the cardholder succeed in a browser, long enough ago that it is their own. */
  async function ownBrowser(phone: WebDevice) {
    const browser = browserOf()
    await at.deliver()
    const { windowKey } = await at.window(await browser())
    await chooseMethod(windowKey, 'code')
    await at.deliver()
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
    at.advance(policy.ownBrowserAfter / 1000)
    const { window } = await opened(await browser())
    expect((await approve(phone, number(window))).answered).toEqual({ kind: 'approved' })
    at.toNextMorning()
    return browser
  }

  test('is asked there first; a stranger who gets one code does not change that, in any browser', async () => {
    await webDevice()
    const strange = browserOf()
    await at.deliver()
    const { windowKey, window } = await opened(await strange())
    expect(window).toMatchObject({ ...atDevice, codes: true })
    await chooseMethod(windowKey, 'code')
    await at.deliver()
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
    at.toNextMorning()
    expect((await opened(await strange())).window).toMatchObject(atDevice)
    at.toNextMorning()
    expect((await opened()).window).toMatchObject(atDevice)
  })

  test('is asked about at most six payments an hour by strangers anywhere; codes and own browsers stay', async () => {
    const phone = await webDevice()
    const browser = await ownBrowser(phone)
    const { most } = policy.limits.pushesOfCard
    const kinds: string[] = []
    for (let network = 1; network <= most + 1; network++) {
      const { window } = await opened({ browserIP: `198.51.100.${network}`, acquirerMerchantID: `m${network}` })
      kinds.push(window.kind)
      if (window.kind === 'awaiting-approval') await approve(phone, other(number(window)))
    }
    expect(kinds).toEqual([...Array(most).fill('awaiting-approval'), 'asking'])
    expect((await opened(await browser())).window).toMatchObject(atDevice)
  })

  test('is asked three times in ten minutes by one client, however many windows it opens at once', async () => {
    const phone = await webDevice()
    const from = { browserIP: '198.51.100.200' }
    const windows = await Promise.all(Array.from({ length: 6 }, () => at.window(from)))
    for (let round = 0; round < 4; round++) {
      await Promise.all(windows.map(({ windowKey }) => chooseMethod(windowKey, ['push'])))
      const id = await requestOf(phone.device)
      if (id) await approve(phone, 'xx', id)
    }
    const [count] = await at.sql`select count(*)::int as requests from approval_requests`
    expect(count).toEqual({ requests: policy.limits.pushesByOne.most })
  })

  test('is asked by their own browser at once, although a stranger’s request is open', async () => {
    const phone = await webDevice()
    const browser = await ownBrowser(phone)
    const strange = await opened({ browserIP: '198.51.100.201' })
    expect(strange.window).toMatchObject(atDevice)
    const mine = await opened(await browser())
    expect(mine.window).toMatchObject(atDevice)
    expect(await showWindow(strange.windowKey)).toMatchObject({ request: { state: 'withdrawn' } })
    expect((await opened({ browserIP: '198.51.100.202' })).window).toMatchObject({ kind: 'asking' })
    expect((await approve(phone, number(mine.window))).answered).toEqual({ kind: 'approved' })
    expect((await at.challenge(strange.acsTransID)).state).toBe('awaiting-approval')
  })

  test('is asked once, however often the method is changed in the window, and that spends no send', async () => {
    await webDevice()
    const { acsTransID, windowKey } = await opened()
    for (let change = 0; change < 15; change++) {
      await wantOtherMethod(windowKey)
      await chooseMethod(windowKey, change % 2 ? ['push'] : ['passkey'])
    }
    expect(await at.challenge(acsTransID)).toMatchObject({ sends: 0 })
    expect(await at.sql`select state from approval_requests`).toEqual([{ state: 'waiting' }])
  })

  test.each([...methodIds, 'code', 'choose', 'automatic', 'toString', 'push,email-code', methodIds.join()])(
    'gets nothing that a restriction forbids from the form value %j',
    async value => {
      await webDevice()
      await at.sql`update cardholders set report_open_since = ${now()}, disputed_since = ${new Date(0)} where issuer_ref = 'hanako'`
      const { acsTransID, windowKey } = await at.window()
      await wantOtherMethod(windowKey)
      at.advance(codePolicy.challenge.resendAfter / 1000)
      await chooseMethod(windowKey, value.split(','))
      const id = await at.idOf(acsTransID)
      expect(await at.sql`select method from challenge_proofs where challenge_id = ${id}`).toEqual([
        { method: 'email-code' },
      ])
      expect(await at.sql`select state from approval_requests`).toEqual([])
      expect((await at.challenge(acsTransID)).out_of_band).toEqual([])
    },
  )
})

test('each answer on a device is in the audit log, and “approved” only if the payment is', async () => {
  const phone = await webDevice()
  const { acsTransID, windowKey, number } = await asked()
  const answered = async () => {
    const ref = await at.idOf(acsTransID)
    const rows =
      await at.sql`select fields from audit_events where ref = ${ref} and type = 'approval-answered' order by id`
    return rows.map(({ fields }) => fields)
  }
  await approve(phone, other(number))
  expect(await answered()).toEqual([{ answer: 'wrong-number', device: 'web' }])
  await chooseMethod(windowKey, ['push'])
  const window = await showWindow(windowKey)
  if (window.kind !== 'awaiting-approval') throw new Error(window.kind)
  // The window's time is over while the request's is not: the page's deadline comes first by a hair.
  await at.sql`update challenges set deadline_at = ${new Date(now())} where id = ${await at.idOf(acsTransID)}`
  const { answered: late } = await approve(phone, window.request?.number ?? '')
  expect(late).toEqual({ kind: 'over' })
  expect(await answered()).toHaveLength(1)
  const states = await at.sql`select state, evidence from approval_requests order by created_at`
  expect(states).toMatchObject([{ state: 'wrong-number' }, { state: 'withdrawn', evidence: null }])
  for (const kind of ['declined', 'reported', 'approved'] as const) {
    const { number: right, acsTransID: other } = await asked()
    await answer(phone, kind === 'approved' ? { kind, number: right } : { kind })
    const ref = await at.idOf(other)
    const events = at.sql`select fields from audit_events where ref = ${ref} and type = 'approval-answered'`
    expect(await events).toEqual([{ fields: { answer: kind, device: 'web' } }])
    await at.sql`update cardholders set report_open_since = null, disputed_since = null`
    at.advance(policy.limits.pushesOfCard.window / 1000)
  }
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
