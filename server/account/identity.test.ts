import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isRecentlyStrong } from '#domain/account/assurance.ts'
import type { Identity } from '#domain/account/identity.ts'
import { effectiveTerms, termsEffectiveAt } from '#domain/terms/versions.ts'
import { now } from '../platform/clock.ts'
import { cardList, hanako } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { makeActivationCodes } from './activation-codes.ts'
import { sendConfirmingCode } from './confirm.ts'
import { beginEnrolment } from './enrol.ts'
import { confirmByIdentity, signInByIdentity } from './identity.ts'
import { startRegistering } from './passkey-ceremonies.ts'
import { resumeSession } from './sessions.ts'
import { beginSignIn } from './sign-in.ts'
import { signInHmacs } from './sign-in-address.ts'

let at: Deployment

const issuer = 'https://login.issuer.example'
const provider = {
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: 'safekey',
  OIDC_CLIENT_SECRET: 'a-secret-of-this-test',
  OIDC_CARDHOLDER_CLAIM: 'cardholder_id',
}

beforeAll(async () => {
  at = await startDeployment(provider)
})
afterAll(() => at.stop())

const token = () => randomBytes(32).toString('base64url')
const device = () => ({ token: token(), name: 'Firefox, Linux' })
const visitor = () => ({ visit: token(), network: token() })
const identity = (changes: Partial<Identity> = {}): Identity => ({
  ...{ issuer, subject: 'u-hanako', cardholderRef: 'hanako', age: 10_000, acr: undefined, amr: [] },
  ...changes,
})

async function signedIn(who: Identity) {
  const answer = await signInByIdentity(device(), who, now())
  if (answer.kind !== 'signed-in') throw new Error(answer.kind)
  const actor = await resumeSession(answer.token)
  if (!actor) throw new Error('nobody is signed in')
  return actor
}

describe('sign-in by the identity provider', () => {
  test('links the subject once, records the terms, and notifies every contact on file', async () => {
    const before = at.mailbox.mails.length
    const actors = await Promise.all([signedIn(identity()), signedIn(identity())])
    expect(actors[0].cardholderId).toBe(actors[1].cardholderId)
    await at.deliver()
    expect(at.mailbox.mails.length).toBeGreaterThan(before)
    const rows = await at.sql`select subject, terms_version, sign_in_email from identities
      join accounts using (cardholder_id)`
    expect(rows).toEqual([{ subject: 'u-hanako', terms_version: effectiveTerms(now()), sign_in_email: null }])
  })

  test('is refused for a person who is on no list', async () => {
    const unknown = [{ cardholderRef: 'nobody' }, { cardholderRef: undefined }, { cardholderRef: hanako.email }]
    for (const changes of unknown)
      expect(await signInByIdentity(device(), identity({ subject: 'u-nobody', ...changes }), now())).toEqual({
        kind: 'unknown-cardholder',
      })
  })

  test('moves no person into another’s account, whether the subject or the claim has changed', async () => {
    await signedIn(identity())
    const refused = { kind: 'other-cardholder' }
    expect(await signInByIdentity(device(), identity({ subject: 'u-other' }), now())).toEqual(refused)
    expect(await signInByIdentity(device(), identity({ cardholderRef: 'alex' }), now())).toEqual(refused)
  })

  test('follows the issuer’s list where no claim names the cardholder, and the list can move a link', async () => {
    const [, alex] = cardList
    await at.importList([{ ...alex, identitySubject: 'u-alex' }])
    const first = await signedIn(identity({ subject: 'u-alex', cardholderRef: undefined }))
    await at.importList([{ ...alex, identitySubject: 'u-alex-anew' }])
    const old = identity({ subject: 'u-alex', cardholderRef: undefined })
    expect(await signInByIdentity(device(), old, now())).toEqual({ kind: 'unknown-cardholder' })
    const anew = await signedIn(identity({ subject: 'u-alex-anew', cardholderRef: undefined }))
    expect(anew.cardholderId).toBe(first.cardholderId)
  })
})

