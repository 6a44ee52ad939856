import { windowOf } from '#domain/account/policy.ts'
import { type ChallengeLimit, policy } from './policy.ts'

// Decides whether codes of a card may be sent and entered, and its owner asked on devices. Each is charged first to the
// browser, network and merchant that cause it, and only up to that to the card, so that a stranger who knows a card number
// cannot use up what its owner needs. docs/limits.md has the numbers and odds.

/**
 * Who enters codes. Strangers are unknown clients. An own browser is one in which the cardholder first succeeded some
 * days ago (`ownBrowserAfter`); it has counts of its own.
 */
export type Client = 'unknown-client' | 'own-browser'

export type SendLimit = Extract<ChallengeLimit, 'sendsByOne' | 'sendsOfCard'>
export type PushLimit = Extract<ChallengeLimit, `pushes${string}`>
export type WrongLimit = Extract<ChallengeLimit, `wrong${string}`>

/** How often a limit's subject has been counted in the current window, for each subject that the client has. */
export interface Counted<Limit extends ChallengeLimit> {
  readonly limit: Limit
  readonly count: number
}

export interface WrongFacts {
  readonly client: Client
  /** Wrong codes of the card in a row, by clients of this kind. */
  readonly inARow: number
  readonly counted: readonly Counted<WrongLimit>[]
}

/** Whether the client may enter a code of the card. */
export type CodeEntry =
  | { readonly kind: 'permitted' }
  | { readonly kind: 'limited'; readonly until: number }
  /** Until the cardholder has shown something stronger than a code, or the issuer has lifted the stop. */
  | { readonly kind: 'stopped' }

/** Whether a code may be compared now. */
export function judgeCode({ client, inARow, counted }: WrongFacts, now: number): CodeEntry {
  if (inARow >= mostInARow(client)) return { kind: 'stopped' }
  const ends = counted.filter(each => isSpent(each, counted)).map(({ limit }) => endOf(limit, now))
  return ends.length > 0 ? { kind: 'limited', until: Math.max(...ends) } : { kind: 'permitted' }
}

/** The same after one more wrong code. */
export function judgeAfterWrong({ client, inARow, counted }: WrongFacts, now: number): CodeEntry {
  const more = counted.map(({ limit, count }) => ({ limit, count: count + 1 }))
  return judgeCode({ client, inARow: inARow + 1, counted: more }, now)
}

/** How many wrong codes the client may still enter before codes are limited or stopped. */
export function wrongCodesLeft({ client, inARow, counted }: WrongFacts): number {
  const left = counted.flatMap(({ limit, count }) => (isHard(limit) ? [policy.limits[limit].most - count] : []))
  return Math.max(0, Math.min(mostInARow(client) - inARow, ...left))
}

/** NIST SP 800-63B-4, 3.2.2: at most 100 consecutive failures, which the two kinds of client share. */
export function mostInARow(client: Client): number {
  const { mostInARow, keptForOwnBrowsers } = policy.wrongCodes
  return client === 'own-browser' ? keptForOwnBrowsers : mostInARow - keptForOwnBrowsers
}

const overAllCards: readonly WrongLimit[] = ['wrongFromNetwork', 'wrongThroughMerchant', 'wrongOfDeployment']

/**
 * Limits over all cards refuse only clients that have failed at the card before: merchants report the network, so that
 * otherwise a merchant could lock out any network, and a stranger a whole merchant.
 */
function isHard(limit: WrongLimit): boolean {
  return !overAllCards.includes(limit)
}

function isSpent({ limit, count }: Counted<WrongLimit>, all: readonly Counted<WrongLimit>[]): boolean {
  const failedBefore = all.some(each => ['wrongByOne', 'wrongAtMerchant'].includes(each.limit) && each.count > 0)
  if (count >= policy.limits[limit].most) return isHard(limit) || failedBefore
  // A carrier's customers share an IP address: in a busy network only those cards wait that have failed from there.
  return limit === 'wrongFromNetwork' && count >= policy.wrongCodes.busyNetwork && failedBefore
}

/** Whether a code or an approval message may be sent. `until`: when the limit that forbids it ends. */
export type Sending = { readonly kind: 'permitted' } | { readonly kind: 'flooded'; readonly until: number }

export function judgeSend(counted: readonly Counted<SendLimit>[], now: number): Sending {
  const byOne = counted.filter(({ limit }) => limit === 'sendsByOne')
  // A few networks must not be able to keep the owner out of every unknown browser.
  const isFirst = byOne.every(({ count }) => count === 0)
  const most = (limit: SendLimit) =>
    limit === 'sendsOfCard' && isFirst ? policy.firstSendsOfCard : policy.limits[limit].most
  const spent = counted.filter(({ limit, count }) => count >= most(limit))
  if (spent.length === 0) return { kind: 'permitted' }
  return { kind: 'flooded', until: Math.max(...spent.map(({ limit }) => endOf(limit, now))) }
}

/** Whether the cardholder may be asked on a device. `until`: when the limit that forbids it ends. */
export type Pushing = { readonly kind: 'permitted' } | { readonly kind: 'limited'; readonly until: number }

/** No network gets a first request beyond the limits, as it gets a first code: where none is made, a code is sent. */
export function judgePush(counted: readonly Counted<PushLimit>[], now: number): Pushing {
  const spent = counted.filter(({ limit, count }) => count >= policy.limits[limit].most)
  if (spent.length === 0) return { kind: 'permitted' }
  return { kind: 'limited', until: Math.max(...spent.map(({ limit }) => endOf(limit, now))) }
}

function endOf(limit: ChallengeLimit, now: number): number {
  return windowOf(policy.limits[limit].window, now).endsAt
}
