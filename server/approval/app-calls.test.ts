import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountPolicy } from '#domain/account/policy.ts'
import { approvalPolicy } from '#domain/approval/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { AppDevice, type Shown } from '../../demo/phone/app-device.ts'
import { chooseMethod, finishChallenge } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { now } from '../platform/clock.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble, smsSecret } from '../testing/sms-gateway.ts'
import { approveFromApp, inquire, refuseFromApp } from './app-calls.ts'

// The doubles of text messages' gateway and of the app's push service are one: both check the same signature.

const origin = 'https://acs.test'
let at: Deployment
const pushService = new SmsGatewayDouble()

beforeAll(async () => {
  await pushService.start()
  const { SMS_HTTP_URL: pushURL } = pushService.settings()
  at = await startDeployment({ APP_PUSH_SECRET: smsSecret })
  at.changeIssuer(ordinary => ({ ...ordinary, largerAbove: { '392': '30000' }, approvalApp: { pushURL } }))
  at.configure({})
  const id = await cardholder('hanako')
  await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
    values (${id}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
  await at.sql`insert into preferences (cardholder_id, preferred_method, updated_at)
    values (${id}, 'push', ${new Date(now())})`
})
afterAll(async () => {
  await at.stop()
  await pushService.stop()
})
beforeEach(async () => {
  at.advance(3600)
  pushService.refusal = {}
  pushService.taken.length = 0
  pushService.asked.length = 0
  for (const table of ['approval_requests', 'approval_devices', 'tallies']) await at.sql`delete from ${at.sql(table)}`
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
})

async function cardholder(ref: string): Promise<string> {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  return String(row?.id)
}

/** A device of a cardholder that was paired a month ago. */
async function paired(ref = 'hanako') {
  const [app, id] = [new AppDevice(), randomUUID()]
  const createdAt = new Date(now() - 30 * 24 * 3_600_000)
  await at.sql`insert into approval_devices (id, cardholder_id, kind, name, platform, public_key, created_at)
    values (${id}, ${await cardholder(ref)}, 'app', 'My phone', 'Phone OS 19', ${at.sql.json(app.publicKey as never)},
      ${createdAt})`
  return { app, id }
}

/** A payment whose window waits for a device, and the number that it shows. */
async function asked() {
  const { acsTransID, windowKey } = await at.window()
  const window = await showWindow(windowKey)
  if (window.kind !== 'awaiting-approval') throw new Error(`the window shows ${window.kind}`)
  return { acsTransID, windowKey, number: window.request?.number ?? '' }
}

type Device = Awaited<ReturnType<typeof paired>>
const network = () => randomUUID()
const ask = async ({ app, id }: Device) =>
  inquire(JSON.stringify(await app.inquiry(origin, id, new Date(now()))), network())

async function shownOn(device: Device): Promise<Shown> {
  const answer = await ask(device)
  if (answer.kind !== 'waiting') throw new Error(answer.kind)
  return { request: { ...answer.request }, nonce: answer.nonce }
}

const approve = async ({ app, id }: Device, shown: Shown, number: string) =>
  approveFromApp(JSON.stringify(await app.approval(origin, id, shown, number)), network())
const refuse = async ({ app, id }: Device, shown: Shown, answer: 'declined' | 'reported') =>
  refuseFromApp(JSON.stringify(await app.refusal(origin, id, shown, answer)), network())
const other = (number: string) => String((Number(number) + 1) % 100).padStart(2, '0')

async function result({ acsTransID, windowKey }: Awaited<ReturnType<typeof asked>>) {
  await finishChallenge(windowKey)
  return at.directoryServer.rreqsOf(acsTransID)
}

describe("the issuer's app", () => {
  test('approves what it showed, with the number, and the JWS is kept as evidence', async () => {
    const device = await paired()
    const payment = await asked()
    const shown = await shownOn(device)
    expect(shown.request).toMatchObject({ lastFour: '0005', amount: '12800', currency: '392' })
    expect(JSON.stringify(shown)).not.toContain('"number"')
    expect(await approve(device, shown, payment.number)).toEqual({ kind: 'approved' })
    expect(await result(payment)).toMatchObject([{ transStatus: 'Y', authenticationMethod: '11' }])
    const [row] = await at.sql`select state, device_id, evidence from approval_requests`
    const publicKey = device.app.publicKey
    expect(row).toMatchObject({ state: 'approved', device_id: device.id, evidence: { kind: 'jws', publicKey } })
  })

  test('declines with N, and says “this was not me” with R/11', async () => {
    const device = await paired()
    for (const [answer, transStatus, transStatusReason] of [
      ['declined', 'N', '01'],
      ['reported', 'R', '11'],
    ] as const) {
      const payment = await asked()
      expect(await refuse(device, await shownOn(device), answer)).toEqual({ kind: answer })
      expect(await result(payment)).toMatchObject([{ transStatus, transStatusReason }])
    }
  })

  test('finds nothing when no payment waits, or a payment of another cardholder', async () => {
    const [own, foreign] = [await paired(), await paired('alex')]
    expect(await ask(own)).toEqual({ kind: 'nothing-waits' })
    const { number } = await asked()
    expect(await ask(foreign)).toEqual({ kind: 'nothing-waits' })
    const shown = await shownOn(own)
    expect(await approve(foreign, shown, number)).toEqual({ kind: 'request-over' })
    expect(await refuse(foreign, shown, 'declined')).toEqual({ kind: 'request-over' })
    expect(await approve(own, shown, number)).toEqual({ kind: 'approved' })
  })

  test('ends the request with one wrong number', async () => {
    const device = await paired()
    const { number } = await asked()
    const shown = await shownOn(device)
    expect(await approve(device, shown, other(number))).toEqual({ kind: 'number-wrong' })
    expect(await approve(device, shown, number)).toEqual({ kind: 'request-over' })
  })

  test('that is removed may ask and answer nothing', async () => {
    const device = await paired()
    const { number } = await asked()
    const shown = await shownOn(device)
    await at.sql`update approval_devices set removed_at = ${new Date(now())}`
    expect(await ask(device)).toEqual({ kind: 'device-unknown' })
    expect(await approve(device, shown, number)).toEqual({ kind: 'device-unknown' })
  })
})

describe('a proof', () => {
  test('over anything but what waits is refused, and the request still waits', async () => {
    const device = await paired()
    const { app, id } = device
    const { number } = await asked()
    const shown = await shownOn(device)
    for (const change of [{ amount: '100' }, { merchant: 'Another shop' }, { expiresAt: '2099-01-01T00:00:00.000Z' }]) {
      const changed = { ...shown, request: { ...shown.request, ...change } }
      expect(await approve(device, changed, number)).toEqual({ kind: 'proof-bad' })
      expect(await refuse(device, changed, 'declined')).toEqual({ kind: 'proof-bad' })
    }
    const { amount: _, ...less } = shown.request
    for (const changed of [
      { ...shown, request: less },
      { ...shown, nonce: Buffer.alloc(32).toString('base64url') },
    ])
      expect(await approve(device, changed, number)).toEqual({ kind: 'proof-bad' })
    const elsewhere = await app.approval('https://elsewhere.test', id, shown, number)
    const stranger = await new AppDevice().approval(origin, id, shown, number)
    const { proof: refusal } = await app.refusal(origin, id, shown, 'declined')
    for (const body of [elsewhere, stranger, { device: id, proof: refusal }])
      expect(await approveFromApp(JSON.stringify(body), network())).toEqual({ kind: 'proof-bad' })
    expect(await approve(device, shown, number)).toEqual({ kind: 'approved' })
  })

  test('is used once: an approval for its own request, an inquiry by its time', async () => {
    const device = await paired()
    const first = await asked()
    const body = JSON.stringify(await device.app.approval(origin, device.id, await shownOn(device), first.number))
    const answers = await Promise.all([approveFromApp(body, network()), approveFromApp(body, network())])
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['approved', 'request-over'])
    await asked()
    expect(await approveFromApp(body, network())).toEqual({ kind: 'request-over' })

    at.advance(1)
    const inquiry = JSON.stringify(await device.app.inquiry(origin, device.id, new Date(now())))
    const both = await Promise.all([inquire(inquiry, network()), inquire(inquiry, network())])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['inquiry-old', 'waiting'])
  })

  test('of an inquiry is too old, or too early, five minutes from our time', async () => {
    const { app, id } = await paired()
    const { inquiryLife } = approvalPolicy
    const at = async (difference: number) =>
      (await inquire(JSON.stringify(await app.inquiry(origin, id, new Date(now() + difference))), network())).kind
    expect(await at(-inquiryLife - 1000)).toBe('inquiry-old')
    expect(await at(inquiryLife + 1000)).toBe('inquiry-old')
    expect(await at(-inquiryLife + 1000)).toBe('nothing-waits')
  })
})

