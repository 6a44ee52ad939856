import { database, type Queryable, transaction } from '#db/client.ts'
import { accountOf, noCardholder } from '#db/queries/accounts.ts'
import { knowsDevice } from '#db/queries/sessions.ts'
import {
  addFailure,
  addToTallies,
  addToTally,
  clearFailures,
  lockFailures,
  readFailures,
  readTallies,
  type TallyKey,
} from '#db/queries/tallies.ts'
import { type Attempt, type AttemptBudget, judgeAttempt, maySend, type SendFacts } from '#domain/account/attempts.ts'
import { accountPolicy, type LimitName, windowOf } from '#domain/account/policy.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { limited, type Permission, subjectHmac, tallyKey } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { signInContext } from './sign-in-address.ts'
import type { Visitor } from './visitor.ts'

// Limits on the one-time codes of the account. The rules are in domain/account/attempts.ts. Addresses that can sign in
// and addresses that cannot are counted alike, so that the limits do not reveal which is which.

/** The browser or session that asks for a code or enters one. */
export interface Attempter {
  readonly budget: AttemptBudget
  /** Identifies it within its attempt budget: the network, the token that the browser keeps, or the session. */
  readonly one: string
}

/** `cardholderId`: the owner of the address or number, if it has one. */
export async function attempterOf(
  { visit, network, device, session }: Visitor,
  purpose: 'sign-in' | 'confirm',
  cardholderId: string | null | undefined,
): Promise<Attempter> {
  const { deviceKnownFor, deviceEstablishedAfter } = accountPolicy
  const before = (time: number) => now() - time
  const owner = cardholderId ?? noCardholder
  const known = await knowsDevice(
    database(),
    owner,
    sha256(device ?? ''),
    before(deviceKnownFor),
    before(deviceEstablishedAfter),
  )
  if (purpose === 'confirm') return { budget: known ? 'established-session' : 'session', one: session ?? visit }
  return known && device !== undefined
    ? { budget: 'known-browser', one: device }
    : { budget: 'unknown-browser', one: network }
}

/** An enrolment that asks for a code. */
interface Enrolling {
  readonly budget: 'enrolment'
  readonly one: string
  readonly network: string
  readonly cardholderId: string
}

/**
 * Counts a code that is about to be sent. The narrowest limit comes first, and a refused code is removed from every
 * count, so a flood of refused requests cannot use up the limits that others share.
 */
export async function countSend(
  asker: Attempter | Enrolling,
  channel: 'email' | 'sms',
  to: string,
): Promise<Permission> {
  const at = now()
  const { budget, one } = asker
  const ofEnrolments = asker.budget === 'enrolment' ? asker.cardholderId : undefined
  const network = asker.budget === 'enrolment' ? asker.network : asker.budget === 'unknown-browser' ? one : undefined
  const limits: readonly (readonly [keyof SendFacts, LimitName, string])[] = [
    ['byOne', 'codesByOne', `${budget}\0${one}\0${channel}\0${to}`],
    ...(ofEnrolments === undefined ? [] : [['ofEnrolments', 'enrolmentSends', ofEnrolments] as const]),
    ['toAddress', 'codesToAddress', `${budget}\0${channel}\0${to}`],
    ...(network === undefined ? [] : [['fromNetwork', 'codesFromNetwork', `${budget}\0${network}`] as const]),
  ]
  const counted: TallyKey[] = []
  let facts: SendFacts = { budget, byOne: 0, toAddress: 0, ofEnrolments: 0, fromNetwork: 0 }
  for (const [fact, name, subject] of limits) {
    const { window } = accountPolicy.limits[name]
    const key = await tallyKey(name, subject, window, at)
    counted.push(key)
    facts = { ...facts, [fact]: await addToTally(key) }
    if (maySend(facts)) continue
    await addToTallies(database(), counted, -1)
    return limited(name, windowOf(window, at).endsAt)
  }
  return { kind: 'permitted' }
}