describe('an issuer’s list with identity subjects', () => {
  const sessionOf = async (subject: string) => {
    const answer = await signInByIdentity(device(), identity({ subject, cardholderRef: undefined }), now())
    if (answer.kind !== 'signed-in') throw new Error(answer.kind)
    return answer.token
  }
  const [first, second] = cardList as { cardholderId: string }[]
  afterAll(() => at.sql`delete from identities`)

  test('ends the sessions of a cardholder whose subject moves to another, and no others', async () => {
    await at.importList([
      { ...first, identitySubject: 'u-one' },
      { ...second, identitySubject: 'u-two' },
    ])
    const one = await sessionOf('u-one')
    const two = await sessionOf('u-two')
    await at.importList([
      { ...first, identitySubject: 'u-one' },
      { ...second, identitySubject: 'u-two' },
    ])
    expect([await resumeSession(one), await resumeSession(two)]).not.toContain(undefined)
    await at.importList([{ ...second, identitySubject: 'u-one' }])
    expect([await resumeSession(one), await resumeSession(two)]).toEqual([undefined, undefined])
    const moved = await resumeSession(await sessionOf('u-one'))
    const [owner] = await at.sql`select issuer_ref from cardholders where id = ${moved?.cardholderId ?? ''}`
    expect(owner?.issuer_ref).toBe(second?.cardholderId)
  })

  test('lets two cardholders swap subjects, and keeps the first of two lines that give one subject to two people', async () => {
    const links = () =>
      at.sql`select issuer_ref, subject from identities join cardholders on cardholders.id = cardholder_id order by 1`
    const refs = [first?.cardholderId, second?.cardholderId] as const
    const list = (...lines: readonly (readonly [0 | 1, string])[]) =>
      at.importList(lines.map(([who, identitySubject]) => ({ ...(who === 0 ? first : second), identitySubject })))
    await list([0, 'u-a'], [1, 'u-b'])
    await list([0, 'u-b'], [1, 'u-a'])
    const swapped = [
      [refs[0], 'u-b'],
      [refs[1], 'u-a'],
    ].map(([issuer_ref, subject]) => ({ issuer_ref, subject }))
    expect(await links()).toEqual(
      swapped.sort((one, other) => (String(one.issuer_ref) < String(other.issuer_ref) ? -1 : 1)),
    )
    expect(await list([0, 'u-c'], [1, 'u-c'], [0, 'u-c'])).toMatchObject({
      bad: 1,
      complaints: ['2: identitySubject is that of line 1, and they differ in cardholderId'],
    })
    expect((await links()).filter(({ subject }) => subject === 'u-c')).toEqual([
      { issuer_ref: refs[0], subject: 'u-c' },
    ])
  })
})

describe('a session of the identity provider', () => {
  test('whose authentication there is old can read but not change, until the cardholder authenticates again', async () => {
    const old = await signedIn(identity({ age: 3_600_000 }))
    expect(isRecentlyStrong(old, now())).toBe(false)
    expect(await confirmByIdentity(old, identity({ age: 301_000 }))).toEqual({ kind: 'not-fresh' })
    expect(await confirmByIdentity(old, identity({ age: undefined }))).toEqual({ kind: 'not-fresh' })
    const confirmed = await confirmByIdentity(old, identity({ age: 60_000 }))
    if (confirmed.kind !== 'fresh') throw new Error(confirmed.kind)
    const anew = await resumeSession(confirmed.token)
    if (!anew) throw new Error('nobody is signed in')
    expect(isRecentlyStrong(anew, now())).toBe(true)
    // Four minutes of the five are left, because the authentication was a minute old.
    expect(isRecentlyStrong(anew, now() + 245_000)).toBe(false)
  })

  test('cannot be confirmed by another person', async () => {
    await at.importList([{ ...cardList[1], identitySubject: 'u-alex' }])
    const mine = await signedIn(identity())
    const other = identity({ subject: 'u-alex', cardholderRef: 'alex' })
    expect(await confirmByIdentity(mine, other)).toEqual({ kind: 'other-cardholder' })
  })

  test('is weak without the acr or amr that the issuer requires', async () => {
    at.configure({ OIDC_STRONG_ACR: 'loa2', OIDC_STRONG_AMR: 'otp' })
    expect(isRecentlyStrong(await signedIn(identity({ acr: 'loa2', amr: ['pwd'] })), now())).toBe(false)
    expect(isRecentlyStrong(await signedIn(identity({ acr: 'loa2', amr: ['otp'] })), now())).toBe(true)
    at.configure({ OIDC_STRONG_ACR: '', OIDC_STRONG_AMR: '' })
  })
})

test('with an identity provider, no cardholder signs in or enrols by code or passkey', async () => {
  const actor = await signedIn(identity())
  const [hmac] = await signInHmacs(hanako.email)
  await at.sql`update accounts set sign_in_hmac = ${hmac?.hmac ?? null} where cardholder_id = ${actor.cardholderId}`
  await at.deliver()
  const { letters } = await makeActivationCodes(['hanako'])
  expect(await beginEnrolment(visitor(), letters[0]?.activationCode ?? '')).toEqual({ kind: 'code-unknown' })
  const before = at.mailbox.mails.length
  await beginSignIn(visitor(), hanako.email)
  await at.deliver()
  expect(at.mailbox.mails.length).toBe(before)
  expect(await sendConfirmingCode(visitor(), actor)).toEqual({ kind: 'no-number' })
  expect(await startRegistering(visitor(), actor)).toEqual({ kind: 'failed' })
})

test('accepts the terms that our page named, although others became effective while the browser was away', async () => {
  const evening = termsEffectiveAt('2026-11-01') - 60_000
  await signInByIdentity(device(), identity({ subject: 'u-evening', cardholderRef: 'yui' }), evening)
  const rows = await at.sql`select terms_version, terms_announced from accounts
    join identities using (cardholder_id) where subject = 'u-evening'`
  expect(rows).toEqual([{ terms_version: '2026-04-01', terms_announced: '2026-11-01' }])
})
