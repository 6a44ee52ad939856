import { erroFields } from './erro-fields.ts'
import {
  always,
  array,
  type Condition,
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
 * Tables of the messages that an access control server sends, for the checker (`safekey areq check`) and for tests of
 * our own messages.
 */

const transStatus = (...is: string[]): Condition => ({ field: 'transStatus', is })
const reasons = '01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 80-99'
const transStatusReason = values(reasons, { '2.2.0': '22 23 24 25 26', '2.3.1': '27 28 29 30' })
const challengeMethods = '01 02 03 04 05 06 07 08 09 10 80-99'
const authenticationMethod = values(challengeMethods, { '2.2.0': '11', '2.3.1': '12 13 14 15 16' })
/** 20 bytes as base64. */
const value20 = pattern(/^[A-Za-z0-9+/]{27}=$/, { name: 'authenticationValue' })
const inPayment = (...status: string[]): readonly Need[] => [{ category: ['01'], if: [transStatus(...status)] }]

const renderingType = object([
  { name: 'acsInterface', is: values('01 02'), required: always },
  { name: 'acsUiTemplate', is: values('01 02 03 04 05', { '2.3.1': '06 07' }), required: always },
  { name: 'deviceUserInterfaceMode', is: digits(2), since: '2.3.1' },
])

const cardholderInfo = object([
  { name: 'text', is: text(128), required: always },
  { name: 'issuerImage', is: opaque(8192) },
  { name: 'paymentSystemImage', is: opaque(8192) },
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
  { name: 'authenticationValue', is: value20, until: '2.2.0', required: inPayment('Y', 'A') },
  { name: 'authenticationValue', is: text(4000), since: '2.3.1', required: inPayment('Y', 'A') },
  { name: 'eci', is: digits(2) },
  ...status('whiteListStatus', listed, '2.2.0', '2.2.0'),
  ...status('trustListStatus', listed, '2.3.1'),
  ...status('deviceBindingStatus', digits(2), '2.3.1'),
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
  { name: 'sdkTransID', is: uuid, required: [{ channel: ['01'] }] },
  { name: 'acsChallengeMandated', is: values('Y N'), required: [{ if: [transStatus('C', 'D')] }] },
  {
    name: 'authenticationType',
    is: values('01 02 03 80-99', { '2.2.0': '04' }),
    until: '2.2.0',
    required: [{ if: [transStatus('C', 'D')] }],
  },
  {
    name: 'authenticationMethod',
    is: array(authenticationMethod, 1, 99),
    since: '2.3.1',
    required: [{ if: [transStatus('C', 'D')] }],
  },
  { name: 'acsURL', is: url(2048), required: [{ channel: ['02'], if: [transStatus('C')] }] },
  { name: 'acsSignedContent', is: text(16_000), required: [{ channel: ['01'], if: [transStatus('C')] }] },
  { name: 'acsRenderingType', is: renderingType, required: [{ channel: ['01'], if: [transStatus('C')] }] },
  { name: 'acsDecConInd', is: values('Y N'), since: '2.2.0', required: [{ if: [transStatus('D')] }] },
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
  { name: 'transChallengeExemption', is: values('05 08 10 11 79 80-99'), since: '2.3.1' },
  { name: 'threeDSRequestorAppURLInd', is: values('Y N'), since: '2.3.1', required: [{ channel: ['01'] }] },
  { name: 'deviceInfoRecognisedVersion', is: text(8), since: '2.3.1', required: [{ channel: ['01'] }] },
  { name: 'spcTransData', is: opaque(65_536), since: '2.3.1' },
  { name: 'webAuthnCredList', is: array(opaque(8192), 1, 10), since: '2.3.1' },
  ...messageExtension,
]

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
  { name: 'sdkTransID', is: uuid, since: '2.2.0', required: [{ channel: ['01'] }] },
  {
    name: 'authenticationType',
    is: values('01 02 03 80-99', { '2.2.0': '04' }),
    until: '2.2.0',
    required: [{ if: [transStatus('Y', 'N')] }],
  },
  // The directory server removes it before it forwards the message to the 3DS Server.
  { name: 'authenticationMethod', is: authenticationMethod, until: '2.2.0' },
  { name: 'authenticationMethod', is: array(authenticationMethod, 1, 99), since: '2.3.1' },
  // It is absent after a decoupled authentication, which the RReq does not identify.
  { name: 'interactionCounter', is: digits(2) },
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
  },
  { name: 'acsRenderingType', is: renderingType },
  { name: 'cardholderInfo', is: either(text(128), cardholderInfo), since: '2.2.0' },
  ...messageExtension,
]

/** Final CRes of the browser channel, EMV 3DS table B.5. */
export const cresTable: readonly Field[] = [
  { name: 'messageType', is: values('CRes'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'threeDSServerTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid, required: always },
  { name: 'transStatus', is: values('Y N', { '2.3.1': 'D' }), required: always },
  // The tables have it only for the app channel; browsers of 2.1.0 and 2.2.0 get it too.
  { name: 'challengeCompletionInd', is: values('Y N') },
  ...messageExtension,
]

/** ORes, EMV 3DS 2.3.1 table B.11. */
export const oresTable: readonly Field[] = [
  { name: 'messageType', is: values('ORes'), required: always },
  { name: 'messageVersion', is: text(8, 5), required: always },
  { name: 'dsTransID', is: uuid, required: always },
  { name: 'acsTransID', is: uuid },
  { name: 'threeDSServerTransID', is: uuid },
  { name: 'acsReferenceNumber', is: text(32) },
  { name: 'threeDSServerRefNumber', is: text(32) },
  { name: 'opStatus', is: digits(2), required: always },
  ...messageExtension,
]
