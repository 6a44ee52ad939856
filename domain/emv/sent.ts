import { broadInfo, deviceBindingStatus } from './areq-members-231.ts'
import { erroFields } from './erro-fields.ts'
import {
  always,
  array,
  type Condition,
  type DeviceChannel,
  digits,
  either,
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
import type { MessageVersion } from './version.ts'

/**
 * Tables of the messages that an access control server sends. Our own are checked against them before they leave
 * (server/platform/outgoing.ts), those of others by the checker (`safekey areq check`).
 */

const transStatus = (...is: string[]): Condition => ({ field: 'transStatus', is })
const reasons = '01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 80-99'
const transStatusReason = values(reasons, { '2.2.0': '22 23 24 25 26', '2.3.1': '27 28 29 30' })
const challengeMethods = '01 02 03 04 05 06 07 08 09 10 80-99'
const authenticationMethod = values(challengeMethods, { '2.2.0': '11', '2.3.1': '12 13 14 15 16' })
/** 20 bytes as base64. */
const value20 = pattern(/^[A-Za-z0-9+/]{27}=$/, { name: 'authenticationValue' })
const inPayment = (...status: string[]): readonly Need[] => [{ category: ['01'], if: [transStatus(...status)] }]
const inApp: readonly Need[] = [{ channel: ['01'] }]
const challenged: readonly Need[] = [{ if: [transStatus('C', 'D')] }]

/** EMV 3DS table A.14. */
const renderingType = object([
  { name: 'acsInterface', is: values('01 02'), required: always },
  {
    name: 'acsUiTemplate',
    is: values('01 02 03 04 05', { '2.3.1': '06 07' }),
    required: always,
  },
  { name: 'deviceUserInterfaceMode', is: values('01 02 03 04'), since: '2.3.1', required: always },
])

/** EMV 3DS 2.3.1 table A.1. */
const cardholderInfo = object([
  { name: 'text', is: text(128), required: always },
  { name: 'issuerImage', is: url(256, true) },
  { name: 'paymentSystemImage', is: url(256, true) },
])

/** A status and its source. 2.2.0 calls the trust list a white list. */
function status(name: string, is: Field['is'], since: MessageVersion, until?: MessageVersion): Field[] {
  const versions = until ? { since, until } : { since }
  const required: readonly Need[] = [{ if: [{ field: name }] }]
  return [
    { name, is, ...versions },
    { name: `${name}Source`, is: values('01 02 03 80-99'), ...versions, required },
  ]
}
const listed = values('Y N E P R U')

/** Elements that ARes and RReq have in common. */
const outcome: readonly Field[] = [
  { name: 'transStatusReason', is: transStatusReason, required: inPayment('N', 'U', 'R') },
  { name: 'transStatusReasonInfo', is: text(256), since: '2.3.1' },
  {
    name: 'authenticationValue',
    is: value20,
    until: '2.2.0',
    required: inPayment('Y', 'A'),
    permitted: [{ if: [transStatus('Y', 'A')] }],
  },
  {
    name: 'authenticationValue',
    is: text(4000),
    since: '2.3.1',
    required: inPayment('Y', 'A'),
    permitted: [{ if: [transStatus('Y', 'A')] }],
  },
  { name: 'eci', is: digits(2) },
  ...status('whiteListStatus', listed, '2.2.0', '2.2.0'),
  ...status('trustListStatus', listed, '2.3.1'),
  ...status('deviceBindingStatus', deviceBindingStatus, '2.3.1'),
]

const challengedIn = (channel: DeviceChannel): readonly Need[] => [{ channel: [channel], if: [transStatus('C')] }]

// Secure payment confirmation, EMV 3DS 2.3.1.
const bySpc: readonly Need[] = [{ channel: ['02'], if: [transStatus('S')] }]
const credentials = object([
  { name: 'rpID', is: text(2048), required: always },
  // The name is a plural, the value one id.
  { name: 'credentialIds', is: pattern(/^[\w-]{16,1000}$/, { name: 'base64url', max: 1000 }), required: always },
])
/** An https address, or a picture as a data URL (RFC 2397). */
const picture = (max: number) =>
  either(url(2048, true), pattern(new RegExp(`^(?=.{1,${max}}$)data:[^,]*,.+$`), { name: 'dataURL', max }))
const spcImage = object(
  [
    { name: 'default', is: picture(30_000), required: always },
    { name: 'dark', is: picture(30_000) },
    { name: 'monochrome', is: picture(30_000) },
  ],
  90_000,
)
/** Letters of a currency. Table A.5 excludes metals, units of account and test codes. */
const currencyLetters = pattern(/^(?!X(?:B[A-D]|AU|DR|AG|PT|TS|PD|XX)$)[A-Z]{3}$/, { name: 'currencyLetters' })
/** EMV 3DS 2.3.1 table A.28. */
const spcTransData: readonly Field[] = [
  { name: 'challenge', is: pattern(/^[A-Za-z0-9_-]{43,100}$/, { name: 'base64url', max: 100 }), required: always },
  { name: 'currency', is: currencyLetters, required: always },
  { name: 'displayName', is: text(40), required: always },
  { name: 'icon', is: picture(4096), required: always },
  {
    name: 'timeout',
    is: pattern(/^(?:[6-9][0-9]{4}|[1-4][0-9]{5}|500000)$/, { name: 'milliseconds' }),
    required: always,
  },
  { name: 'value', is: text(40), required: always },
  { name: 'payeeName', is: text(40), required: [{ if: [{ field: 'payeeOrigin', absent: true }] }] },
  { name: 'payeeOrigin', is: url(2048, true) },
  { name: 'challengeInfoText', is: text(350) },
  { name: 'issuerImageSpc', is: spcImage },
  { name: 'psImageSpc', is: spcImage },
  { name: 'extInd', is: values('Y') },
  { name: 'additionalData', is: opaque(90_000) },
]

/** ARes, EMV 3DS table B.2. It contains neither channel nor category; those of the AReq apply. */
export const aresTable: readonly Field[] = [
  { name: 'messageType', is: values('ARes'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'dsTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'dsReferenceNumber', is: text(32), required: always },
  { name: 'acsReferenceNumber', is: text(32), required: always },
  { name: 'acsOperatorID', is: text(32) },
  {
    name: 'transStatus',
    is: values('Y N U A R C', { '2.2.0': 'D I', '2.3.1': 'S' }),
    required: [{ category: ['01'] }],
  },
  ...outcome,
  { name: 'sdkTransID', is: uuid, required: inApp, permitted: inApp },
  { name: 'acsChallengeMandated', is: values('Y N'), required: challenged, permitted: challenged },
  {
    name: 'authenticationType',
    is: values('01 02 03 80-99', { '2.2.0': '04' }),
    until: '2.2.0',
    required: challenged,
    permitted: challenged,
  },
  {
    name: 'authenticationMethod',
    is: array(authenticationMethod, 1, 99),
    since: '2.3.1',
    required: challenged,
    permitted: challenged,
  },
  { name: 'acsURL', is: url(2048), required: challengedIn('02'), permitted: challengedIn('02') },
  { name: 'acsSignedContent', is: text(16_000), required: challengedIn('01'), permitted: challengedIn('01') },
  { name: 'acsRenderingType', is: renderingType, required: challengedIn('01'), permitted: challengedIn('01') },
  {
    name: 'acsDecConInd',
    is: values('Y N'),
    since: '2.2.0',
    required: [{ if: [transStatus('D')] }],
    permitted: [{ if: [transStatus('D')] }],
  },
  {
    name: 'cardholderInfo',
    is: text(128),
    until: '2.2.0',
    required: [{ since: '2.2.0', if: [{ field: 'acsDecConInd', is: ['Y'] }] }],
  },
  {
    name: 'cardholderInfo',
    is: cardholderInfo,
    since: '2.3.1',
    required: [{ if: [{ field: 'acsDecConInd', is: ['Y'] }] }],
  },
  { name: 'cardSecurityCodeStatus', is: values('Y N U'), since: '2.3.1' },
  {
    name: 'cardSecurityCodeStatusSource',
    is: values('01 02 80-99'),
    since: '2.3.1',
    required: [{ if: [{ field: 'cardSecurityCodeStatus' }] }],
  },
  { name: 'transChallengeExemption', is: values('05 08 10 11 79 80-99'), since: '2.3.1' },
  { name: 'threeDSRequestorAppURLInd', is: values('Y N'), since: '2.3.1', required: inApp, permitted: inApp },
  { name: 'deviceInfoRecognisedVersion', is: text(8, 3), since: '2.3.1', required: inApp, permitted: inApp },
  { name: 'broadInfo', is: object(broadInfo, 4096), since: '2.3.1' },
  { name: 'spcTransData', is: object(spcTransData), since: '2.3.1', required: bySpc, permitted: bySpc },
  { name: 'webAuthnCredList', is: array(credentials, 1, 10), since: '2.3.1', required: bySpc, permitted: bySpc },
  ...messageExtension,
]

const judged: readonly Need[] = [{ if: [transStatus('Y', 'N')] }]
const inAppOrBrowser: readonly Need[] = [{ channel: ['01', '02'] }]

/** RReq, EMV 3DS table B.8. */
export const rreqTable: readonly Field[] = [
  { name: 'messageType', is: values('RReq'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'messageCategory', is: values('01 02 (80-99)'), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'dsTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'transStatus', is: values('Y N U A R', { '2.3.1': 'D' }), required: [{ category: ['01'] }] },
  ...outcome,
  // In 2.1.0 the RReq does not contain the SDK's transaction id.
  { name: 'sdkTransID', is: uuid, since: '2.2.0', required: inApp, permitted: inApp },
  {
    name: 'authenticationType',
    is: values('01 02 03 80-99', { '2.2.0': '04' }),
    until: '2.2.0',
    required: judged,
    permitted: judged,
  },
  // The directory server removes it before it forwards the message to the 3DS Server.
  { name: 'authenticationMethod', is: authenticationMethod, until: '2.2.0' },
  { name: 'authenticationMethod', is: array(authenticationMethod, 1, 99), since: '2.3.1', required: judged },
  // Absent after a decoupled authentication, which an RReq does not say of itself.
  { name: 'interactionCounter', is: digits(2), permitted: inAppOrBrowser },
  {
    name: 'challengeCancel',
    is: values('01 04 05 06 07 08 80-99', { '2.2.0': '03', '2.3.1': '09 10' }),
    required: [{ if: [{ field: 'transStatusReason', is: ['14'] }] }],
  },
  {
    name: 'challengeErrorReporting',
    is: object(erroFields),
    since: '2.3.1',
    required: [{ if: [{ field: 'challengeCancel', is: ['09', '10'] }] }],
    permitted: [{ if: [{ field: 'challengeCancel', is: ['09', '10'] }] }],
  },
  { name: 'acsRenderingType', is: renderingType, permitted: inApp },
  { name: 'cardholderInfo', is: text(128), since: '2.2.0', until: '2.2.0' },
  { name: 'cardholderInfo', is: cardholderInfo, since: '2.3.1' },
  ...messageExtension,
]

/** RReq of a challenge in a window or an app: one that is not decoupled has these elements too. */
export const challengeRReqTable: readonly Field[] = rreqTable.map(field => {
  if (field.name === 'interactionCounter') return { ...field, required: inAppOrBrowser }
  return field.name === 'acsRenderingType' ? { ...field, required: inApp } : field
})

/** Final CRes of the browser channel, EMV 3DS table B.5. */
export const cresTable: readonly Field[] = [
  { name: 'messageType', is: values('CRes'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'transStatus', is: values('Y N', { '2.3.1': 'D' }), required: always },
  // The tables have it only for the app channel; browsers of 2.1.0 and 2.2.0 get it too.
  { name: 'challengeCompletionInd', is: values('Y N'), until: '2.2.0' },
  ...messageExtension,
]

const ofAcs: readonly Need[] = [{ if: [{ field: 'threeDSServerTransID', absent: true }] }]

/** ORes, EMV 3DS 2.3.1 table B.11. */
export const oresTable: readonly Field[] = [
  { name: 'messageType', is: values('ORes'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'dsTransID', is: uuid, required: always },
  // A 3DS Server's has its own two in place of these.
  { name: 'acsTransID', is: uuid, required: ofAcs },
  { name: 'acsReferenceNumber', is: text(32), required: ofAcs },
  { name: 'threeDSServerTransID', is: uuid },
  { name: 'threeDSServerRefNumber', is: text(32) },
  { name: 'opStatus', is: values('01 02 03 80-99'), required: always },
  ...messageExtension,
]
