import { counter } from './app-creq.ts'
import { always, array, base64url, type Field, object, opaque, text, url, uuid, values } from './field.ts'
import { messageExtension } from './message-extension.ts'
import type { TransactionIds } from './messages.ts'
import { type Outcome, transStatusForCRes } from './outcome.ts'

const image = object([
  { name: 'medium', is: url(2048, true) },
  { name: 'high', is: url(2048, true) },
  { name: 'extraHigh', is: url(2048, true) },
])

/** A screen the SDK draws itself: text, single select, multi select, out of band, information. */
const native = ['01', '02', '03', '04', '07'] as const
const whenHtml = [{ if: [{ field: 'acsUiType', is: ['05', '06'] }] }] as const
const whenNative = [{ if: [{ field: 'acsUiType', is: native }] }] as const
const whenSelecting = [{ if: [{ field: 'acsUiType', is: ['02', '03'] }] }] as const

/**
 * CRes of the app channel inside the JWE, EMV 3DS table B.4. Tests check the CRes of every screen against this table.
 */
export const appCRes: readonly Field[] = [
  { name: 'messageType', is: values('CRes'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'sdkTransID', is: uuid, required: always },
  { name: 'acsCounterAtoS', is: counter, required: always },
  { name: 'challengeCompletionInd', is: values('Y N'), required: always },
  {
    name: 'transStatus',
    is: values('Y N'),
    required: [{ if: [{ field: 'challengeCompletionInd', is: ['Y'] }] }],
  },
  {
    name: 'acsUiType',
    is: values('01 02 03 04 05', { '2.3.1': '06 07' }),
    required: [{ if: [{ field: 'challengeCompletionInd', is: ['N'] }] }],
  },
  { name: 'acsHTML', is: base64url(100_000), until: '2.2.0', required: whenHtml },
  { name: 'acsHTML', is: base64url(300_000), since: '2.3.1', required: whenHtml },
  { name: 'acsHTMLRefresh', is: base64url(100_000), until: '2.2.0' },
  { name: 'acsHTMLRefresh', is: base64url(300_000), since: '2.3.1' },
  { name: 'challengeInfoHeader', is: text(45), required: whenNative },
  { name: 'challengeInfoLabel', is: text(45), required: [{ if: [{ field: 'acsUiType', is: ['01'] }] }] },
  { name: 'challengeInfoText', is: text(350), required: whenNative },
  { name: 'challengeInfoTextIndicator', is: values('Y N') },
  { name: 'challengeAddInfo', is: text(256) },
  {
    name: 'challengeSelectInfo',
    // Each item is a key of up to four characters with a text of up to 45.
    is: array(opaque(100), 1, 8),
    required: whenSelecting,
  },
  {
    name: 'submitAuthenticationLabel',
    is: text(45),
    required: [{ if: [{ field: 'acsUiType', is: ['01', '02', '03'] }] }],
  },
  { name: 'resendInformationLabel', is: text(45) },
  { name: 'oobAppURL', is: text({ '2.1.0': 256, '2.2.0': 256, '2.3.1': 2048 }) },
  { name: 'oobAppLabel', is: text(45) },
  { name: 'oobContinueLabel', is: text(45), required: [{ if: [{ field: 'acsUiType', is: ['04'] }] }] },
  { name: 'whyInfoLabel', is: text(45) },
  { name: 'whyInfoText', is: text(256) },
  { name: 'expandInfoLabel', is: text(45) },
  { name: 'expandInfoText', is: text(256) },
  { name: 'whitelistingInfoText', is: text(64), since: '2.2.0', until: '2.2.0' },
  { name: 'trustListInfoText', is: text(64), since: '2.3.1' },
  { name: 'deviceBindingInfoText', is: text(64), since: '2.3.1' },
  { name: 'challengeAddLabel', is: text(45), since: '2.3.1' },
  { name: 'infoContinueLabel', is: text(45), since: '2.3.1', required: [{ if: [{ field: 'acsUiType', is: ['07'] }] }] },
  { name: 'issuerImage', is: image },
  { name: 'psImage', is: image },
  ...messageExtension,
]

/** The ids that every CRes of an app challenge carries. */
export interface AppIds extends Omit<TransactionIds, 'dsTransID'> {
  readonly sdkTransID: string
}

/** A screen for the SDK to show: texts for a native screen, a page for HTML. */
export type AppScreen = NativeText | NativeSelect | NativeOutOfBand | HtmlPage | Information

/** The texts that every native screen has besides its question. */
export interface NativeWords {
  readonly challengeInfoHeader: string
  readonly challengeInfoText: string
  /** Y: the entry or the choice was not accepted. */
  readonly challengeInfoTextIndicator?: 'Y' | 'N'
  readonly whyInfoLabel: string
  readonly whyInfoText: string
  readonly expandInfoLabel: string
  readonly expandInfoText: string
  /** The text above the SDK's checkbox for trusting the merchant: this name in 2.2.0, the next one in 2.3.1. */
  readonly whitelistingInfoText?: string
  readonly trustListInfoText?: string
}

export interface NativeText extends NativeWords {
  readonly acsUiType: '01'
  readonly challengeInfoLabel: string
  readonly submitAuthenticationLabel: string
  readonly resendInformationLabel: string
  /** 2.3.1: the label of an additional button. */
  readonly challengeAddLabel?: string
}

/** Single select (02) or multi select (03). */
export interface NativeSelect extends NativeWords {
  readonly acsUiType: '02' | '03'
  readonly challengeInfoLabel: string
  /** Each item is an object with one key. */
  readonly challengeSelectInfo: Record<string, string>[]
  readonly submitAuthenticationLabel: string
}

export interface NativeOutOfBand extends NativeWords {
  readonly acsUiType: '04'
  readonly oobContinueLabel: string
  readonly oobAppURL?: string
  readonly oobAppLabel?: string
  /** 2.3.1. */
  readonly challengeAddLabel?: string
}

/** 2.3.1. */
export interface Information {
  readonly acsUiType: '07'
  readonly challengeInfoHeader: string
  readonly challengeInfoText: string
  readonly infoContinueLabel: string
}

interface HtmlPage {
  readonly acsUiType: '05' | '06'
  /** base64url. */
  readonly acsHTML: string
  /** Only with acsUiType 06. */
  readonly oobAppURL?: string
}

/** A CRes that continues the challenge with another screen. */
export function screenCRes(ids: AppIds, acsCounter: number, screen: AppScreen) {
  return { ...head(ids, acsCounter), challengeCompletionInd: 'N' as const, ...screen }
}

/** The CRes that ends the challenge: transStatus Y or N, as in the browser channel. */
export function finalAppCRes(ids: AppIds, acsCounter: number, outcome: Outcome) {
  return { ...head(ids, acsCounter), challengeCompletionInd: 'Y' as const, transStatus: transStatusForCRes(outcome) }
}

function head({ messageVersion, threeDSServerTransID, acsTransID, sdkTransID }: AppIds, acsCounter: number) {
  return {
    messageType: 'CRes' as const,
    messageVersion,
    threeDSServerTransID,
    acsTransID,
    sdkTransID,
    acsCounterAtoS: String(acsCounter).padStart(3, '0'),
  }
}
