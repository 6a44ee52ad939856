import type { Fault } from './check.ts'
import type { JsonObject } from './field.ts'
import type { Ending } from './outcome.ts'
import type { MessageVersion } from './version.ts'

/** acsUiType of the screens there are: 01 text, 05 HTML. */
export type UiType = '01' | '05'

/** EMV 3DS table A.10 acsRenderingType: 01 drawn by the SDK, 02 a page of ours. */
export type Rendering = {
  readonly acsInterface: '01' | '02'
  readonly acsUiTemplate: UiType
  /** 2.3.1; 01: the device is held upright. */
  readonly deviceUserInterfaceMode?: '01'
}

/**
 * Which screen a device is shown, by its deviceRenderOptions (checked before): text that the SDK draws in the device's
 * own way, or else HTML. Undefined when the device can show neither.
 */
export function renderingFor(deviceRenderOptions: JsonObject, version: MessageVersion): Rendering | undefined {
  const mode = version === '2.3.1' ? ({ deviceUserInterfaceMode: '01' } as const) : {}
  const { sdkInterface, sdkUiType } = deviceRenderOptions
  const shows = (type: UiType) => Array.isArray(sdkUiType) && sdkUiType.includes(type)
  if (sdkInterface !== '02' && shows('01')) return { acsInterface: '01', acsUiTemplate: '01', ...mode }
  if (sdkInterface !== '01' && shows('05')) return { acsInterface: '02', acsUiTemplate: '05', ...mode }
  return undefined
}

/** What the cardholder did on the screen, as a CReq tells it. */
export type AppAnswer =
  /** `trust`: and the shop is to be trusted. */
  | { readonly kind: 'typed'; readonly text: string; readonly trust?: boolean }
  | { readonly kind: 'resend' }
  | { readonly kind: 'language'; readonly language: 'ja' | 'en' }
  | { readonly kind: 'cancel'; readonly ending: Extract<Ending, 'cancelled' | 'sdk-timed-out' | 'sdk-failed'> }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }

/** challengeCancel → how the challenge ends; any other value is an error on the device. EMV 3DS table A.4. */
const cancelEndings = { '01': 'cancelled', '08': 'sdk-timed-out' } as const

/** Elements that carry an answer, by the screen that was shown. Those of other screens do not apply and are ignored. */
const answersTo = {
  '01': ['challengeDataEntry', 'challengeNoEntry', 'resendChallenge', 'challengeCancel'],
  '05': ['challengeHTMLDataEntry', 'challengeCancel'],
} as const

/** The answer in a CReq (its table has been checked) to the screen shown last. */
export function readAnswer(creq: JsonObject, shown: UiType, version: MessageVersion): AppAnswer {
  const given = answersTo[shown].filter(name => creq[name] !== undefined && creq[name] !== 'N')
  // Two answers to one question contradict each other.
  if (given.length > 1) return { kind: 'faulty', faults: given.map(field => ({ code: '203', field })) }
  switch (given[0]) {
    case 'challengeCancel':
      return {
        kind: 'cancel',
        ending: cancelEndings[creq.challengeCancel as keyof typeof cancelEndings] ?? 'sdk-failed',
      }
    case 'resendChallenge':
      return { kind: 'resend' }
    case 'challengeDataEntry':
      return { kind: 'typed', text: String(creq.challengeDataEntry), ...trustIn(creq) }
    case 'challengeHTMLDataEntry':
      return readForm(String(creq.challengeHTMLDataEntry))
    case 'challengeNoEntry':
      return { kind: 'typed', text: '' }
    default:
      // 2.1.0 has no other way to say that nothing was typed.
      if (shown === '01' && version === '2.1.0') return { kind: 'typed', text: '' }
      return { kind: 'faulty', faults: [{ code: '201', field: answersTo[shown][0] }] }
  }
}

/** The SDK's own box below whitelistingInfoText, in 2.3.1 trustListInfoText. */
function trustIn({ whitelistingDataEntry, trustListDataEntry }: JsonObject): { trust?: true } {
  return whitelistingDataEntry === 'Y' || trustListDataEntry === 'Y' ? { trust: true } : {}
}

/** The form of our HTML page, as the SDK takes it from the address the page was sent to. */
function readForm(entry: string): AppAnswer {
  const form = new URLSearchParams(entry.slice(entry.indexOf('?') + 1))
  switch (form.get('do')) {
    case 'resend':
      return { kind: 'resend' }
    case 'ja':
      return { kind: 'language', language: 'ja' }
    case 'en':
      return { kind: 'language', language: 'en' }
    case 'cancel':
      return { kind: 'cancel', ending: 'cancelled' }
    default:
      return { kind: 'typed', text: form.get('code') ?? '', ...(form.get('trust') === 'yes' && { trust: true }) }
  }
}
