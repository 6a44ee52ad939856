import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { AppDevice } from '../../demo/phone/app-device.ts'
import { now } from '../platform/clock.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import type { Actor } from './actor.ts'
import { listApprovalDevices, removeApprovalDevice, renameApprovalDevice } from './approval-devices.ts'
import { beginPairing, pairDevice, waitingPairing } from './pair-device.ts'
import { reportActivity } from './report-activity.ts'
import { readReport, reportByLink } from './report-change.ts'
import { readSecurity } from './security.ts'
import { openSession, resumeSession } from './sessions.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const origin = 'https://acs.test'
const pairing = { typ: 'device-pairing+jwt' }

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  for (const ref of ['hanako', 'alex']) {
    await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
      select id, ${randomUUID()}, '2026-11-01', ${now()}, ${now()} from cardholders where issuer_ref = ${ref}`
  }
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(async () => {
  at.advance(3600)
  await at.sql`delete from approval_devices`
})

/** Signed in by passkey just now. */
async function signedIn(ref = 'hanako'): Promise<Actor> {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  const session = {
    cardholderId: String(row?.id),
    method: 'passkey',
    device: 'a browser',
    proofSince: 0,
  } as const
  const actor = await resumeSession(await transaction(tx => openSession(tx, session)))
  if (!actor) throw new Error('no session')
  return actor
}

async function codeFor(actor: Actor): Promise<string> {
  expect(await beginPairing(actor)).toEqual({ kind: 'begun' })
  return (await waitingPairing(actor))?.code ?? ''
}

const network = () => randomUUID()
const send = (body: unknown, from = network()) => pairDevice(JSON.stringify(body), from)
async function paired(actor: Actor, app = new AppDevice()): Promise<string> {
  const answer = await send(await app.pairing(origin, await codeFor(actor)))
  if (answer.kind !== 'paired') throw new Error(answer.kind)
  return answer.id
}

describe('pairing', () => {
  test('accepts a key with a code typed in any form, after strong authentication, and notifies every contact', async () => {
    const actor = await signedIn()
    expect(await beginPairing({ ...actor, strongAt: undefined })).toEqual({ kind: 'stronger-authentication-needed' })
    const code = await codeFor(actor)
    await at.deliver()
    const before = { mails: at.mailbox.mails.length, texts: sms.taken.length }
    const app = new AppDevice()
    const typed = ` ${code.toLowerCase().replace('-', ' ')} `
    expect(await send({ ...(await app.pairing(origin, code)), code: typed })).toMatchObject({
      kind: 'paired',
      name: 'My phone',
    })
    expect(await listApprovalDevices(actor)).toMatchObject([{ name: 'My phone', platform: 'Phone OS 19' }])
    expect(await readSecurity(actor)).toMatchObject({ counts: { devices: 1 } })
    await at.deliver()
    expect([at.mailbox.mails.length - before.mails, sms.taken.length - before.texts]).toEqual([1, 1])
    expect(sms.taken.at(-1)?.text).toContain('My phone')
  })

  test('accepts a code once when submitted concurrently, and the page then no longer shows it', async () => {
    const actor = await signedIn()
    const code = await codeFor(actor)
    const bodies = await Promise.all([1, 2, 3].map(() => new AppDevice().pairing(origin, code)))
    const answers = await Promise.all(bodies.map(body => send(body)))
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['code-unknown', 'code-unknown', 'paired'])
    expect(await waitingPairing(actor)).toBeUndefined()
  })

  test('rejects a code that is expired, replaced or made up', async () => {
    const actor = await signedIn()
    const app = new AppDevice()
    const replaced = await codeFor(actor)
    const old = await codeFor(actor)
    expect(await send(await app.pairing(origin, replaced))).toEqual({ kind: 'code-unknown' })
    at.advance(codePolicy.pairing.lifetime / 1000)
    expect(await waitingPairing(actor)).toBeUndefined()
    for (const code of [old, '00000-00000', '', 'code'])
      expect(await send(await app.pairing(origin, code))).toEqual({ kind: 'code-unknown' })
  })

  test('shows the code in the session that began it only', async () => {
    const actor = await signedIn()
    await codeFor(actor)
    expect(await waitingPairing(await signedIn())).toBeUndefined()
  })

  test.each<[string, (app: AppDevice, code: string) => Promise<object>, string]>([
    ['another key', async (_, code) => ({ publicKey: new AppDevice().publicKey, code }), 'proof-bad'],
    [
      'another address',
      async (app, code) => ({
        proof: await app.sign({ aud: 'https://elsewhere.test/api/devices/pair', code }, pairing),
      }),
      'proof-bad',
    ],
    [
      'another code',
      async app => ({ proof: await app.sign({ aud: `${origin}/api/devices/pair`, code: '00000-00000' }, pairing) }),
      'proof-bad',
    ],
    [
      'something else',
      async (app, code) => ({ proof: await app.sign({ aud: `${origin}/api/devices/pair`, code }, {}) }),
      'proof-bad',
    ],
    ['no text', async app => ({ proof: await app.sign([null], pairing) }), 'proof-bad'],
    ['a point off the curve', async app => ({ publicKey: { ...app.publicKey, y: 'A'.repeat(43) } }), 'key-bad'],
    ['a private key', async app => ({ publicKey: { ...app.publicKey, d: 'd'.repeat(43) } }), 'malformed'],
  ])('with a proof for %s pairs nothing, and the code stays valid', async (_what, change, kind) => {
    const actor = await signedIn()
    const code = await codeFor(actor)
    const app = new AppDevice()
    const body = await app.pairing(origin, code)
    expect(await send({ ...body, ...(await change(app, code)) })).toMatchObject({ kind })
    expect(await send(body)).toMatchObject({ kind: 'paired' })
  })

  test.each(['', '{', 'null', '[]', '"x"', '{}', '{"code":1}'])(
    'with %j as its body is answered with the malformed field',
    async body => {
      expect(await pairDevice(body, network())).toMatchObject({ kind: 'malformed', field: expect.any(String) })
    },
  )

  test('rejects a known key, unless its device was removed', async () => {
    const actor = await signedIn()
    const app = new AppDevice()
    const id = await paired(actor, app)
    expect(await send(await app.pairing(origin, await codeFor(actor)))).toEqual({ kind: 'key-known' })
    await removeApprovalDevice(actor, id)
    expect(await send(await app.pairing(origin, await codeFor(actor)))).toMatchObject({ kind: 'paired' })
  })

  test('is refused once the cardholder has the greatest permitted number of devices', async () => {
    const actor = await signedIn()
    for (let n = 0; n < accountPolicy.devices.perCardholder; n++) await paired(actor)
    expect(await beginPairing(actor)).toEqual({ kind: 'devices-spent' })
  })

  test('is limited per network, and still works from another', async () => {
    const actor = await signedIn()
    const code = await codeFor(actor)
    const guesser = network()
    const guess = await new AppDevice().pairing(origin, '00000-00000')
    await Promise.all(Array.from({ length: accountPolicy.limits.pairingsFromNetwork.most }, () => send(guess, guesser)))
    const body = await new AppDevice().pairing(origin, code)
    expect(await send(body, guesser)).toMatchObject({ kind: 'limited' })
    expect(await send(body)).toMatchObject({ kind: 'paired' })
  })
})

describe('a device', () => {
  test('can be renamed and removed without strong authentication, and the removal is notified', async () => {
    const actor = { ...(await signedIn()), strongAt: undefined }
    const id = await paired(await signedIn())
    expect(await renameApprovalDevice(actor, id, 'Old phone')).toEqual({ kind: 'done' })
    await at.deliver()
    const texts = sms.taken.length
    expect(await removeApprovalDevice(actor, id)).toEqual({ kind: 'done' })
    expect(await removeApprovalDevice(actor, id)).toEqual({ kind: 'unknown' })
    expect(await listApprovalDevices(actor)).toEqual([])
    await at.deliver()
    expect(sms.taken.slice(texts).map(({ text }) => text)).toEqual([expect.stringContaining('Old phone')])
  })

  test('that does not exist or belongs to another cardholder is unknown', async () => {
    const id = await paired(await signedIn('alex'))
    const actor = await signedIn()
    for (const tried of [id, '', 'x', randomUUID(), "'; drop table approval_devices"])
      expect([await renameApprovalDevice(actor, tried, 'mine'), await removeApprovalDevice(actor, tried)]).toEqual([
        { kind: 'unknown' },
        { kind: 'unknown' },
      ])
    expect(await listApprovalDevices(await signedIn('alex'))).toMatchObject([{ id, name: 'My phone' }])
  })

  test('is not paired by the code of a session that has ended', async () => {
    const actor = await signedIn()
    const code = await codeFor(actor)
    await at.sql`update sessions set ended_at = ${now()} where id = ${actor.sessionId}`
    expect(await send(await new AppDevice().pairing(origin, code))).toEqual({ kind: 'code-unknown' })
    expect(await beginPairing(actor)).toEqual({ kind: 'stronger-authentication-needed' })
  })

  test('added since is removed by a report of its notice, and so is an unused code, while earlier devices stay', async () => {
    const actor = await signedIn()
    const kept = await paired(actor)
    await at.deliver()
    at.advance(60)
    await paired(actor)
    await at.deliver()
    const mails = at.mailbox.mails.flatMap(({ text }) => /account\/report\/([0-9a-f]{32})/.exec(text ?? '')?.[1] ?? [])
    const link = mails.at(-1) ?? ''
    expect(await readReport(link, network())).toMatchObject({ kind: 'open-identity', event: 'device-added' })
    const code = await codeFor(actor)
    expect(await reportByLink(link, network())).toEqual({ kind: 'reported' })
    expect((await listApprovalDevices(actor)).map(({ id }) => id)).toEqual([kept])
    expect(await send(await new AppDevice().pairing(origin, code))).toEqual({ kind: 'code-unknown' })
  })

  test('added since a reported sign-in is removed with it', async () => {
    const actor = await signedIn()
    at.advance(60)
    const stranger = await signedIn()
    await paired(stranger)
    expect(await reportActivity(actor, 'sign-in', stranger.sessionId)).toEqual({ kind: 'reported' })
    expect(await listApprovalDevices(actor)).toEqual([])
  })
})

test('no pairing code appears in a log line or unencrypted in the database', async () => {
  const code = await codeFor(await signedIn())
  const kept = `${at.log.join('\n')}\n${await at.dump()}`
  for (const form of [code, code.replace('-', '')]) expect(kept).not.toContain(form)
})