test.each(['', '{', 'null', '[]', '{}', '{"device":1}', '{"device":"0b9e0000-0000-4000-8000-000000000000"}'])(
  'the body %j is malformed',
  async body => {
    for (const call of [inquire, approveFromApp, refuseFromApp])
      expect(await call(body, network())).toMatchObject({ kind: 'malformed', field: expect.any(String) })
  },
)

test('calls of one device are limited, and a stranger who knows its id uses up nothing', async () => {
  const device = await paired()
  const most = accountPolicy.limits.callsOfDevice.most
  await asked()
  const forged = JSON.stringify(await new AppDevice().inquiry(origin, device.id, new Date(now())))
  const shown = await shownOn(device)
  await at.sql`update tallies set count = ${most - 1} where name = 'callsOfDevice'`
  expect(await inquire(forged, network())).toEqual({ kind: 'proof-bad' })
  at.advance(1)
  expect(await ask(device)).toMatchObject({ kind: 'waiting' })
  expect(await refuse(device, shown, 'declined')).toMatchObject({ kind: 'limited' })
})

test('wrong calls from a network are limited, and do not stop the right calls from there', async () => {
  const device = await paired()
  const network = randomUUID()
  const most = accountPolicy.limits.wrongCallsFromNetwork.most
  expect(await inquire('{}', network)).toMatchObject({ kind: 'malformed' })
  await at.sql`update tallies set count = ${most} where name = 'wrongCallsFromNetwork'`
  expect(await inquire('{}', network)).toMatchObject({ kind: 'limited' })
  const right = JSON.stringify(await device.app.inquiry(origin, device.id, new Date(now())))
  expect(await inquire(right, network)).toEqual({ kind: 'nothing-waits' })
})

