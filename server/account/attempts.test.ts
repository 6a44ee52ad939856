import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { until } from '#db/testing/until.ts'
import { mostInARow } from '#domain/account/attempts.ts'
import { accountPolicy, windowOf } from '#domain/account/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { now } from '../platform/clock.ts'
import { type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { makeActivationCodes } from './activation-codes.ts'
import { agree } from './agree.ts'
import { forgiveAccount } from './attempts.ts'
import { confirmByCode, sendConfirmingCode } from './confirm.ts'
import { beginEnrolment, confirmAddress, giveAddress, giveAnotherAddress, proveByCode, sendProof } from './enrol.ts'
import { lockDown } from './lock-down.ts'
import { resumeSession } from './sessions.ts'
import { beginSignIn, signInByCode } from './sign-in.ts'
import type { Device, Visitor } from './visitor.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const { limits, firstCodesToAddress } = accountPolicy
const { attempts: codeAttempts } = codePolicy.confirmation

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})

// Each test starts with fresh hourly limits.
beforeEach(() => at.toNextMorning())

const token = () => randomBytes(32).toString('base64url')
const address = () => `${token()}@mail.example`
const device = (): Device => ({ token: token(), name: 'Firefox, Linux' })
const browser = (network = token()): Visitor => ({ visit: token(), network })

function codeIn(messages: readonly { readonly text?: string | undefined }[]): string {
  return messages.flatMap(({ text }) => /(?<![\w-])\d{6}(?![\w-])/.exec(text ?? '')?.[0] ?? []).at(-1) ?? ''
}

/** Enrols a cardholder in a browser that has been known for some days. */
async function enrolled() {
  const who = browser()
  const email = address()
  const own = device()
  const { letters } = await makeActivationCodes(['hanako'])
  await beginEnrolment(who, letters[0]?.activationCode ?? '')
  await sendProof(who, 'sms')
  await at.deliver()
  await proveByCode(who, codeIn(sms.taken))
  await giveAddress(who, email)
  await at.deliver()
  await confirmAddress(who, codeIn(at.mailbox.mails))
  const agreed = await agree(who, own, '2026-11-01')
  if (agreed.kind !== 'enrolled') throw new Error(agreed.kind)
  const actor = await resumeSession(agreed.token)
  if (!actor) throw new Error('the session has ended')
  await at.sql`update known_devices set first_seen_at = ${now() - accountPolicy.deviceEstablishedAfter - 1}
    where cardholder_id = ${actor.cardholderId}`
  return { email, own, actor }
}

/** Requests codes and enters wrong ones until no more are compared, and returns the refusal. */
async function fail(network: string, email: string, most = Number.POSITIVE_INFINITY) {
  for (let failed = 0; failed < most; ) {
    const who = browser(network)
    const begun = await beginSignIn(who, email)
    if (begun.kind !== 'sent') return begun
    for (let tries = 0; tries < codeAttempts && failed < most; tries++, failed++) {
      // Has a chance of one in a million to be right.
      const answer = await signInByCode(who, device(), '000000')
      if (answer.kind === 'limited' || answer.kind === 'stopped') return answer
    }
  }
  return undefined
}

/** Requests a code and enters the right one. */
async function signIn(who: Visitor, email: string, by = device()) {
  // Deliver codes that were requested earlier.
  await at.deliver()
  const begun = await beginSignIn(who, email)
  if (begun.kind !== 'sent') return begun
  await at.deliver()
  return signInByCode(who, by, codeIn(at.mailbox.mails))
}

