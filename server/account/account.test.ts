import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { isRecentlyStrong } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
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
  areOfOnePerson,
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

// Limits of an hour begin anew.
beforeEach(() => at.advance(3600))

/** Notices may have come with it. */
function newestCode(messages: readonly { readonly text?: string | undefined }[]): string {
  const codes = messages.flatMap(({ text }) => /(?<!\d)\d{6}(?!\d)/.exec(text ?? '')?.[0] ?? [])
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

/** Enrolment up to the terms, with a code to the mobile number. */
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
  const agreed = await agree(who, browser, '2026-11-01')
  if (agreed.kind !== 'enrolled') throw new Error(agreed.kind)
  return { token: agreed.token, email, device: browser }
}

async function actorOf(session: SessionToken) {
  const actor = await resumeSession(session)
  if (!actor) throw new Error('nobody is signed in')
  return actor
}

describe('enrolment', () => {
  test('records the terms, uses the letter up and tells every contact on file', async () => {
    const letter = await letterFor('hanako')
    const who = visitor()
    await upToTerms(who, 'hanako', address(), letter)
    const before = { mails: at.mailbox.mails.length, texts: sms.taken.length }
    expect(await agree(who, device(), '2026-11-01')).toMatchObject({ kind: 'enrolled' })
    await at.deliver()
    expect([at.mailbox.mails.length - before.mails, sms.taken.length - before.texts]).toEqual([1, 1])
    const [row] =
      await at.sql`select terms_version from accounts a join cardholders c on c.id = a.cardholder_id where issuer_ref = 'hanako'`
    expect(row).toEqual({ terms_version: '2026-11-01' })
    expect(await beginEnrolment(visitor(), letter)).toEqual({ kind: 'code-unknown' })
  })

  test('takes no address that was not proven, whichever two tabs give at once', async () => {
    const who = visitor()
    await beginEnrolment(who, await letterFor('hanako'))
    await sendProof(who, 'sms')
    await at.deliver()
    await proveByCode(who, newestCode(sms.taken))
    const [others, own] = [address(), address()]
    // Both have sent their code and wait to be written down; the first is, the code of the second is the one that waits.
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
    expect(await agree(who, device(), '2026-11-01')).toEqual({ kind: 'out-of-order' })
  })

  test('goes on in no other browser, and skips no step', async () => {
    const who = visitor()
    await beginEnrolment(who, await letterFor('alex'))
    expect(await readEnrolment(token())).toBeUndefined()
    expect(await giveAddress(who, address())).toEqual({ kind: 'out-of-order' })
    expect(await agree(who, device(), '2026-11-01')).toEqual({ kind: 'out-of-order' })
    expect(await proveByCode(visitor(), '123456')).toEqual({ kind: 'unknown' })
  })

  test('with one letter in two browsers ends in one of them', async () => {
    const letter = await letterFor('alex')
    const [one, other] = [visitor(), visitor()]
    await upToTerms(one, 'alex', address(), letter)
    await upToTerms(other, 'alex', address(), letter)
    const answers = await Promise.all([one, other].map(who => agree(who, device(), '2026-11-01')))
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['enrolled', 'overtaken'])
  })

  test('with an old or a replaced letter does not begin', async () => {
    const replaced = await letterFor('alex')
    const old = await letterFor('alex')
    expect(await beginEnrolment(visitor(), replaced)).toEqual({ kind: 'code-unknown' })
    at.advance(codePolicy.activation.lifetime / 1000)
    expect(await beginEnrolment(visitor(), old)).toEqual({ kind: 'code-unknown' })
  })

  test('with an address of another account notifies its owner alone', async () => {
    const { email } = await enrolled('hanako')
    const who = visitor()
    await beginEnrolment(who, await letterFor('alex'))
    await sendProof(who, 'sms')
    await at.deliver()
    await proveByCode(who, newestCode(sms.taken))
    expect(await giveAddress(who, email)).toEqual({ kind: 'sent' })
    await at.deliver()
    expect(at.mailbox.mails.at(-1)?.text).not.toMatch(/(?<!\d)\d{6}(?!\d)/)
  })

  test('anew ends the sessions and the address that were before', async () => {
    const first = await enrolled('hanako')
    await enrolled('hanako')
    expect(await resumeSession(first.token)).toBeUndefined()
    const who = visitor()
    await beginSignIn(who, first.email)
    expect(await signInByCode(who, device(), '123456')).not.toMatchObject({ kind: 'signed-in' })
  })
})

