import { counter } from './app-creq.ts'
import type { UiType } from './app-screens.ts'
import {
  always,
  array,
  base64url,
  type Field,
  type Need,
  object,
  opaque,
  pattern,
  text,
  url,
  uuid,
  values,
} from './field.ts'
import { messageExtension } from './message-extension.ts'
import type { TransactionIds } from './messages.ts'
import { type Outcome, transStatusForCRes } from './outcome.ts'

/** Before 2.3.1, by the density of the device's screen. */
const imageByDensity = object([
  { name: 'medium', is: url(2048, true) },
  { name: 'high', is: url(2048, true) },
  { name: 'extraHigh', is: url(2048, true) },
])
/** EMV 3DS 2.3.1 tables A.21 and A.22. */
const image = object(
  [
    { name: 'default', is: url(2048, true), required: always },
    { name: 'dark', is: url(2048, true) },
    { name: 'monochrome', is: url(2048, true) },
  ],
  6144,
)

/** EMV 3DS 2.3.1 table A.26: a field of the text screen. */
const entryBox = object([
  { name: 'challengeDataEntryLabel', is: text(45), required: always },
  { name: 'challengeDataEntryKeyboardType', is: values('01 02 (80-99)') },
  { name: 'challengeDataEntryAutofill', is: values('Y') },
  {
    name: 'challengeDataEntryAutofillType',
    is: values('01 02 (80-99)'),
    required: [{ if: [{ field: 'challengeDataEntryAutofill', is: ['Y'] }] }],
  },
  { name: 'challengeDataEntryLengthMax', is: pattern(/^(?!00)(?:[0-3][0-9]|4[0-5])$/, { name: 'entryLength' }) },
  { name: 'challengeDataEntryMasking', is: values('Y N') },
  {
    name: 'challengeDataEntryToggle',
    is: values('Y N'),
    required: [{ if: [{ field: 'challengeDataEntryMasking', is: ['Y'] }] }],
  },
])

/** On these screens: 01 text, 02 single select, 03 multi select, 04 out of band, 05 and 06 HTML, 07 information. */
const on = (...types: readonly UiType[]): readonly Need[] => [{ if: [{ field: 'acsUiType', is: types }] }]
/** Screens that the SDK draws itself. */
const native = on('01', '02', '03', '04', '07')
const html = on('05', '06')
const selection = on('02', '03')
const withSubmit = on('01', '02', '03')

const beforeEnd: readonly Need[] = [{ if: [{ field: 'challengeCompletionInd', is: ['N'] }] }]
const atEnd: readonly Need[] = [{ if: [{ field: 'challengeCompletionInd', is: ['Y'] }] }]

/**
 * CRes of the app channel inside the JWE, EMV 3DS table B.4, with the elements that table A.20 lets each screen have
 * (EMV 3DS [Req 387]). An SDK answers a screen that lacks a mandatory element with Erro 201.
 */
