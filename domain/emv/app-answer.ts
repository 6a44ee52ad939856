import { type MethodId, methodIds, methods } from '#domain/methods/registry.ts'
import { anyCode, type Selection } from '#domain/methods/selection.ts'
import type { UiType } from './app-screens.ts'
import type { Fault } from './check.ts'
import type { JsonObject } from './field.ts'
import type { Outcome } from './outcome.ts'
import type { MessageVersion } from './version.ts'

/** The cardholder's action on a screen of an app, as a CReq reports it. */
export type AppAnswer =
  /** `trust`: the cardholder also asked to trust the merchant. */
  | { readonly kind: 'typed'; readonly text: string; readonly trust?: boolean }
  /** The selected offers: ids of methods, or `unknown` for any other key. */
  | { readonly kind: 'selected'; readonly chosen: readonly (MethodId | 'unknown')[] }
  /**
   * The cardholder continued after approving in the account. `byItself`: the SDK continued when the app came to the
   * foreground.
   */
  | { readonly kind: 'continued'; readonly byItself: boolean }
  /** The cardholder wants another method; the screen that was shown determines which. */
  | { readonly kind: 'other-method' }
  | { readonly kind: 'resend' }
  | { readonly kind: 'language'; readonly language: 'ja' | 'en' }
  | { readonly kind: 'cancel'; readonly outcome: Extract<Outcome, 'cancelled' | 'sdk-timed-out' | 'sdk-failed'> }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }

/** challengeCancel → outcome of the challenge; any other value is an error on the device. EMV 3DS table A.4. */
const cancelOutcomes = { '01': 'cancelled', '08': 'sdk-timed-out' } as const

/** The elements that carry an answer, by the screen that was shown. Elements of other screens are ignored. */
const answersTo = {
  '01': ['challengeDataEntry', 'challengeNoEntry', 'resendChallenge', 'challengeAddCode', 'challengeCancel'],
  '02': ['challengeDataEntry', 'challengeNoEntry', 'challengeCancel'],
  '03': ['challengeDataEntry', 'challengeNoEntry', 'challengeCancel'],
  '04': ['oobContinue', 'oobAppStatus', 'challengeAddCode', 'challengeCancel'],
  '05': ['challengeHTMLDataEntry', 'challengeCancel'],
  '06': ['challengeHTMLDataEntry', 'oobContinue', 'challengeCancel'],
  '07': ['infoContinueIndicator', 'challengeCancel'],
} as const satisfies Record<UiType, readonly string[]>

/** Reads the answer in a CReq to the screen shown last. The CReq has already been checked against its table. */
export function readAnswer(creq: JsonObject, shown: UiType, version: MessageVersion): AppAnswer {
  const given = answersTo[shown].filter(name => creq[name] !== undefined && creq[name] !== 'N')
  const selects = shown === '02' || shown === '03'
  // Two answers contradict each other; oobAppStatus, which says that the app could not be opened, is not an answer.
  const answers = given.length > 1 ? given.filter(name => name !== 'oobAppStatus') : given
  if (answers.length > 1) return { kind: 'faulty', faults: answers.map(field => ({ code: '203', field })) }
  switch (answers[0]) {
    case 'challengeCancel':
      return {
        kind: 'cancel',
        outcome: cancelOutcomes[creq.challengeCancel as keyof typeof cancelOutcomes] ?? 'sdk-failed',
      }
    case 'resendChallenge':
      return { kind: 'resend' }
    case 'challengeAddCode':
      return { kind: 'other-method' }
    case 'oobContinue':
      return { kind: 'continued', byItself: creq.oobContinue === '02' }
    case 'oobAppStatus':
    case 'infoContinueIndicator':
      return { kind: 'continued', byItself: true }
    case 'challengeDataEntry': {
      const entry = String(creq.challengeDataEntry)
      return selects ? { kind: 'selected', chosen: selected(entry) } : { kind: 'typed', text: entry, ...trustIn(creq) }
    }
    case 'challengeHTMLDataEntry':
      return readForm(String(creq.challengeHTMLDataEntry))
    case 'challengeNoEntry':
      return nothing(selects)
    default:
      // In 2.1.0 an app cannot report an empty entry in any other way.
      if (version === '2.1.0' && (shown === '01' || selects)) return nothing(selects)
      return { kind: 'faulty', faults: [{ code: codeForNoAnswer(shown, version), field: answersTo[shown][0] }] }
  }
}

/** Table A.16 of 2.3.1 has 203 for a native question that is answered by nothing; anything else is a missing element. */
function codeForNoAnswer(shown: UiType, version: MessageVersion): '201' | '203' {
  return version === '2.3.1' && ['01', '02', '03'].includes(shown) ? '203' : '201'
}

/** The checkbox that the SDK shows below whitelistingInfoText (2.3.1: trustListInfoText). */
function trustIn({ whitelistingDataEntry, trustListDataEntry }: JsonObject): { trust?: true } {
  return whitelistingDataEntry === 'Y' || trustListDataEntry === 'Y' ? { trust: true } : {}
}

function nothing(selects: boolean): AppAnswer {
  return selects ? { kind: 'selected', chosen: [] } : { kind: 'typed', text: '' }
}

/** The key of an offer in challengeSelectInfo, at most four characters. */
export function selectKeyOf(offer: Selection): string {
  const [method, another] = offer
  return method && !another ? methods[method].selectKey : severalKey
}

const severalKey = 'both'

/** One key, or several separated by commas. */
function selected(entry: string): (MethodId | 'unknown')[] {
  return entry.split(',').flatMap(given => {
    const key = given.trim()
    return key === severalKey ? anyCode : (methodIds.find(id => methods[id].selectKey === key) ?? 'unknown')
  })
}

/** The form of our HTML page, which the SDK passes on as the query of the address to which the page was submitted. */
function readForm(entry: string): AppAnswer {
  const form = new URLSearchParams(entry.slice(entry.indexOf('?') + 1))
  switch (form.get('do')) {
    case 'resend':
      return { kind: 'resend' }
    case 'continue':
      return { kind: 'continued', byItself: false }
    case 'other':
      return { kind: 'other-method' }
    case 'ja':
      return { kind: 'language', language: 'ja' }
    case 'en':
      return { kind: 'language', language: 'en' }
    case 'cancel':
      return { kind: 'cancel', outcome: 'cancelled' }
    default:
      return { kind: 'typed', text: form.get('code') ?? '', ...(form.get('trust') === 'yes' && { trust: true }) }
  }
}
