import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { formatAmount, formatClock, formatMoney } from '#domain/challenge/purchase.ts'
import { words } from '../../words.ts'
import type { Asked } from './screens.ts'

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
  readonly greeting: string | undefined
  /** What could be ticked about the shop; undefined: nothing. */
  readonly trust: string | undefined
  readonly trustWanted: boolean
  /** Time of day: until when the code is good. */
  readonly validUntil: string
  /** Time of day: until when the screen waits. */
  readonly waitsUntil: string
}

export function toShown(
  row: ChallengeRow,
  { lastFour, greeting, trustLimit }: Pick<Asked, 'lastFour' | 'greeting' | 'trustLimit'>,
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
    sent: sentTo(row),
    merchant: oneLine(merchantName),
    amount: amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : '',
    lastFour,
    greeting,
    trust:
      trustLimit === undefined
        ? undefined
        : words(language)('challenge.trust', { amount: formatMoney(trustLimit, currency ?? '', language) }),
    trustWanted: row.trustWanted,
    validUntil: formatClock(row.codeExpiresAt?.getTime() ?? 0, language),
    waitsUntil: formatClock(row.deadlineAt?.getTime() ?? 0, language),
  }
}

/** Notices that are about nothing that was typed or chosen wrongly. */
const told = ['code-sent', 'code-resent', 'resend-too-soon', 'sends-spent', 'codes-spent']

/** Shop, amount and card, each with its name. */
export function factsOf({ language, merchant, amount, lastFour }: Shown): readonly (readonly [string, string])[] {
  const say = words(language)
  return [
    [say('challenge.purchase.merchant'), merchant],
    ...(amount ? [[say('challenge.purchase.amount'), amount] as const] : []),
    [say('challenge.purchase.card'), say('challenge.purchase.cardEnding', { lastFour })],
  ]
}

function sentTo({ language, destination, destinationMobile }: ChallengeRow): string {
  const [one = '', other] = [destination, destinationMobile].flatMap(each => each ?? [])
  const digits = policy.codeDigits
  return other
    ? words(language)('challenge.code.sentToBoth', { destination: one, other, digits })
    : words(language)('challenge.code.sentTo', { destination: one, digits })
}

/** A merchant's name is one line and turns no other around. */
function oneLine(name: string): string {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ').trim()
}
