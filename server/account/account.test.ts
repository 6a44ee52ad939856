import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { isRecentlyStrong } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { effectiveTerms } from '#domain/terms/versions.ts'
import { now } from '../platform/clock.ts'
import { hanako } from '../testing/cards.ts'
import { type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { makeActivationCodes } from './activation-codes.ts'
import { agree } from './agree.ts'
import { stopMobile } from './change-contact.ts'
import { confirmByCode, sendConfirmingCode } from './confirm.ts'
import { resendCode, waitingCode } from './confirmations.ts'
import { beginEnrolment, confirmAddress, giveAddress, proveByCode, readEnrolment, sendProof } from './enrol.ts'
import { listPasskeys, removePasskey, renamePasskey } from './passkeys.ts'
import { readReport, reportByLink } from './report-change.ts'
import {
  belongToSameCardholder,
  endOtherSessions,
  endSession,
  listSessions,
  resumeSession,
  type SessionToken,
} from './sessions.ts'
import { beginSignIn, signInByCode } from './sign-in.ts'
import type { Device, Visitor } from './visitor.ts'

let at: Deployment
const sms = new SmsGatewayDouble()

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})

// Each test starts with fresh hourly limits.
beforeEach(() => at.advance(3600))

/** The newest six-digit code. Notices, which have none, may have arrived with it. */
function newestCode(messages: readonly { readonly text?: string | undefined }[]): string {
  const codes = messages.flatMap(({ text }) => /(?<![\w-])\d{6}(?![\w-])/.exec(text ?? '')?.[0] ?? [])
  return codes.at(-1) ?? ''
}