/**
 * The subject of the count of wrong codes: when signing in, the address, whether or not it has an account; otherwise
 * the signed-in cardholder.
 */
export function accountKey(
  purpose: 'sign-in' | 'confirm',
  to: string,
  cardholderId: string | null | undefined,
): string {
  return purpose === 'sign-in' ? addressKey(to) : cardholderKey(cardholderId ?? '')
}

const addressKey = (address: string) => `sign-in\0${address}`
const cardholderKey = (cardholderId: string) => `cardholder\0${cardholderId}`

/**
 * Whether a code would be compared at this moment. Counts nothing. It is called before a code is sent, so that no code
 * leaves that could not be entered.
 */
export async function previewAttempt(trier: Attempter, account: string): Promise<Attempt> {
  const at = now()
  const subject = await subjectHmac('attempts', account)
  const tallies = await talliesFor(trier, account, at)
  const [inARow, counts] = await Promise.all([readFailures(subject, trier.budget), readTallies(tallies)])
  return judge(trier, inARow, counts, at)
}

/**
 * Counts a code as wrong before it is compared, in a transaction of its own, so that a burst of codes uses one attempt
 * per code. A code that may not be compared is not counted.
 */
export function countAttempt(trier: Attempter, account: string): Promise<Attempt> {
  return transaction(async tx => {
    const subject = await subjectHmac('attempts', account)
    const inARow = await lockFailures(tx, subject, trier.budget, now())
    // Read again: it must be later than the transaction that held the lock before.
    const at = now()
    const tallies = await talliesFor(trier, account, at)
    const attempt = judge(trier, inARow, await addToTallies(tx, tallies, 0), at)
    if (attempt.kind !== 'permitted') {
      log.warn('code.not-compared', { kind: trier.budget, outcome: attempt.kind })
      return attempt
    }
    await addFailure(tx, subject, trier.budget, at)
    const counts = await addToTallies(tx, tallies, 1)
    if (counts.at(-1) === accountPolicy.limits.wrongCodes.most) log.warn('limit.reached', { kind: 'wrongCodes' })
    return attempt
  })
}

/** Takes back the count of a code that was right, and clears the wrong codes in a row. */
export async function forgiveAttempt(tx: Queryable, trier: Attempter, account: string): Promise<void> {
  await clearFailures(tx, [await subjectHmac('attempts', account)])
  await addToTallies(tx, await talliesFor(trier, account, now()), -1)
}

/**
 * Clears the wrong codes in a row of the whole account, because the cardholder has shown something stronger than a
 * code.
 */
export async function forgiveAccount(tx: Queryable, cardholderId: string): Promise<void> {
  const encrypted = (await accountOf(tx, cardholderId))?.signInEmail
  const address = encrypted && (await keys().decrypt('contact', encrypted, signInContext(cardholderId)))
  const accounts = [cardholderKey(cardholderId), ...(address ? [addressKey(address)] : [])]
  const unlocked = await clearFailures(tx, await Promise.all(accounts.map(account => subjectHmac('attempts', account))))
  if (unlocked) await audit(tx, { type: 'code-entry-unlocked', cardholderId })
}

async function talliesFor({ budget, one }: Attempter, account: string, at: number) {
  const key = (name: LimitName, subject: string) => tallyKey(name, subject, accountPolicy.limits[name].window, at)
  const byOne = key('wrongCodesByOne', `${budget}\0${one}\0${account}`)
  const unknown = budget === 'unknown-browser' ? [key('wrongCodesFromNetwork', one), key('wrongCodes', '')] : []
  return Promise.all([byOne, ...unknown])
}

function judge(
  { budget }: Attempter,
  inARow: Parameters<typeof judgeAttempt>[0]['inARow'],
  counts: number[],
  at: number,
) {
  const [byOne = 0, fromNetwork = 0, ofDeployment = 0] = counts
  const hourEndsAt = windowOf(accountPolicy.limits.wrongCodes.window, at).endsAt
  return judgeAttempt({ budget, inARow, byOne, fromNetwork, ofDeployment, hourEndsAt }, at)
}
