import { windowOf } from '#domain/account/policy.ts'
import type { Counted } from '#domain/challenge/card-limits.ts'
import { type ChallengeLimit, policy } from '#domain/challenge/policy.ts'
import { readCrockfordCode } from '#domain/code/crockford-code.ts'
import type { Instant } from '#domain/kernel/instant.ts'

// The facts by which a cardholder without a contact proves who they are in the window: the issuer knows them, and no
// checkout asks for them. A birthday alone is no secret, so it is only ever the second fact.

type FirstFact = 'activation-code' | 'debit-account'
export type Fact = FirstFact | 'date-of-birth'

/** Two facts as the cardholder entered them. */
export interface Facts {
  readonly first: { readonly kind: FirstFact; readonly value: string }
  /** YYYY-MM-DD. */
  readonly dateOfBirth: string
}

export interface TypedFacts {
  readonly first: string
  readonly year: string
  readonly month: string
  readonly day: string
}

export type ReadFacts =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'facts-missing' | 'fact-malformed' | 'birth-malformed' }

/**
 * Reads two facts as people type them: four digits are those of the debit account, anything else the activation code of
 * a letter. What cannot be a fact is not compared, and uses up no try.
 */
export function readFacts({ first, year, month, day }: TypedFacts): ReadFacts {
  const [account, ...birth] = [first, year, month, day].map(plain)
  if (!account || birth.some(part => part === '')) return { kind: 'facts-missing' }
  const digits = /^[0-9]{4}$/.test(account)
  const code = digits ? undefined : readCrockfordCode(first)
  if (!digits && !code) return { kind: 'fact-malformed' }
  const dateOfBirth = dateOf(birth)
  if (!dateOfBirth) return { kind: 'birth-malformed' }
  const known = code ? { kind: 'activation-code', value: code } : { kind: 'debit-account', value: account }
  return { kind: 'facts', facts: { first: known as Facts['first'], dateOfBirth } }
}

/** Full-width digits and blanks are what Japanese keyboards produce. `longest`: more is no fact of anybody's. */
function plain(typed: string): string {
  const longest = 60
  return typed
    .slice(0, longest)
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
}

function dateOf(parts: readonly string[]): string | undefined {
  const [year = '', month = '', day = ''] = parts
  if (!/^[0-9]{4}$/.test(year) || ![month, day].every(part => /^[0-9]{1,2}$/.test(part))) return undefined
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined
}

/** Whether two facts can be asked for: a birthday, and one that is no birthday. */
export function areEnough(held: ReadonlySet<Fact>): boolean {
  return held.has('date-of-birth') && (held.has('debit-account') || held.has('activation-code'))
}

export type FactsLimit = Extract<ChallengeLimit, `facts${string}`>

/** What has been counted before a try. */
export interface FactsCounted {
  /** Wrong facts of the cardholder since the issuer last allowed them anew. */
  readonly wrongEver: number
  /** In the current windows of the limits. */
  readonly counted: readonly Counted<FactsLimit>[]
}

/** Whether facts of a cardholder may be entered. */
export type FactsEntry =
  /** `left`: how many tries the cardholder has; a limit over all cardholders may come first. */
  | { readonly kind: 'permitted'; readonly left: number }
  | { readonly kind: 'limited'; readonly until: Instant }
  /** Until the issuer allows it. */
  | { readonly kind: 'stopped' }

export function judgeFacts({ wrongEver, counted }: FactsCounted, now: Instant): FactsEntry {
  if (wrongEver >= policy.wrongFactsEver) return { kind: 'stopped' }
  const spent = counted.filter(({ limit, count }) => count >= policy.limits[limit].most)
  if (spent.length > 0) {
    return {
      kind: 'limited',
      until: Math.max(...spent.map(({ limit }) => windowOf(policy.limits[limit].window, now).endsAt)),
    }
  }
  const today = counted.find(({ limit }) => limit === 'factsOfCardholder')?.count ?? 0
  return {
    kind: 'permitted',
    left: Math.min(policy.limits.factsOfCardholder.most - today, policy.wrongFactsEver - wrongEver),
  }
}
