import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { formatAmount, formatClock, formatMoney } from '#domain/challenge/purchase.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Watched } from '#domain/contact/routes.ts'
import type { UiType } from '#domain/emv/app-answer.ts'
import type { AppScreen, Information, NativeText } from '#domain/emv/app-cres.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import { config } from '../../platform/config.ts'
import { words } from '../../words.ts'
import { codePage } from './code-page.ts'

/** What a screen in an app tells: the same as the window in a browser. */
export interface Shown {
  readonly language: Language
  /** What went wrong or well; empty when there is nothing to say. */
  readonly notice: string
  /** The notice is about what was typed. */
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
  /** Time of day. */
  readonly validUntil: string
}

/** The screen that asks for the code, as text that the SDK lays out or as a page of ours. */
export function screenFor(
  uiType: UiType,
  row: ChallengeRow,
  lastFour: string,
  greeting?: string,
  trustLimit?: bigint,
): AppScreen {
  const shown = toShown(row, lastFour, greeting, trustLimit)
  return uiType === '01'
    ? { ...nativeText(shown), ...trustBox(row, shown.trust) }
    : { acsUiType: '05', acsHTML: inBase64url(codePage(shown)) }
}

/**
 * UI type 07 (2.3.1): why it was no, said in the app itself before it leads back. Nothing for endings that the cardholder
 * chose, or that a success needs.
 */
export function informationAbout(ending: Ending, language: Language): Information | undefined {
  const told = informed[ending]
  if (!told) return undefined
  const say = words(language)
  return {
    acsUiType: '07',
    challengeInfoHeader: say(`challenge.ended.${told}`),
    challengeInfoText: upTo(
      350,
      say(`challenge.ended.${told}Next`, { hours: contactPolicy.newEmailWatched / 3_600_000 }),
    ),
    infoContinueLabel: say('challenge.code.continue'),
  }
}

/** Endings that are explained, and the words of the window for them. */
const informed: Partial<Record<Ending, 'tries-spent' | 'locked' | 'failed' | 'unavailable' | Watched>> = {
  'tries-spent': 'tries-spent',
  locked: 'locked',
  'email-too-new': 'email-too-new',
  guarded: 'guarded',
  reported: 'unavailable',
  'delivery-failed': 'failed',
  'card-stolen': 'unavailable',
  'card-closed': 'unavailable',
  'card-expired': 'unavailable',
}

function toShown(row: ChallengeRow, lastFour: string, greeting?: string, trustLimit?: bigint): Shown {
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
    wrong: notice.startsWith('code-') && notice !== 'code-sent' && notice !== 'code-resent',
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
  }
}

function sentTo({ language, destination, destinationMobile }: ChallengeRow): string {
  const [one = '', other] = [destination, destinationMobile].flatMap(each => each ?? [])
  const digits = policy.codeDigits
  return other
    ? words(language)('challenge.code.sentToBoth', { destination: one, other, digits })
    : words(language)('challenge.code.sentTo', { destination: one, digits })
}

/** A box of the SDK's own; 2.1.0 has none. */
function trustBox({ messageVersion }: ChallengeRow, text: string | undefined) {
  if (text === undefined || messageVersion === '2.1.0') return {}
  return messageVersion === '2.3.1' ? { trustListInfoText: upTo(64, text) } : { whitelistingInfoText: upTo(64, text) }
}

/** UI type 01. Lengths are those of EMV 3DS table A.1; a test holds the words of both languages to them. */
function nativeText(shown: Shown): NativeText {
  const { language, notice, wrong, sent, merchant, amount, lastFour, greeting, validUntil } = shown
  const say = words(language)
  const issuer = config().issuer.brand.issuer[language]
  const text = [
    notice,
    sent,
    say('challenge.code.hint', { time: validUntil }),
    say('app.fact', { name: say('challenge.purchase.merchant'), value: merchant }),
    amount && say('app.fact', { name: say('challenge.purchase.amount'), value: amount }),
    say('app.fact', {
      name: say('challenge.purchase.card'),
      value: say('challenge.purchase.cardEnding', { lastFour }),
    }),
  ].filter(Boolean)
  const greeted =
    greeting && [...text, say('app.fact', { name: say('challenge.greeting'), value: greeting })].join('\n')
  return {
    acsUiType: '01',
    challengeInfoHeader: say('challenge.code.heading'),
    // The greeting stands there whole or not at all.
    challengeInfoText: greeted && [...greeted].length <= 350 ? greeted : upTo(350, text.join('\n')),
    ...(wrong && { challengeInfoTextIndicator: 'Y' as const }),
    challengeInfoLabel: say('app.codeLabel'),
    submitAuthenticationLabel: say('challenge.code.continue'),
    resendInformationLabel: say('challenge.code.resend'),
    whyInfoLabel: say('app.whyLabel'),
    whyInfoText: upTo(256, say('app.why', { issuer })),
    expandInfoLabel: say('challenge.help.summary'),
    expandInfoText: upTo(256, say('app.help', { issuer })),
  }
}

function upTo(most: number, text: string): string {
  return [...text].slice(0, most).join('')
}

/** A merchant's name is one line and turns no other around. */
function oneLine(name: string): string {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ').trim()
}

function inBase64url(page: string): string {
  return Buffer.from(page, 'utf8').toString('base64url')
}