describe('the push service', () => {
  test('gets one signed request with texts and ids, and no number', async () => {
    const { id } = await paired()
    const { number } = await asked()
    await at.deliver()
    expect(pushService.taken).toHaveLength(1)
    const { body, ...push } = JSON.parse(pushService.taken[0]?.body ?? '')
    const [request] = await at.sql`select id, content from approval_requests`
    expect(push).toEqual({
      id: expect.any(String),
      device: id,
      request: request?.id,
      title: expect.stringContaining('SafeKey'),
      language: 'ja',
      expiresAt: request?.content.expiresAt,
    })
    expect(body).toContain('12,800円')
    expect(`${push.title}${body}`.replace('12,800', '')).not.toContain(number)
  })

  test('that is down gets the same request again, until the approval request ends', async () => {
    await paired()
    const { windowKey } = await asked()
    pushService.refusal = { http: 503 }
    await at.deliver()
    at.advance(5)
    await at.deliver()
    expect(new Set(pushService.asked.map(({ id }) => id)).size).toBe(1)
    expect(pushService.asked.length).toBeGreaterThan(1)
    await chooseMethod(windowKey, 'code')
    pushService.refusal = {}
    at.advance(approvalPolicy.lifetime / 1000)
    await at.deliver()
    expect(pushService.taken).toEqual([])
  })

  test('that refuses for good is not asked again', async () => {
    await paired()
    await asked()
    pushService.refusal = { http: 410 }
    await at.deliver()
    at.advance(60)
    await at.deliver()
    expect(pushService.asked).toHaveLength(1)
  })
})

test('without a push service no payment is asked about in the app', async () => {
  const device = await paired()
  at.changeIssuer(ordinary => ordinary)
  at.configure({})
  expect(await showWindow((await at.window()).windowKey)).toMatchObject({ kind: 'asking' })
  expect(await ask(device)).toEqual({ kind: 'nothing-waits' })
})