describe('wrong sign-in codes from a stranger', () => {
  test('use up the budget of the stranger’s network: the cardholder can sign in from another at once', async () => {
    const { email } = await enrolled()
    const network = token()
    const { endsAt } = windowOf(limits.wrongCodesByOne.window, now())
    expect(await fail(network, email)).toEqual({ kind: 'limited', until: endsAt })
    expect(await fail(network, email.toUpperCase(), 20)).toMatchObject({ kind: 'limited' })
    expect(await signIn(browser(), email)).toMatchObject({ kind: 'signed-in' })
  })

  test('block neither a known browser nor a session’s strong authentication, even once they block unknown browsers', async () => {
    const { email, own, actor } = await enrolled()
    for (let stopped = false; !stopped; ) {
      const answer = await fail(token(), email, limits.wrongCodesByOne.most)
      stopped = answer?.kind === 'stopped'
      if (answer?.kind === 'limited') at.advance(Math.ceil((answer.until - now()) / 1000))
    }
    expect(await signIn(browser(), email)).toEqual({ kind: 'stopped' })
    const who = browser()
    expect(await sendConfirmingCode(who, actor)).toEqual({ kind: 'sent' })
    await at.deliver()
    expect(await confirmByCode(who, actor, codeIn(sms.taken))).toMatchObject({ kind: 'fresh' })
    expect(await signIn({ ...browser(), device: own.token }, email, own)).toMatchObject({ kind: 'signed-in' })
    // A success there unblocks codes everywhere.
    expect(await signIn(browser(), email)).toMatchObject({ kind: 'signed-in' })
  })

  test('from many networks at once are compared no more often than the rules allow', async () => {
    const { email } = await enrolled()
    const compared = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const who = browser()
        if ((await beginSignIn(who, email)).kind !== 'sent') return 0
        const answers = await Promise.all(
          Array.from({ length: codeAttempts }, () => signInByCode(who, device(), '000000')),
        )
        return answers.filter(({ kind }) => kind === 'code-wrong' || kind === 'attempts-spent').length
      }),
    )
    const free = accountPolicy.wrongCodes.pauses[0].from
    expect(compared.reduce((sum, count) => sum + count)).toBe(free)
    const [row] = await at.sql`select max(count) as most from consecutive_failures where budget = 'unknown-browser'`
    expect(row?.most).toBe(free)
  })

  test('are not counted once the code has no attempts left or has expired', async () => {
    const { email } = await enrolled()
    await at.sql`delete from consecutive_failures`
    const who = browser()
    await beginSignIn(who, email)
    for (let tries = 0; tries < 3 * codeAttempts; tries++) await signInByCode(who, device(), '000000')
    const later = browser()
    await beginSignIn(later, email)
    at.advance(codePolicy.confirmation.lifetime / 1000)
    expect(await signInByCode(later, device(), '000000')).toEqual({ kind: 'code-expired' })
    expect(await at.sql`select count from consecutive_failures`).toEqual([{ count: codeAttempts }])
  })

  test('sent at once in one browser are all compared, up to the attempts of the code', async () => {
    const { email } = await enrolled()
    const who = browser()
    await beginSignIn(who, email)
    const burst = Array.from({ length: codeAttempts }, () => signInByCode(who, device(), '000000'))
    const kinds = (await Promise.all(burst)).map(({ kind }) => kind).sort()
    expect(kinds).toEqual(['attempts-spent', ...Array.from({ length: codeAttempts - 1 }, () => 'code-wrong')])
  })

  test('in a fresh browser of a thief who reads the mailbox use nothing of the budget of known browsers', async () => {
    const { email, own } = await enrolled()
    const thief = { ...browser(), device: token() }
    expect(await signIn(thief, email, { ...device(), token: thief.device })).toMatchObject({ kind: 'signed-in' })
    await beginSignIn(thief, email)
    for (let tries = 0; tries < codeAttempts; tries++) await signInByCode(thief, device(), '000000')
    expect(await at.sql`select 1 from consecutive_failures where budget = 'known-browser' and count > 0`).toEqual([])
    expect(await signIn({ ...browser(), device: own.token }, email, own)).toMatchObject({ kind: 'signed-in' })
  })

  test('are forgotten after a right one', async () => {
    const { email } = await enrolled()
    await fail(token(), email, 9)
    expect(await signIn(browser(), email)).toMatchObject({ kind: 'signed-in' })
    await fail(token(), email, 9)
    expect(await signIn(browser(), email)).toMatchObject({ kind: 'signed-in' })
  })

  test('also block a browser that was known before a report', async () => {
    const { email, own, actor } = await enrolled()
    await fail(token(), email, 1)
    await at.sql`update consecutive_failures set count = ${mostInARow('unknown-browser')} where budget = 'unknown-browser'`
    const known = { ...browser(), device: own.token }
    expect(await beginSignIn(known, email)).toEqual({ kind: 'sent' })
    await transaction(tx =>
      lockDown(tx, { cardholderId: actor.cardholderId, about: 'sign-in', happenedAt: now() }, now()),
    )
    expect(await beginSignIn(known, email)).toEqual({ kind: 'stopped' })
  })

  test('that have blocked code entry block it until a passkey or a letter is shown', async () => {
    const { email, actor } = await enrolled()
    await fail(token(), email, 1)
    const most = mostInARow('unknown-browser')
    await at.sql`update consecutive_failures set count = ${most} where budget = 'unknown-browser'`
    expect(await beginSignIn(browser(), email)).toEqual({ kind: 'stopped' })
    await transaction(tx => forgiveAccount(tx, actor.cardholderId))
    expect(await signIn(browser(), email)).toMatchObject({ kind: 'signed-in' })
  })
})