async function waitingForLocks(): Promise<number> {
  const [row] = await at.sql`select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  return row?.count ?? 0
}

const token = () => randomBytes(32).toString('base64url')
const visitor = (): Visitor => ({ visit: token(), network: token() })
const device = (): Device => ({ token: token(), name: 'Firefox, Linux' })
const address = () => `${token()}@mail.example`

async function letterFor(ref: string): Promise<string> {
  const { letters } = await makeActivationCodes([ref])
  return letters[0]?.activationCode ?? ''
}

/** Enrols up to the terms, with a code to the mobile number as the second proof. */
async function upToTerms(who: Visitor, ref: string, email: string, letter?: string) {
  expect(await beginEnrolment(who, letter ?? (await letterFor(ref)))).toEqual({ kind: 'went-on' })
  expect(await sendProof(who, 'sms')).toEqual({ kind: 'sent' })
  await at.deliver()
  expect(await proveByCode(who, newestCode(sms.taken))).toEqual({ kind: 'went-on' })
  expect(await giveAddress(who, email)).toEqual({ kind: 'sent' })
  await at.deliver()
  expect(await confirmAddress(who, newestCode(at.mailbox.mails))).toEqual({ kind: 'went-on' })
}

async function enrolled(
  ref: string,
  email = address(),
): Promise<{ token: SessionToken; email: string; device: Device }> {
  const who = visitor()
  const browser = device()
  await upToTerms(who, ref, email)
  const agreed = await agree(who, browser, effectiveTerms(now()))
  if (agreed.kind !== 'enrolled') throw new Error(agreed.kind)
  return { token: agreed.token, email, device: browser }
}

async function actorOf(session: SessionToken) {
  const actor = await resumeSession(session)
  if (!actor) throw new Error('nobody is signed in')
  return actor
}

describe('enrolment', () => {
  test('records the terms, spends the letter and notifies every contact on file', async () => {
    const letter = await letterFor('hanako')
    const who = visitor()
    await upToTerms(who, 'hanako', address(), letter)
    const before = { mails: at.mailbox.mails.length, texts: sms.taken.length }
    expect(await agree(who, device(), effectiveTerms(now()))).toMatchObject({ kind: 'enrolled' })
    await at.deliver()
    expect([at.mailbox.mails.length - before.mails, sms.taken.length - before.texts]).toEqual([1, 1])
    const [row] =
      await at.sql`select terms_version from accounts a join cardholders c on c.id = a.cardholder_id where issuer_ref = 'hanako'`
    expect(row).toEqual({ terms_version: effectiveTerms(now()) })
    expect(await beginEnrolment(visitor(), letter)).toEqual({ kind: 'code-unknown' })
  })

  test('does not accept an unproven address when two tabs submit two addresses at once', async () => {
    const who = visitor()
    await beginEnrolment(who, await letterFor('hanako'))
    await sendProof(who, 'sms')
    await at.deliver()
    await proveByCode(who, newestCode(sms.taken))
    const [others, own] = [address(), address()]
    // Both have sent their code and wait for the lock. The first address is saved; the second one's code is the code
    // that is expected.
    const given = await at.sql.begin(async tx => {
      await tx`select from enrolments where step = 'addressing' for update`
      const first = giveAddress(who, others)
      await until(async () => (await waitingForLocks()) === 1)
      const second = giveAddress(who, own)
      await until(async () => (await waitingForLocks()) === 2)
      return { both: Promise.all([first, second]) }
    })
    expect(await given.both).toEqual([{ kind: 'sent' }, { kind: 'out-of-order' }])
    expect(await readEnrolment(who.visit)).toMatchObject({ email: others })
    await at.deliver()
    const codes = at.mailbox.mails.filter(({ to }) => [to].flat().some(one => one?.text === own))
    expect(await confirmAddress(who, newestCode(codes))).toEqual({ kind: 'out-of-order' })
    expect(await agree(who, device(), effectiveTerms(now()))).toEqual({ kind: 'out-of-order' })
  })

  test('continues in no other browser and skips no step', async () => {
    const who = visitor()
    await beginEnrolment(who, await letterFor('alex'))
    expect(await readEnrolment(token())).toBeUndefined()
    expect(await giveAddress(who, address())).toEqual({ kind: 'out-of-order' })
    expect(await agree(who, device(), effectiveTerms(now()))).toEqual({ kind: 'out-of-order' })
    expect(await proveByCode(visitor(), '123456')).toEqual({ kind: 'unknown' })
  })

  test('finishes once when two browsers use the same letter', async () => {
    const letter = await letterFor('alex')
    const [one, other] = [visitor(), visitor()]
    await upToTerms(one, 'alex', address(), letter)
    await upToTerms(other, 'alex', address(), letter)
    const answers = await Promise.all([one, other].map(who => agree(who, device(), effectiveTerms(now()))))
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['enrolled', 'overtaken'])
  })

  test('does not begin with an expired or replaced letter', async () => {
    const replaced = await letterFor('alex')
    const old = await letterFor('alex')
    expect(await beginEnrolment(visitor(), replaced)).toEqual({ kind: 'code-unknown' })
    at.advance(codePolicy.activation.lifetime / 1000)
    expect(await beginEnrolment(visitor(), old)).toEqual({ kind: 'code-unknown' })
  })

  test('sends only a notice to the owner of an address that belongs to another account', async () => {
    const { email } = await enrolled('hanako')
    const who = visitor()
    await beginEnrolment(who, await letterFor('alex'))
    await sendProof(who, 'sms')
    await at.deliver()
    await proveByCode(who, newestCode(sms.taken))
    expect(await giveAddress(who, email)).toEqual({ kind: 'sent' })
    await at.deliver()
    expect(at.mailbox.mails.at(-1)?.text).not.toMatch(/(?<![\w-])\d{6}(?![\w-])/)
  })

  test('ends the earlier sessions and sign-in address when a cardholder enrols again', async () => {
    const first = await enrolled('hanako')
    await enrolled('hanako')
    expect(await resumeSession(first.token)).toBeUndefined()
    const who = visitor()
    await beginSignIn(who, first.email)
    expect(await signInByCode(who, device(), '123456')).not.toMatchObject({ kind: 'signed-in' })
  })
})

describe('a session', () => {
  test('opened by an e-mail code can read but not change until a text message confirms it', async () => {
    const { email, device: browser } = await enrolled('hanako')
    const who = visitor()
    await beginSignIn(who, email)
    await at.deliver()
    const signedIn = await signInByCode(who, browser, newestCode(at.mailbox.mails))
    if (signedIn.kind !== 'signed-in') throw new Error(signedIn.kind)
    const actor = await actorOf(signedIn.token)
    expect(isRecentlyStrong(actor, now())).toBe(false)
    expect(await removePasskey(actor, token())).toEqual({ kind: 'stronger-authentication-needed' })
    await sendConfirmingCode(who, actor)
    await at.deliver()
    const confirmed = await confirmByCode(who, actor, newestCode(sms.taken))
    if (confirmed.kind !== 'fresh') throw new Error(confirmed.kind)
    // Each strong authentication gives a new secret, and the earlier one is no longer accepted.
    expect(await resumeSession(signedIn.token)).toBeUndefined()
    const stronger = await actorOf(confirmed.token)
    expect(isRecentlyStrong(stronger, now())).toBe(true)
    expect(isRecentlyStrong(stronger, now() + accountPolicy.freshFor)).toBe(false)
  })

  test('ends when idle, and at its maximum lifetime even if it is used', async () => {
    const idle = await enrolled('hanako')
    at.advance(accountPolicy.idleTime / 1000)
    expect(await resumeSession(idle.token)).toBeUndefined()
    const busy = await enrolled('hanako')
    const step = accountPolicy.idleTime / 2
    for (let used = step; used < accountPolicy.sessionTime; used += step) {
      at.advance(step / 1000)
      expect(await resumeSession(busy.token)).toBeDefined()
    }
    at.advance(step / 1000)
    expect(await resumeSession(busy.token)).toBeUndefined()
  })

  test('on a new device is notified to every contact on file, on a known device to none', async () => {
    const { email, device: browser } = await enrolled('hanako')
    await at.deliver()
    for (const [from, told] of [
      [browser, 0],
      [device(), 1],
    ] as const) {
      const who = visitor()
      await beginSignIn(who, email)
      await at.deliver()
      const before = sms.taken.length
      expect(await signInByCode(who, from, newestCode(at.mailbox.mails))).toMatchObject({ kind: 'signed-in' })
      await at.deliver()
      expect(sms.taken.length - before).toBe(told)
    }
  })
})

test('belongToSameCardholder is true for two sessions of one cardholder, ended or not, and false for others', async () => {
  const { token: first, email } = await enrolled('hanako')
  const who = visitor()
  await beginSignIn(who, email)
  await at.deliver()
  const signedIn = await signInByCode(who, device(), newestCode(at.mailbox.mails))
  if (signedIn.kind !== 'signed-in') throw new Error(signedIn.kind)
  const second = signedIn.token
  const { token: others } = await enrolled('alex')
  await endSession(await actorOf(first), first.sessionId)
  expect(await belongToSameCardholder(first, second)).toBe(true)
  expect(await belongToSameCardholder(first, first)).toBe(true)
  for (const sessionId of [others.sessionId, crypto.randomUUID(), 'x', ''])
    expect(await belongToSameCardholder(first, { ...second, sessionId })).toBe(false)
  const unknown = { ...second, sessionId: crypto.randomUUID() }
  expect(await belongToSameCardholder(unknown, unknown)).toBe(false)
})

describe('a sign-in code', () => {
  test('opens one session only, and only in the browser that requested it', async () => {
    const { email } = await enrolled('hanako')
    const who = visitor()
    await beginSignIn(who, email)
    await at.deliver()
    const code = newestCode(at.mailbox.mails)
    expect(await signInByCode(visitor(), device(), code)).toEqual({ kind: 'unknown' })
    const answers = await Promise.all([code, code, code].map(one => signInByCode(who, device(), one)))
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['signed-in', 'unknown', 'unknown'])
  })

  test('is no longer valid after its last attempt, even when attempts arrive concurrently', async () => {
    const { email } = await enrolled('hanako')
    const who = visitor()
    await beginSignIn(who, email)
    await at.deliver()
    const code = newestCode(at.mailbox.mails)
    await Promise.all(Array.from({ length: 8 }, () => signInByCode(who, device(), otherThan(code))))
    expect(await signInByCode(who, device(), code)).toEqual({ kind: 'attempts-spent' })
  })

  test('is never right for an unknown address, and no message is sent', async () => {
    const who = visitor()
    const before = at.mailbox.mails.length
    expect(await beginSignIn(who, 'nobody@mail.example')).toEqual({ kind: 'sent' })
    await at.deliver()
    expect(at.mailbox.mails.length).toBe(before)
    expect(await signInByCode(who, device(), '123456')).toMatchObject({ kind: 'code-wrong' })
  })
})

describe('"this was not me", from the notice of a new device', () => {
  test('ends every session, removes later passkeys and restricts payments, once', async () => {
    const { token: session, email } = await enrolled('hanako')
    const { cardholderId } = await actorOf(session)
    const passkey = async () => {
      const id = crypto.randomUUID()
      await at.sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
        values (${id}, ${cardholderId}, ${token()}, ${Buffer.from('key')}, 0, '[]', 'a browser', false, ${now()})`
      return id
    }
    const own = await passkey()
    at.advance(60)
    const who = visitor()
    await beginSignIn(who, email)
    await at.deliver()
    const stranger = await signInByCode(who, device(), newestCode(at.mailbox.mails))
    if (stranger.kind !== 'signed-in') throw new Error(stranger.kind)
    at.advance(60)
    await passkey()
    await at.deliver()
    const links = at.mailbox.mails.flatMap(({ text }) => /account\/report\/([0-9a-f]{32})/.exec(text ?? '')?.[1] ?? [])
    const link = links.at(-1) ?? ''
    expect(await readReport(link, token())).toMatchObject({ kind: 'open-identity', event: 'new-device' })
    expect(await resumeSession(session)).toBeDefined()
    const answers = await Promise.all([1, 2].map(() => reportByLink(link, token())))
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['reported', 'unknown'])
    expect(await readReport(link, token())).toEqual({ kind: 'used-identity' })
    expect([await resumeSession(session), await resumeSession(stranger.token)]).toEqual([undefined, undefined])
    const left = await at.sql`select id from passkeys where cardholder_id = ${cardholderId} and removed_at is null`
    expect(left.map(({ id }) => id)).toEqual([own])
    const [row] = await at.sql`select report_open_since from cardholders where id = ${cardholderId}`
    expect(row?.report_open_since).not.toBeNull()
    await at.sql`update cardholders set report_open_since = null, disputed_since = null where id = ${cardholderId}`
  })
})

