import { accountPolicy } from './policy.ts'

// Decides whether a one-time code of the account may be entered now. Wrong codes are charged first to the network,
// browser or session that entered them, and only then to the account, so that a stranger cannot use up the owner's
// attempts. docs/limits.md has the numbers and probabilities.

/**
 * Attempt budgets that are counted separately. A stranger can only use up the first: the others need a browser that has
 * signed in to this account some days ago (`deviceEstablishedAfter`), or a session. An attacker who reads the mailbox can
 * get a session, but not at once one of an established browser.
 */
export type AttemptBudget = 'unknown-browser' | 'known-browser' | 'session' | 'established-session'

/** Wrong codes since the last right one. Times in milliseconds. */
export interface Failures {
  readonly count: number
  readonly lastAt: number
}

/** The facts known before a code is compared. */
export interface AttemptFacts {
  readonly budget: AttemptBudget
  /** For this account and attempt budget. */
  readonly inARow: Failures
  /** Wrong codes for this account within the hour by this network, known browser or session. */
  readonly byOne: number
  /**
   * Wrong codes within the hour by unknown browsers, over all accounts: from this network, and in the whole deployment.
   */
  readonly fromNetwork: number
  readonly ofDeployment: number
  /** When the counts of the hour are reset. */
  readonly hourEndsAt: number
}

export type Attempt =
  | { readonly kind: 'permitted' }
  | { readonly kind: 'limited'; readonly until: number }
  /** No code is accepted for this account and budget until a strong authentication succeeds. */
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
 * NIST SP 800-63B-4, 3.2.2: at most 100 consecutive failures. Known and unknown browsers share that limit because both
 * authenticate with the same factor; so do the two kinds of session.
 */
export function mostInARow(budget: AttemptBudget): number {
  const { mostInARow, keptForKnownBrowsers } = accountPolicy.wrongCodes
  const isKept = budget === 'known-browser' || budget === 'established-session'
  return isKept ? keptForKnownBrowsers : mostInARow - keptForKnownBrowsers
}

/** How long (milliseconds) no code may be entered after this many wrong codes in a row. */
export function pauseFor(inARow: number): number {
  return accountPolicy.wrongCodes.pauses.findLast(({ from }) => inARow >= from)?.pause ?? 0
}

function isSpent({ budget, byOne, fromNetwork, ofDeployment }: AttemptFacts): boolean {
  const { limits, wrongCodes } = accountPolicy
  if (byOne >= limits.wrongCodesByOne.most) return true
  if (budget !== 'unknown-browser') return false
  if (fromNetwork >= limits.wrongCodesFromNetwork.most) return true
  // A carrier's customers share an IP address: in a busy network only those accounts wait that have failed there
  // themselves.
  const busy = fromNetwork >= wrongCodes.busyNetwork || ofDeployment >= limits.wrongCodes.most
  return busy && byOne > 0
}

/** The facts known when a code is requested. Each count includes this request. */
export interface SendFacts {
  /** An enrolment, begun with the code of a letter, has separate budgets. */
  readonly budget: AttemptBudget | 'enrolment'
  /** Codes for this address within the hour, requested by this network, known browser, session or enrolment. */
  readonly byOne: number
  /** Codes for this address within the hour, in this budget. */
  readonly toAddress: number
  /** Codes within the hour, requested by this cardholder's enrolments, over all addresses. */
  readonly ofEnrolments: number
  /** Codes within the hour, requested by unknown browsers or enrolments in this network, over all addresses. */
  readonly fromNetwork: number
}

/** Whether a code may be sent. A refusal lasts until the end of the hour. */
export function maySend({ budget, byOne, toAddress, ofEnrolments, fromNetwork }: SendFacts): boolean {
  const { limits, busyCodesFromNetwork, firstCodesToAddress } = accountPolicy
  const isFirst = byOne === 1
  // A few networks must not be able to lock the owner out of every new browser.
  const mostToAddress = budget === 'unknown-browser' && isFirst ? firstCodesToAddress : limits.codesToAddress.most
  if (byOne > limits.codesByOne.most || toAddress > mostToAddress) return false
  if (ofEnrolments > limits.enrolmentSends.most) return false
  if (budget !== 'unknown-browser' && budget !== 'enrolment') return true
  return fromNetwork <= limits.codesFromNetwork.most && (isFirst || fromNetwork <= busyCodesFromNetwork)
}
