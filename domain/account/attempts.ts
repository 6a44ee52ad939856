import { accountPolicy } from './policy.ts'

// Who may enter a one-time code of the account, and when. Wrong codes are charged to the one who enters them first, and only
// then to the account, so that a stranger cannot spend the tries of its owner. Numbers and odds: docs/limits.md.

/**
 * Budgets that are kept apart. Strangers reach the first alone: the others need a browser that has signed in to this account
 * before, or a session of it. A person who reads the mailbox reaches a session, and not one of an established browser.
 */
export type AttemptBudget = 'unknown-browser' | 'known-browser' | 'session' | 'established-session'

/** Wrong codes since the last right one. Times in milliseconds. */
export interface Failures {
  readonly count: number
  readonly lastAt: number
}

/** What is known before a code is compared. */
export interface AttemptFacts {
  readonly budget: AttemptBudget
  /** For this account in this lane. */
  readonly inARow: Failures
  /** Wrong codes for this account within the hour by this network, known browser or session. */
  readonly byOne: number
  /** Wrong codes within the hour by unknown browsers: of this network, and of the deployment, over all accounts. */
  readonly fromNetwork: number
  readonly ofDeployment: number
  /** When the counts of the hour begin anew. */
  readonly hourEndsAt: number
}

export type Attempt =
  | { readonly kind: 'permitted' }
  | { readonly kind: 'limited'; readonly until: number }
  /** No code opens this account in this lane until something stronger was shown. */
  | { readonly kind: 'stopped' }

/** Whether a code may be compared now. */
export function judgeAttempt(facts: AttemptFacts, now: number): Attempt {
  const { budget, inARow } = facts
  if (inARow.count >= mostInARow(budget)) return { kind: 'stopped' }
  const pause = pauseFor(inARow.count)
  const until = Math.max(pause > 0 ? inARow.lastAt + pause : 0, isSpent(facts) ? facts.hourEndsAt : 0)
  return until > now ? { kind: 'limited', until } : { kind: 'permitted' }
}

/**
 * NIST SP 800-63B-4, 3.2.2: at most 100 consecutive failures. Known and unknown browsers share them, for both show the same
 * factor; so do the two kinds of session.
 */
export function mostInARow(budget: AttemptBudget): number {
  const { mostInARow, keptForKnownBrowsers } = accountPolicy.wrongCodes
  const isKept = budget === 'known-browser' || budget === 'established-session'
  return isKept ? keptForKnownBrowsers : mostInARow - keptForKnownBrowsers
}

/** How long nothing may be entered after so many wrong codes in a row. */
export function pauseFor(inARow: number): number {
  return accountPolicy.wrongCodes.pauses.findLast(({ from }) => inARow >= from)?.pause ?? 0
}

function isSpent({ budget, byOne, fromNetwork, ofDeployment }: AttemptFacts): boolean {
  const { limits, wrongCodes } = accountPolicy
  if (byOne >= limits.wrongCodesByOne.most) return true
  if (budget !== 'unknown-browser') return false
  if (fromNetwork >= limits.wrongCodesFromNetwork.most) return true
  // A carrier's customers share an address: where many have failed, only one who has failed as well waits.
  const busy = fromNetwork >= wrongCodes.busyNetwork || ofDeployment >= limits.wrongCodes.most
  return busy && byOne > 0
}

/** What is known when a code is asked for; each count has this request in it. */
export interface SendFacts {
  /** An enrolment, which the code of a letter began, has budgets of its own as well. */
  readonly budget: AttemptBudget | 'enrolment'
  /** Codes for this address within the hour, asked for by this network, known browser, session or enrolment. */
  readonly byOne: number
  /** Codes for this address within the hour, in this lane. */
  readonly toAddress: number
  /** Codes within the hour, asked for by this cardholder's enrolments, over all addresses. */
  readonly ofEnrolments: number
  /** Codes within the hour, asked for by unknown browsers of this network or by enrolments there, over all addresses. */
  readonly fromNetwork: number
}

/** Whether a code may be sent; a refusal ends with the hour. */
export function maySend({ budget, byOne, toAddress, ofEnrolments, fromNetwork }: SendFacts): boolean {
  const { limits, busyCodesFromNetwork, firstCodesToAddress } = accountPolicy
  const isFirst = byOne === 1
  // A few networks must not keep every new browser of an owner out.
  const mostToAddress = budget === 'unknown-browser' && isFirst ? firstCodesToAddress : limits.codesToAddress.most
  if (byOne > limits.codesByOne.most || toAddress > mostToAddress) return false
  if (ofEnrolments > limits.enrolmentSends.most) return false
  if (budget !== 'unknown-browser' && budget !== 'enrolment') return true
  return fromNetwork <= limits.codesFromNetwork.most && (isFirst || fromNetwork <= busyCodesFromNetwork)
}