describe('an address that the mail server refuses', () => {
  test('is reported as refused during enrolment, whether or not another account has it', async () => {
    const { email: taken } = await enrolled('alex')
    const all = []
    for (const email of [address(), taken]) {
      const who = visitor()
      await beginEnrolment(who, await letterFor('hanako'))
      await sendProof(who, 'sms')
      await at.deliver()
      await proveByCode(who, newestCode(sms.taken))
      await giveAddress(who, email)
      const delivery = async () => (await waitingCode(who.visit, 'enrolment-email'))?.delivery
      const states = [await delivery()]
      at.mailbox.refusal = 550
      await at.deliver()
      at.mailbox.refusal = undefined
      states.push(await delivery())
      at.advance(codePolicy.confirmation.resendAfter / 1000)
      expect(await resendCode(who, 'enrolment-email')).toEqual({ kind: 'sent' })
      states.push(await delivery())
      await at.deliver()
      all.push([...states, await delivery()])
    }
    expect(all).toEqual([1, 2].map(() => ['queued', 'failed', 'queued', 'handed-over']))
  })
})

describe('a code that a newer one has replaced', () => {
  test('is answered as such, costs no attempt the first time, and opens nothing', async () => {
    const { email } = await enrolled('alex')
    const who = visitor()
    await beginSignIn(who, email)
    await at.deliver()
    const first = newestCode(at.mailbox.mails)
    at.advance(codePolicy.confirmation.resendAfter / 1000)
    expect(await resendCode(who, 'sign-in')).toEqual({ kind: 'sent' })
    await at.deliver()
    const enter = (code: string) => signInByCode(who, device(), code)
    expect(await enter(first)).toEqual({ kind: 'code-earlier' })
    expect(await enter(otherThan(first))).toEqual({ kind: 'code-wrong', attemptsLeft: 4 })
    expect(await enter(first)).toEqual({ kind: 'code-earlier' })
    expect(await enter(otherThan(first))).toEqual({ kind: 'code-wrong', attemptsLeft: 2 })
    expect(await enter(newestCode(at.mailbox.mails))).toMatchObject({ kind: 'signed-in' })
  })
})

