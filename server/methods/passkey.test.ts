import { createPublicKey, randomUUID, verify } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { businessDayAfter } from '#domain/contact/business-days.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { reportOn } from '#domain/emv/report.ts'
import { versions } from '#domain/emv/version.ts'
import type { Preference } from '#domain/methods/selection.ts'
import { chooseMethod, resendCode, submitAnswer } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { type Said, SoftwareAuthenticator } from '../testing/authenticator.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'

// A passkey in the challenge window of a browser.

let at: Deployment
let hanako: string
let alex: string
/** Hanako's, registered a year ago. */
let phone: SoftwareAuthenticator
const sms = new SmsGatewayDouble()
const year = 365 * contactPolicy.day

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  ;[hanako, alex] = [await idOf('hanako'), await idOf('alex')]
  await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
    values (${hanako}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(async () => {
  at.advance(policy.limits.sendsByOne.window / 1000)
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
  await at.sql`delete from preferences`
  await at.sql`delete from passkeys`
  phone = new SoftwareAuthenticator()
  await phone.addTo(at, hanako, { createdAt: now() - year })
})

async function idOf(ref: string): Promise<string> {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  return String(row?.id)
}

async function prefer(asked: Preference) {
  await at.sql`insert into preferences (cardholder_id, preferred_method, updated_at) values (${hanako}, ${asked}, ${now()})`
}

async function asking(windowKey: string) {
  const window = await showWindow(windowKey)
  if (window.kind !== 'asking') throw new Error(`the window is ${window.kind}`)
  return window
}

const challengeOf = async (windowKey: string) => (await asking(windowKey)).passkeyChallenge ?? ''
const isOffered = async (windowKey: string) => (await asking(windowKey)).available.includes('passkey')
/** The response of an authenticator, as the window's form submits it. */
const signedBy = (device: SoftwareAuthenticator, challenge: string, said?: Said) =>
  JSON.stringify(device.respond(challenge, said))

const resultsOf = (acsTransID: string) => at.directoryServer.rreqsOf(acsTransID)

/** A window that asks for the passkey. */
async function askedForPasskey(...request: Parameters<Deployment['window']>) {
  const window = await at.window(...request)
  await chooseMethod(window.windowKey, ['passkey'])
  return { ...window, challenge: await challengeOf(window.windowKey) }
}

test.each(versions)('authenticates the payment, and the result names the method (%s)', async version => {
  const { acsTransID, windowKey, challenge } = await askedForPasskey({}, version)
  expect(await submitAnswer(windowKey, signedBy(phone, challenge))).toEqual({ kind: 'ended' })
  const method =
    version === '2.3.1' ? { authenticationMethod: ['13'] } : { authenticationMethod: '10', authenticationType: '02' }
  const [rreq, ...more] = resultsOf(acsTransID)
  expect(more).toEqual([])
  expect(rreq).toMatchObject({ transStatus: 'Y', eci: '05', ...method })
  expect(rreq?.authenticationValue).toBeTruthy()
  expect(reportOn(JSON.stringify(rreq), { channel: '02', category: '01' }).findings).toEqual([])
})

test('is asked for first where the cardholder prefers it, and no code is sent', async () => {
  await prefer('passkey')
  const { ares, acsTransID, windowKey } = await at.window({}, '2.3.1')
  expect(ares).toMatchObject({ authenticationMethod: ['13'] })
  expect(await asking(windowKey)).toMatchObject({ asked: ['passkey'], passkeyChallenge: expect.any(String) })
  expect(await at.outbox(acsTransID, 'email')).toEqual([])
  await resendCode(windowKey)
  await at.deliver()
  expect(await asking(windowKey)).toMatchObject({ asked: ['email-code', 'sms-code'], passkeyChallenge: undefined })
  expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
  expect(resultsOf(acsTransID)).toMatchObject([{ authenticationMethod: ['05'] }])
})

describe('the signature', () => {
  test('is over a text that names merchant, amount and card, and is stored as evidence that anybody can verify', async () => {
    const { acsTransID, windowKey, challenge } = await askedForPasskey({ merchantName: 'Tea & Co' })
    await submitAnswer(windowKey, signedBy(phone, challenge))
    const { passkey } = await at.proofs(acsTransID)
    const { request, nonce, evidence, state } = passkey as {
      readonly request: string
      readonly nonce: Buffer
      readonly evidence: Readonly<Record<string, string>>
      readonly state: string
    }
    expect(state).toBe('proved')
    const [card] = await at.sql`select id, last_four from cards where cardholder_id = ${hanako} limit 1`
    expect(JSON.parse(request)).toEqual({
      ...{ acsTransID, merchant: 'Tea & Co', merchantID: expect.any(String) },
      ...{ amount: '12800', currency: '392', exponent: '0', card: card?.id, lastFour: card?.last_four },
    })
    expect(nonce).toHaveLength(32)
    const octets = (name: string) => Buffer.from(evidence[name] ?? '', 'base64url')
    const clientData = JSON.parse(octets('clientDataJSON').toString())
    expect(clientData.challenge).toBe(Buffer.concat([nonce, sha256(request)]).toString('base64url'))
    const [x, y] = [octets('publicKey').subarray(10, 42), octets('publicKey').subarray(45)]
    const jwk = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') }
    const signed = Buffer.concat([octets('authenticatorData'), sha256(octets('clientDataJSON'))])
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    expect(verify('sha256', signed, key, octets('signature'))).toBe(true)
  })

  test('is accepted from the frame of any site for a small payment', async () => {
    const { acsTransID, windowKey, challenge } = await askedForPasskey({
      purchaseAmount: '800',
      threeDSRequestorChallengeInd: '04',
    })
    const framed = { crossOrigin: true, topOrigin: 'https://another-shop.example' }
    expect(await submitAnswer(windowKey, signedBy(phone, challenge, framed))).toEqual({ kind: 'ended' })
    expect(resultsOf(acsTransID)).toMatchObject([{ transStatus: 'Y' }])
    expect(at.log.some(line => line.includes('"another-site"'))).toBe(true)
  })

  test.each([
    ['the merchant’s own', 'https://shop.example', 'ended'],
    ['another site’s', 'https://another-shop.example', 'asking'],
    ['a page’s that the browser does not name', undefined, 'asking'],
  ] as const)('of a larger payment in a frame of %s (%s): %s', async (_whose, topOrigin, kind) => {
    const { windowKey, challenge } = await askedForPasskey({ notificationURL: 'https://shop.example/back' })
    const answer = signedBy(phone, challenge, { crossOrigin: true, ...(topOrigin && { topOrigin }) })
    expect(await submitAnswer(windowKey, answer)).toEqual({ kind })
  })

  const refused: readonly [string, (challenge: string) => string | Promise<string>][] = [
    ['over another challenge', () => signedBy(phone, 'AAAA')],
    ['of another payment', async () => signedBy(phone, (await askedForPasskey({ purchaseAmount: '12801' })).challenge)],
    [
      'by a page of another origin',
      challenge => signedBy(phone, challenge, { origin: 'https://acs.test.evil.example' }),
    ],
    ['for another relying party', challenge => signedBy(phone, challenge, { rpID: 'evil.example' })],
    ['made when a passkey was created', challenge => signedBy(phone, challenge, { type: 'webauthn.create' })],
    ['of a payment confirmation', challenge => signedBy(phone, challenge, { type: 'payment.get' })],
    ['without user verification', challenge => signedBy(phone, challenge, { userVerified: false })],
    [
      'that names a top origin outside a frame',
      challenge => signedBy(phone, challenge, { topOrigin: 'https://a.example' }),
    ],
    ['of an unknown passkey', challenge => signedBy(new SoftwareAuthenticator(), challenge)],
    [
      'of another cardholder’s passkey',
      async challenge => {
        const other = new SoftwareAuthenticator()
        await other.addTo(at, alex, { createdAt: now() - year })
        return signedBy(other, challenge)
      },
    ],
    [
      'by another key under the same id',
      challenge => JSON.stringify({ ...new SoftwareAuthenticator().respond(challenge), id: phone.credentialId }),
    ],
    ['that is no JSON', () => '{'],
    ['that is JSON without a response', () => JSON.stringify({ id: phone.credentialId })],
    ['whose response has other types', () => JSON.stringify({ id: phone.credentialId, response: { signature: 5 } })],
  ]

  test.each(refused)('is refused %s; that uses up a try, and the page has a new challenge', async (_what, answer) => {
    const { acsTransID, windowKey, challenge } = await askedForPasskey()
    expect(await submitAnswer(windowKey, await answer(challenge))).toEqual({ kind: 'asking' })
    expect(await asking(windowKey)).toMatchObject({
      asked: ['passkey'],
      notice: 'passkey-failed',
      attemptsLeft: codePolicy.challenge.attempts - 1,
    })
    expect(await challengeOf(windowKey)).not.toBe(challenge)
    expect(await at.sql`select 1 from consecutive_failures where count > 0`).toEqual([])
    expect((await at.proofs(acsTransID)).passkey).toMatchObject({ state: 'pending', evidence: null })
  })

  test('is refused when it is submitted after a refusal, because each challenge is answered once', async () => {
    const { windowKey, challenge } = await askedForPasskey()
    await submitAnswer(windowKey, signedBy(phone, challenge, { userVerified: false }))
    expect(await submitAnswer(windowKey, signedBy(phone, challenge))).toEqual({ kind: 'asking' })
    expect(await submitAnswer(windowKey, signedBy(phone, await challengeOf(windowKey)))).toEqual({ kind: 'ended' })
  })

  test('ends the challenge when the fifth is refused', async () => {
    const { acsTransID, windowKey } = await askedForPasskey()
    for (let tries = 1; tries <= codePolicy.challenge.attempts; tries += 1)
      await submitAnswer(windowKey, signedBy(phone, 'AAAA'))
    expect(resultsOf(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '19' }])
  })

  test('of two concurrent submissions gives one result', async () => {
    const { acsTransID, windowKey, challenge } = await askedForPasskey()
    const signed = signedBy(phone, challenge)
    await Promise.all([submitAnswer(windowKey, signed), submitAnswer(windowKey, signed)])
    expect(await at.outbox(acsTransID, 'rreq')).toHaveLength(1)
    expect(resultsOf(acsTransID)).toMatchObject([{ transStatus: 'Y' }])
  })

  test('is accepted after the code that was sent before has expired', async () => {
    const { windowKey } = await askedForPasskey()
    at.advance(codePolicy.challenge.lifetime / 1000 - 60)
    await chooseMethod(windowKey, 'code')
    await chooseMethod(windowKey, ['passkey'])
    at.advance(61)
    expect(await submitAnswer(windowKey, signedBy(phone, await challengeOf(windowKey)))).toEqual({ kind: 'ended' })
  })
})

