import type { Restriction } from '#domain/contact/code-recipients.ts'
import { contactPolicy, restrictionHours } from '#domain/contact/policy.ts'
import { selectKeyOf } from '#domain/emv/app-answer.ts'
import type { Information, NativeOutOfBand, NativeSelect, NativeText, NativeWords } from '#domain/emv/app-cres.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { offersOf, type Selection, sendsCode } from '#domain/methods/selection.ts'
import { accountAddress } from '../../challenge/account-address.ts'
import type { Offered } from '../../methods/offered.ts'
import { config } from '../../platform/config.ts'
import { words } from '../../platform/words.ts'
import type { OutOfBand } from './out-of-band.ts'
import { factsOf, type Shown } from './shown.ts'

// Screens that the SDK lays out. Lengths are those of EMV 3DS table A.1; a test checks the text of both languages
// against them.

/** UI type 01: the cardholder enters a code. */
export function textScreen(shown: Shown, version: MessageVersion, otherMethod: boolean): NativeText {
  const { language, sent, trust, validUntil } = shown
  const say = words(language)
  return {
    acsUiType: '01',
    ...wordsOf(shown, say('challenge.code.heading'), [sent, say('challenge.code.hint', { time: validUntil })]),
    ...codeField(say('app.codeLabel'), version),
    submitAuthenticationLabel: say('challenge.code.continue'),
    resendInformationLabel: say('challenge.code.resend'),
    ...(otherMethod && { challengeAddLabel: say('challenge.choice.other') }),
    ...trustBox(trust, version),
  }
}

/** The field for the code. 2.3.1 describes it in an element of its own, and has no other label on this screen. */
function codeField(label: string, version: MessageVersion) {
  if (version !== '2.3.1') return { challengeInfoLabel: label }
  return {
    challengeEntryBox: {
      challengeDataEntryLabel: label,
      challengeDataEntryKeyboardType: '01',
      challengeDataEntryAutofill: 'Y',
      challengeDataEntryAutofillType: '01',
    },
  } as const
}

/** The SDK's own checkbox for trusting the merchant; 2.1.0 does not have one. */
function trustBox(text: string | undefined, version: MessageVersion) {
  if (text === undefined || version === '2.1.0') return {}
  return version === '2.3.1' ? { trustListInfoText: upTo(64, text) } : { whitelistingInfoText: upTo(64, text) }
}

/** UI type 02: choice of one method; or 03: of one or several contacts for a code. */
export function selectScreen(shown: Shown, acsUiType: '02' | '03', { methods, destinations }: Offered): NativeSelect {
  const say = words(shown.language)
  const label = ([method, another]: Selection) => {
    if (!method || another) return say('app.methods.several')
    return upTo(45, say(`app.methods.${method}`, { destination: destinations[method] ?? '' }))
  }
  const offers = acsUiType === '02' ? offersOf(methods) : methods.filter(sendsCode).map(id => [id])
  return {
    acsUiType,
    ...wordsOf(shown, say('challenge.choice.heading'), [say(acsUiType === '02' ? 'app.select' : 'app.selectSeveral')]),
    challengeInfoLabel: say('app.selectLabel'),
    challengeSelectInfo: offers.map(offer => ({ [selectKeyOf(offer)]: label(offer) })),
    submitAuthenticationLabel: say('challenge.code.continue'),
  }
}

/**
 * UI type 04: the cardholder answers out of band. `appURL`: address that the device may open; `codes`: a code can be sent
 * instead.
 */
export function outOfBandScreen(
  shown: Shown,
  place: OutOfBand,
  appURL: string | undefined,
  codes: boolean,
): NativeOutOfBand {
  const say = words(shown.language)
  return {
    acsUiType: '04',
    ...wordsOf(shown, place.heading, [place.ask], place),
    oobContinueLabel: say('app.answered'),
    ...(appURL && { oobAppURL: appURL, oobAppLabel: place.openLabel }),
    ...(codes && { challengeAddLabel: say('challenge.approval.codes') }),
  }
}

/**
 * UI type 07 (2.3.1): the reason for a refusal, shown in the app before it returns to the merchant. Undefined after
 * success, and for outcomes that the cardholder chose.
 */
export function informationAbout(outcome: Outcome, language: Shown['language']): Information | undefined {
  const told = explainedOutcomes[outcome]
  if (!told) return undefined
  const say = words(language)
  const values = { ...restrictionHours, days: contactPolicy.businessDays, address: accountAddress(language) }
  return {
    acsUiType: '07',
    challengeInfoHeader: say(`challenge.ended.${told}`),
    challengeInfoText: upTo(350, say(`challenge.ended.${told}Next`, values)),
    infoContinueLabel: say('challenge.code.continue'),
  }
}

/** Outcomes that are explained, with the key of the window's text for them. */
const explainedOutcomes: Partial<
  Record<
    Outcome,
    'attempts-spent' | 'locked' | 'failed' | 'sms-limited' | 'device-needed' | 'unavailable' | Restriction
  >
> = {
  'attempts-spent': 'attempts-spent',
  locked: 'locked',
  'email-recently-changed': 'email-recently-changed',
  'number-stopped': 'number-stopped',
  'report-open': 'report-open',
  'device-needed': 'device-needed',
  reported: 'unavailable',
  'delivery-failed': 'failed',
  'sms-limited': 'sms-limited',
  'card-stolen': 'unavailable',
  'card-closed': 'unavailable',
  'card-expired': 'unavailable',
}

/** The text of a screen: the notice, the question and the purchase. */
function wordsOf(
  shown: Shown,
  header: string,
  asked: readonly string[],
  place?: Pick<OutOfBand, 'why' | 'helpLabel' | 'help'>,
): NativeWords {
  const { language, notice, wrong, personalMessage } = shown
  const say = words(language)
  const issuer = config().issuer.brand.issuer[language]
  const facts = factsOf(shown).map(([name, value]) => say('app.fact', { name, value }))
  const text = [notice, ...asked, ...facts].filter(Boolean).join('\n')
  const withPersonalMessage =
    personalMessage && `${text}\n${say('app.fact', { name: say('challenge.personalMessage'), value: personalMessage })}`
  return {
    challengeInfoHeader: header,
    // The personal message is shown whole or left out.
    challengeInfoText:
      withPersonalMessage && [...withPersonalMessage].length <= 350 ? withPersonalMessage : upTo(350, text),
    ...(wrong && { challengeInfoTextIndicator: 'Y' as const }),
    whyInfoLabel: say('app.whyLabel'),
    whyInfoText: upTo(256, place?.why ?? say('app.why', { issuer })),
    expandInfoLabel: place?.helpLabel ?? say('challenge.help.summary'),
    expandInfoText: upTo(256, place?.help ?? say('app.help', { issuer })),
  }
}

function upTo(most: number, text: string): string {
  return [...text].slice(0, most).join('')
}