export const appCRes: readonly Field[] = [
  { name: 'messageType', is: values('CRes'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'sdkTransID', is: uuid, required: always },
  { name: 'acsCounterAtoS', is: counter, required: always },
  { name: 'challengeCompletionInd', is: values('Y N'), required: always },
  { name: 'transStatus', is: values('Y N', { '2.3.1': 'D' }), required: atEnd, permitted: atEnd },
  {
    name: 'acsUiType',
    is: values('01 02 03 04 05', { '2.3.1': '06 07' }),
    required: beforeEnd,
    permitted: beforeEnd,
  },
  { name: 'acsHTML', is: base64url(100_000), until: '2.2.0', required: html, permitted: html },
  { name: 'acsHTML', is: base64url(300_000), since: '2.3.1', required: html, permitted: html },
  { name: 'acsHTMLRefresh', is: base64url(100_000), until: '2.2.0', permitted: html },
  { name: 'challengeInfoHeader', is: text(45), required: native, permitted: native },
  // 2.3.1 has the label of the text screen in challengeEntryBox.
  { name: 'challengeInfoLabel', is: text(45), until: '2.2.0', required: withSubmit, permitted: native },
  {
    name: 'challengeInfoLabel',
    is: text(45),
    since: '2.3.1',
    required: selection,
    permitted: on('02', '03', '04', '07'),
  },
  { name: 'challengeInfoText', is: text(350), required: native, permitted: native },
  { name: 'challengeInfoTextIndicator', is: values('Y N'), permitted: native },
  { name: 'challengeAddInfo', is: text(256), until: '2.2.0', permitted: native },
  { name: 'challengeEntryBox', is: entryBox, since: '2.3.1', required: on('01'), permitted: on('01') },
  { name: 'challengeEntryBoxTwo', is: entryBox, since: '2.3.1', permitted: on('01') },
  {
    name: 'challengeSelectInfo',
    // Each item is a key of up to four characters with a text of up to 45.
    is: array(opaque(100), 1, 8),
    required: selection,
    permitted: selection,
  },
  { name: 'submitAuthenticationLabel', is: text(45), required: withSubmit, permitted: withSubmit },
  { name: 'resendInformationLabel', is: text(45), permitted: on('01') },
  { name: 'oobAppURL', is: text(256), until: '2.2.0', permitted: on('04') },
  {
    name: 'oobAppURL',
    is: url(2048, true),
    since: '2.3.1',
    permitted: [...on('06'), { if: [{ field: 'acsUiType', is: ['04'] }], and: [{ field: 'oobAppLabel' }] }],
  },
  { name: 'oobAppLabel', is: text(45), permitted: on('04') },
  { name: 'oobContinueLabel', is: text(45), until: '2.2.0', required: on('04'), permitted: on('04') },
  {
    name: 'oobContinueLabel',
    is: text(45),
    since: '2.3.1',
    required: [{ if: [{ field: 'acsUiType', is: ['04'] }], and: [{ field: 'oobAppLabel', absent: true }] }],
    permitted: on('04'),
  },
  { name: 'whyInfoLabel', is: text(45), permitted: native },
  { name: 'whyInfoText', is: text(256), permitted: native },
  { name: 'expandInfoLabel', is: text(45), permitted: native },
  { name: 'expandInfoText', is: text(256), permitted: native },
  { name: 'whitelistingInfoText', is: text(64), since: '2.2.0', until: '2.2.0', permitted: native },
  { name: 'trustListInfoText', is: text(64), since: '2.3.1', permitted: native },
  { name: 'deviceBindingInfoText', is: text(64), since: '2.3.1', permitted: native },
  { name: 'togglePositionInd', is: values('01 (80-99)'), since: '2.3.1', permitted: native },
  { name: 'challengeAddLabel', is: text(45), since: '2.3.1', permitted: native },
  { name: 'infoContinueLabel', is: text(45), since: '2.3.1', required: on('07'), permitted: on('07') },
  { name: 'issuerImage', is: imageByDensity, until: '2.2.0', permitted: native },
  { name: 'psImage', is: imageByDensity, until: '2.2.0', permitted: native },
  { name: 'issuerImage', is: image, since: '2.3.1', permitted: native },
  { name: 'psImage', is: image, since: '2.3.1', permitted: native },
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
  /** The label of the field: before 2.3.1 here, in 2.3.1 in challengeEntryBox. */
  readonly challengeInfoLabel?: string
  /** 2.3.1: the field, EMV 3DS table A.26. */
  readonly challengeEntryBox?: EntryBox
  readonly submitAuthenticationLabel: string
  readonly resendInformationLabel: string
  /** 2.3.1: the label of an additional button. */
  readonly challengeAddLabel?: string
}

type EntryBox = {
  readonly challengeDataEntryLabel: string
  /** 01: digits. */
  readonly challengeDataEntryKeyboardType: '01'
  /** The device fills in a code that it received by text message (01). */
  readonly challengeDataEntryAutofill: 'Y'
  readonly challengeDataEntryAutofillType: '01'
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