describe('a code that was sent', () => {
  test('at a number stopped or reported since confirms nothing and is not sent again', async () => {
    const actor = await actorOf((await enrolled('hanako')).token)
    const who = visitor()
    await sendConfirmingCode(who, actor)
    await at.deliver()
    const code = newestCode(sms.taken)
    at.advance(60)
    await stopMobile(actor)
    await at.deliver()
    const texts = sms.taken.length
    expect(await resendCode(who, 'confirm')).toEqual({ kind: 'unknown' })
    expect(await confirmByCode(who, actor, code)).toEqual({ kind: 'unknown' })
    await at.deliver()
    expect(sms.taken).toHaveLength(texts)
    await at.sql`update contacts set frozen_at = null, ended_at = null where cardholder_id = ${actor.cardholderId} and kind = 'mobile'`
  })

  test('at an address that no longer signs in opens nothing and is not sent again', async () => {
    const { email } = await enrolled('alex')
    const who = visitor()
    await beginSignIn(who, email)
    await at.deliver()
    const code = newestCode(at.mailbox.mails)
    at.advance(60)
    await enrolled('alex')
    const mails = at.mailbox.mails.length
    expect(await resendCode(who, 'sign-in')).toEqual({ kind: 'unknown' })
    expect(await signInByCode(who, device(), code)).toEqual({ kind: 'unknown' })
    await at.deliver()
    expect(at.mailbox.mails.slice(mails).filter(({ to }) => JSON.stringify(to ?? '').includes(email))).toEqual([])
  })
})