describe('codes by e-mail', () => {
  test('can be requested within an hour by 40 customers behind one carrier’s address, and all sign in', async () => {
    const { email } = await enrolled()
    const carrier = token()
    for (let other = 0; other < 39; other++)
      expect(await beginSignIn(browser(carrier), address())).toEqual({ kind: 'sent' })
    expect(await signIn(browser(carrier), email)).toMatchObject({ kind: 'signed-in' })
  })

  test('requested by strangers leave a known browser its own budget', async () => {
    const { email, own } = await enrolled()
    let strangers = 0
    while ((await beginSignIn(browser(), email)).kind === 'sent') strangers++
    expect(strangers).toBe(firstCodesToAddress)
    expect(await signIn({ ...browser(), device: own.token }, email, own)).toMatchObject({ kind: 'signed-in' })
  })

  test('requested by a few networks up to and beyond their limits do not block a new browser', async () => {
    const { email } = await enrolled()
    const networks = [token(), token(), token(), token()]
    let sent = 0
    for (let times = 0; times < 2 * firstCodesToAddress; times++)
      if ((await beginSignIn(browser(networks[times % networks.length]), email)).kind === 'sent') sent++
    expect(sent).toBe(limits.codesToAddress.most)
    expect(await signIn(browser(), email)).toMatchObject({ kind: 'signed-in' })
  })

  test('do not exceed the limit when requests arrive concurrently', async () => {
    const email = address()
    const begun = await Promise.all(Array.from({ length: 100 }, () => beginSignIn(browser(), email)))
    expect(begun.filter(({ kind }) => kind === 'sent')).toHaveLength(firstCodesToAddress)
  })

  test('in an enrolment are limited per cardholder, across addresses and browsers', async () => {
    const { letters } = await makeActivationCodes(['hanako'])
    const [one, other] = [browser(), browser()]
    for (const who of [one, other]) await beginEnrolment(who, letters[0]?.activationCode ?? '')
    await sendProof(one, 'sms')
    await at.deliver()
    await proveByCode(one, codeIn(sms.taken))
    // The code of the second proof is counted as well.
    for (let sent = 1; sent < limits.enrolmentSends.most; sent++) {
      expect(await giveAddress(one, address())).toEqual({ kind: 'sent' })
      await giveAnotherAddress(one)
    }
    expect(await giveAddress(one, address())).toMatchObject({ kind: 'limited' })
    expect(await sendProof(other, 'sms')).toMatchObject({ kind: 'limited' })
  })

  test('in enrolments are limited per network', async () => {
    const { letters } = await makeActivationCodes(['hanako'])
    const who = browser()
    await beginEnrolment(who, letters[0]?.activationCode ?? '')
    await sendProof(who, 'sms')
    await at.sql`update tallies set count = ${limits.codesFromNetwork.most} where name = 'codesFromNetwork'`
    expect(await sendProof(who, 'sms')).toMatchObject({ kind: 'limited' })
  })
})

describe('an address without an account', () => {
  const fullWidth = (text: string) => text.replace(/[!-~]/g, each => String.fromCodePoint(each.charCodeAt(0) + 0xfee0))

  test('gets the same answers as one with an account, attempt by attempt and in every spelling', async () => {
    const { email } = await enrolled()
    const answers = async (typed: string) => {
      const network = token()
      const heard: unknown[] = []
      for (const spell of [typed, typed.toUpperCase(), fullWidth(typed), ` ${fullWidth(typed.toUpperCase())}`])
        for (let begun = 0; begun < 2; begun++) {
          const who = browser(network)
          heard.push(await beginSignIn(who, spell))
          for (let tries = 0; tries < 3; tries++) heard.push(await signInByCode(who, device(), '000000'))
        }
      return heard
    }
    const known = await answers(email)
    expect(await answers(address())).toEqual(known)
    expect(known).toContainEqual(expect.objectContaining({ kind: 'limited' }))
  })
})

test('an enrolment that waits for the lock on wrong codes holds no lock on the text message counters', async () => {
  const { email } = await enrolled()
  await fail(token(), email, 1)
  // Another enrolment of the same cardholder, up to its last step.
  const who = browser()
  const { letters } = await makeActivationCodes(['hanako'])
  await beginEnrolment(who, letters[0]?.activationCode ?? '')
  await sendProof(who, 'sms')
  await at.deliver()
  await proveByCode(who, codeIn(sms.taken))
  await giveAddress(who, email)
  await at.deliver()
  await confirmAddress(who, codeIn(at.mailbox.mails))
  const { agreeing } = await at.sql.begin(async tx => {
    await tx`select subject from consecutive_failures for update`
    const agreeing = agree(who, device(), '2026-11-01')
    await until(async () => (await waitingForLocks()) > 0)
    // A sign-in on a new device does the same once its code was right. `nowait`, because a deadlock would hang the
    // test.
    await tx`select name from tallies where name = 'sms.day' for update nowait`
    return { agreeing }
  })
  expect(await agreeing).toMatchObject({ kind: 'enrolled' })
})

async function waitingForLocks(): Promise<number> {
  const [row] = await at.sql`select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  return row?.count ?? 0
}

test('a wrong code before the right one costs one attempt', async () => {
  const { email } = await enrolled()
  const who = browser()
  await beginSignIn(who, email)
  await at.deliver()
  const code = codeIn(at.mailbox.mails)
  expect(await signInByCode(who, device(), otherThan(code))).toEqual({
    kind: 'code-wrong',
    attemptsLeft: codeAttempts - 1,
  })
  expect(await signInByCode(who, device(), code)).toMatchObject({ kind: 'signed-in' })
})