describe('a session', () => {
  test('that began with an e-mail code looks and does not touch, until a text message confirms', async () => {
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
    // A new secret after each authentication; the one before opens nothing any more.
    expect(await resumeSession(signedIn.token)).toBeUndefined()
    const stronger = await actorOf(confirmed.token)
    expect(isRecentlyStrong(stronger, now())).toBe(true)
    expect(isRecentlyStrong(stronger, now() + accountPolicy.freshFor)).toBe(false)
  })

  test('ends without use, and on its own after its day', async () => {
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

  test('on another device is told to every contact on file, on the same one it is not', async () => {
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

test('two sessions are one person’s, ended or not, and never another’s or an unknown one’s', async () => {
  const { token: first, email } = await enrolled('hanako')
  const who = visitor()
  await beginSignIn(who, email)
  await at.deliver()
  const signedIn = await signInByCode(who, device(), newestCode(at.mailbox.mails))
  if (signedIn.kind !== 'signed-in') throw new Error(signedIn.kind)
  const second = signedIn.token
  const { token: others } = await enrolled('alex')
  await endSession(await actorOf(first), first.sessionId)
  expect(await areOfOnePerson(first, second)).toBe(true)
  expect(await areOfOnePerson(first, first)).toBe(true)
  for (const sessionId of [others.sessionId, crypto.randomUUID(), 'x', ''])
    expect(await areOfOnePerson(first, { ...second, sessionId })).toBe(false)
  const unknown = { ...second, sessionId: crypto.randomUUID() }
  expect(await areOfOnePerson(unknown, unknown)).toBe(false)
})

describe('a sign-in code', () => {
  test('opens one session, in the browser that asked, within its tries', async () => {
    const { email } = await enrolled('hanako')
    const who = visitor()
    await beginSignIn(who, email)
    await at.deliver()
    const code = newestCode(at.mailbox.mails)
    expect(await signInByCode(visitor(), device(), code)).toEqual({ kind: 'unknown' })
    const answers = await Promise.all([code, code, code].map(one => signInByCode(who, device(), one)))
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['signed-in', 'unknown', 'unknown'])
  })

  test('is good no longer once its tries are spent, however many come at once', async () => {
    const { email } = await enrolled('hanako')
    const who = visitor()
    await beginSignIn(who, email)
    await at.deliver()
    const code = newestCode(at.mailbox.mails)
    await Promise.all(Array.from({ length: 8 }, () => signInByCode(who, device(), otherThan(code))))
    expect(await signInByCode(who, device(), code)).toEqual({ kind: 'tries-spent' })
  })

  test('for an unknown address is never right, and no message leaves', async () => {
    const who = visitor()
    const before = at.mailbox.mails.length
    expect(await beginSignIn(who, 'nobody@mail.example')).toEqual({ kind: 'sent' })
    await at.deliver()
    expect(at.mailbox.mails.length).toBe(before)
    expect(await signInByCode(who, device(), '123456')).toMatchObject({ kind: 'code-wrong' })
  })
})

describe('"this was not me", from the notice of a new device', () => {
  test('ends every session and the passkeys that came after it, once, and tightens payments', async () => {
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
  test('is known to be at enrolment, whether or not another account has it', async () => {
    const { email: taken } = await enrolled('alex')
    const methods = []
    for (const email of [address(), taken]) {
      const who = visitor()
      await beginEnrolment(who, await letterFor('hanako'))
      await sendProof(who, 'sms')
      await at.deliver()
      await proveByCode(who, newestCode(sms.taken))
      await giveAddress(who, email)
      const delivery = async () => (await waitingCode(who.visit, 'enrolment-email'))?.delivery
      const methodId = [await delivery()]
      at.mailbox.refusal = 550
      await at.deliver()
      at.mailbox.refusal = undefined
      methodId.push(await delivery())
      at.advance(codePolicy.confirmation.resendAfter / 1000)
      expect(await resendCode(who, 'enrolment-email')).toEqual({ kind: 'sent' })
      methodId.push(await delivery())
      await at.deliver()
      methods.push([...methodId, await delivery()])
    }
    expect(methods).toEqual([1, 2].map(() => ['queued', 'failed', 'queued', 'handed-over']))
  })
})

describe('a code that a newer one has replaced', () => {
  test('says so, costs no try the first time, and opens nothing', async () => {
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

describe('a code that waits', () => {
  test('at a number that was stopped or reported since confirms nothing, and no other goes there', async () => {
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

  test('at an address that signs in no more opens nothing, and no other goes there', async () => {
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

// Add what a use case of your own does with an id that belongs to another cardholder.
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

test('no address, number, code or secret of the account stands in a log line or in clear in the database', async () => {
  const { email, token: session } = await enrolled('hanako')
  await at.deliver()
  const kept = `${at.log.join('\n')}\n${await at.dump()}`
  for (const planted of [email, hanako.email, '9012345678', session.secret]) expect(kept).not.toContain(planted)
})
