import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Screens } from '#domain/emv/app-screens.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount, formatMoney } from '#domain/kernel/money.ts'
import { formatClock } from '#domain/kernel/time.ts'
import { methodIds } from '#domain/methods/registry.ts'
import type { TrustOffer } from '../../challenge/trust.ts'
import type { Offered } from '../../methods/offered.ts'
import { words } from '../../platform/words.ts'

/** What decides over the next screen, besides the challenge. */
export interface ScreenFacts {
  readonly lastFour: string
  readonly personalMessage: string | undefined
  /** Up to which amount the merchant could be trusted; undefined: not offered. */
  readonly trust: TrustOffer | undefined
  readonly proofs: readonly Pick<ProofRow, 'method' | 'state' | 'destination'>[]
  readonly screens: Screens
  /** Of use where something is offered. */
  readonly offered: Offered
  /** The device can open an address that is not its app's own. */
  readonly opensApps: boolean
}

/** What a screen in an app tells, whatever it asks: the same as the window in a browser. */
export interface Shown {
  readonly language: Language
  /** What went wrong or well; empty when there is nothing to say. */
  readonly notice: string
  /** The notice is about what was typed or chosen. */
  readonly wrong: boolean
  /** Where the code went. */
  readonly sent: string
  readonly merchant: string
  /** Empty where a non-payment has none. */
  readonly amount: string
  readonly lastFour: string
  /** What the cardholder chose to know us by. */
  readonly personalMessage: string | undefined
  /** What could be ticked about the merchant; undefined: nothing. */
  readonly trust: string | undefined
  readonly trustWanted: boolean
  /** Time of day: until when the code is good. */
  readonly validUntil: string
  /** Time of day: until when the screen waits. */
  readonly waitsUntil: string
}

export function toShown(
  row: ChallengeRow,
  { lastFour, personalMessage, trust, proofs }: Pick<ScreenFacts, 'lastFour' | 'personalMessage' | 'trust' | 'proofs'>,
): Shown {
  const { language, purchase } = row
  const { merchantName, amount, currency, exponent } = purchase
  const notice = row.notice ?? 'code-sent'
  const counts = {
    left: Math.max(0, policy.codeAttempts - row.attempts),
    digits: policy.codeDigits,
    seconds: policy.resendAfter / 1000,
  }
  return {
    language,
    notice: notice === 'code-sent' ? '' : words(language)(`challenge.notice.${notice}`, counts),
    wrong: !told.includes(notice),
    sent: sentTo(language, proofs),
    merchant: oneLine(merchantName),
    amount: amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : '',
    lastFour,
    personalMessage,
    trust:
      trust &&
      words(language)(trust.needsSms ? 'challenge.trustBySms' : 'challenge.trust', {
        amount: formatMoney(trust.limit, currency ?? '', language),
      }),
    trustWanted: row.trustWanted,
    validUntil: formatClock(row.codeExpiresAt ?? 0, language),
    waitsUntil: formatClock(row.deadlineAt ?? 0, language),
  }
}

/** Notices that are about nothing that was typed or chosen wrongly. */
const told = ['code-sent', 'code-resent', 'resend-too-soon', 'sends-spent', 'codes-spent']

/** Merchant, amount and card, each with its name. */
export function factsOf({ language, merchant, amount, lastFour }: Shown): readonly (readonly [string, string])[] {
  const say = words(language)
  return [
    [say('challenge.purchase.merchant'), merchant],
    ...(amount ? [[say('challenge.purchase.amount'), amount] as const] : []),
    [say('challenge.purchase.card'), say('challenge.purchase.cardEnding', { lastFour })],
  ]
}

function sentTo(language: Language, proofs: ScreenFacts['proofs']): string {
  const destinations = methodIds.flatMap(id => {
    const proof = proofs.find(({ method, state }) => method === id && state !== 'withdrawn')
    return proof?.destination ?? []
  })
  const [one = '', other] = destinations
  const digits = policy.codeDigits
  return other
    ? words(language)('challenge.code.sentToBoth', { destination: one, other, digits })
    : words(language)('challenge.code.sentTo', { destination: one, digits })
}

/** A merchant's name is one line and turns no other around. */
function oneLine(name: string): string {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ').trim()
}