describe('a counter that falls', () => {
  const used = async (synced: boolean) => {
    const device = new SoftwareAuthenticator()
    const id = await device.addTo(at, hanako, { createdAt: now() - year, synced })
    await at.sql`update passkeys set counter = 7 where id = ${id}`
    const { windowKey, challenge } = await askedForPasskey()
    const answer = await submitAnswer(windowKey, signedBy(device, challenge, { counter: 3 }))
    const [row] = await at.sql`select counter from passkeys where id = ${id}`
    return { ...answer, counter: Number(row?.counter) }
  }

  test('is refused if the passkey is on one device', async () => {
    expect(await used(false)).toEqual({ kind: 'asking', counter: 7 })
  })

  test('is logged if the passkey is synced, and the highest value is kept', async () => {
    const before = at.log.length
    expect(await used(true)).toEqual({ kind: 'ended', counter: 7 })
    expect(at.log.slice(before).some(line => line.includes('passkey.counter-fell'))).toBe(true)
  })
})

describe('a passkey', () => {
  const withOnly = async (createdAt: number) => {
    await at.sql`delete from passkeys`
    await phone.addTo(at, hanako, { createdAt })
  }

  test('is not offered where there is none, and cannot be selected', async () => {
    await at.sql`delete from passkeys`
    const { windowKey } = await at.window()
    expect(await isOffered(windowKey)).toBe(false)
    await chooseMethod(windowKey, ['passkey'])
    expect(await asking(windowKey)).toMatchObject({ asked: ['email-code', 'sms-code'] })
  })

  test('that is new is offered for a larger payment from the third business day on', async () => {
    const createdAt = now()
    await withOnly(createdAt)
    expect(await isOffered((await at.window()).windowKey)).toBe(false)
    const from = businessDayAfter(createdAt, contactPolicy.businessDays)
    at.advance((from - now()) / 1000 - 60)
    expect(await isOffered((await at.window()).windowKey)).toBe(false)
    at.advance(60)
    expect(await isOffered((await at.window()).windowKey)).toBe(true)
  })

  test('that was added since the dispute of a report began is neither offered nor accepted', async () => {
    const since = now() - year
    const report = async () =>
      at.sql`update cardholders set report_open_since = ${now()}, disputed_since = ${since} where id = ${hanako}`
    await withOnly(since)
    const { windowKey, challenge } = await askedForPasskey()
    await report()
    expect(await submitAnswer(windowKey, signedBy(phone, challenge))).toEqual({ kind: 'asking' })
    expect(await isOffered(windowKey)).toBe(false)
    expect(await isOffered((await at.window()).windowKey)).toBe(false)
    await withOnly(since - 1)
    const older = await askedForPasskey()
    expect(await submitAnswer(older.windowKey, signedBy(phone, older.challenge))).toEqual({ kind: 'ended' })
  })

  test('that was removed while the window was open is refused', async () => {
    const { windowKey, challenge } = await askedForPasskey()
    await at.sql`update passkeys set removed_at = ${now()}`
    expect(await submitAnswer(windowKey, signedBy(phone, challenge))).toEqual({ kind: 'asking' })
  })

  test('cannot pay once the card was reported stolen', async () => {
    const { acsTransID, windowKey, challenge } = await askedForPasskey()
    await at.sql`update cards set status = 'stolen' where cardholder_id = ${hanako}`
    await submitAnswer(windowKey, signedBy(phone, challenge))
    await at.sql`update cards set status = 'active' where cardholder_id = ${hanako}`
    expect(resultsOf(acsTransID)).toMatchObject([{ transStatus: 'R', transStatusReason: '10' }])
  })

  test('is not used where cardholders sign in with the issuer’s identity provider', async () => {
    const provider = {
      OIDC_ISSUER: 'https://login.issuer.example',
      OIDC_CLIENT_ID: 'safekey',
      OIDC_CLIENT_SECRET: randomUUID(),
    }
    at.configure(provider)
    expect(await isOffered((await at.window()).windowKey)).toBe(false)
    at.configure({ OIDC_ISSUER: '', OIDC_CLIENT_ID: '', OIDC_CLIENT_SECRET: '' })
  })
})
