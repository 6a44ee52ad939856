import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import { codeDigits, codePolicy } from '#domain/code/policy.ts'
import type { Screens } from '#domain/emv/app-screens.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount, formatMoney } from '#domain/kernel/money.ts'
import { formatClock, formatTime } from '#domain/kernel/time.ts'
import { methodIds } from '#domain/methods/registry.ts'
import type { ShownRequest } from '../../approval/begin-request.ts'
import type { LimitsShown } from '../../challenge/card-limits.ts'
import type { TrustOffer } from '../../challenge/trust.ts'
import type { Offered } from '../../methods/offered.ts'
import { words } from '../../platform/words.ts'

/** What the next screen depends on besides the challenge. */
export interface ScreenFacts {
  readonly lastFour: string
  readonly personalMessage: string | undefined
  /** The amount up to which the merchant could be trusted; undefined where trust is not offered. */
  readonly trust: TrustOffer | undefined
  readonly limits: Pick<LimitsShown, 'attemptsLeft' | 'codesAgainAt'>
  readonly proofs: readonly Pick<ProofRow, 'method' | 'state' | 'destination'>[]
  readonly screens: Screens
  /** The newest request on the cardholder's devices, if there was one. */
  readonly request: ShownRequest | undefined
  /** Only used on screens that offer methods. */
  readonly offered: Offered
  /** Whether the device can open an address outside the merchant's app. */
  readonly opensApps: boolean
}

/** What every screen in an app shows, whatever its method: the same as the window in a browser. */
export interface Shown {
  readonly language: Language
  /** The notice; empty if there is nothing to report. */
  readonly notice: string
  /** Whether the notice is about an error in what was entered or chosen. */
  readonly wrong: boolean
  /** Where the code was sent. */
  readonly sent: string
  readonly merchant: string
  /** Empty for a non-payment without an amount. */
  readonly amount: string
  readonly lastFour: string
  /** The phrase that the cardholder chose, by which they recognise the real window. */
  readonly personalMessage: string | undefined
  /** Label of the checkbox for trusting the merchant; undefined: no checkbox. */
  readonly trust: string | undefined
  readonly trustWanted: boolean
  /** Time of day until which the code is valid. */
  readonly validUntil: string
  /** Time of day until which the screen waits. */
  readonly waitsUntil: string
}

export function toShown(
  row: ChallengeRow,
  {
    lastFour,
    personalMessage,
    trust,
    proofs,
    limits,
  }: Pick<ScreenFacts, 'lastFour' | 'personalMessage' | 'trust' | 'proofs' | 'limits'>,
): Shown {
  const { language, purchase } = row
  const { merchantName, amount, currency, exponent } = purchase
  const notice = row.notice ?? 'code-sent'
  const counts = {
    left: limits.attemptsLeft,
    digits: codeDigits,
    seconds: codePolicy.challenge.resendAfter / 1000,
    until: limits.codesAgainAt === undefined ? 'none' : 'known',
    time: limits.codesAgainAt === undefined ? '' : formatTime(limits.codesAgainAt, language),
  }
  return {
    language,
    notice: notice === 'code-sent' ? '' : words(language)(`challenge.notice.${notice}`, counts),
    wrong: !told.includes(notice),
    sent: sentTo(language, proofs),
    merchant: shownMerchantName(merchantName) || words(language)('challenge.purchase.unnamed'),
    amount: amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : '',
    lastFour,
    personalMessage,
    trust:
      trust &&
      words(language)(trust.needsSms ? 'app.trustBySms' : 'app.trust', {
        amount: formatMoney(trust.limit, currency ?? '', language),
      }),
    trustWanted: row.trustWanted,
    validUntil: formatClock(row.codeExpiresAt ?? 0, language),
    waitsUntil: formatClock(row.deadlineAt ?? 0, language),
  }
}

/** Notices that do not report an error in what was entered or chosen. */
const told = [
  'code-sent',
  'code-resent',
  'resend-too-soon',
  'resends-spent',
  'codes-spent',
  'codes-limited',
  'codes-stopped',
]

/** Merchant, amount and card, each with its label. */
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
  const digits = codeDigits
  return other
    ? words(language)('challenge.code.sentToBoth', { destination: one, other, digits })
    : words(language)('challenge.code.sentTo', { destination: one, digits })
}