// When you add a use case that takes an id, add a case with another cardholder's id.
describe("another cardholder's ids", () => {
  test('end no session, rename and remove no passkey', async () => {
    const mine = await actorOf((await enrolled('hanako')).token)
    const theirs = await enrolled('alex')
    const owner = await actorOf(theirs.token)
    const [session] = await listSessions(owner)
    const passkeyId = crypto.randomUUID()
    await at.sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
      values (${passkeyId}, ${owner.cardholderId}, ${token()}, ${Buffer.from('key')}, 0, '[]', 'Firefox, Linux', false, ${now()})`
    const tried = [
      await endSession(mine, session?.id ?? ''),
      await renamePasskey(mine, passkeyId, 'mine now'),
      await removePasskey(mine, passkeyId),
    ]
    expect(tried.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown'])
    await endOtherSessions(mine)
    expect(await resumeSession(theirs.token)).toBeDefined()
    expect(await listPasskeys(owner)).toMatchObject([{ id: passkeyId, name: 'Firefox, Linux' }])
    // A code that was sent for one cardholder confirms no other.
    const who = visitor()
    await sendConfirmingCode(who, owner)
    await at.deliver()
    expect(await confirmByCode(who, mine, newestCode(sms.taken))).toEqual({ kind: 'unknown' })
  })

  test.each(['', 'x', "'; drop table sessions", '../../etc/passwd'])(
    'that are malformed (%j) are unknown',
    async id => {
      const actor = await actorOf((await enrolled('hanako')).token)
      expect(await endSession(actor, id)).toEqual({ kind: 'unknown' })
      expect(await removePasskey(actor, id)).toEqual({ kind: 'unknown' })
    },
  )
})

test('no address, number, code or secret of the account appears in a log line or unencrypted in the database', async () => {
  const { email, token: session } = await enrolled('hanako')
  await at.deliver()
  const kept = `${at.log.join('\n')}\n${await at.dump()}`
  for (const planted of [email, hanako.email, '9012345678', session.secret]) expect(kept).not.toContain(planted)
})
