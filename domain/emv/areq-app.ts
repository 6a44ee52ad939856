import {
  always,
  array,
  base64url,
  type DeviceChannel,
  digits,
  type Field,
  type Need,
  object,
  pattern,
  text,
  uuid,
  values,
} from './field.ts'

/**
 * The additional elements of an AReq of the app channel: EMV 3DS table B.1, 01-APP; tables A.9 (deviceRenderOptions)
 * and A.23.
 */

const channel: readonly DeviceChannel[] = ['01']
const required: readonly Need[] = [{ channel }]

/** A coordinate of a P-256 point: 32 bytes. */
const coordinate = pattern(/^[A-Za-z0-9_-]{43}=?$/, { name: 'coordinate' })

/** The JWK of the SDK's ephemeral public key. */
const publicKey = object(
  [
    { name: 'kty', is: values('EC'), required: always },
    { name: 'crv', is: values('P-256'), required: always },
    { name: 'x', is: coordinate, required: always },
    { name: 'y', is: coordinate, required: always },
  ],
  256,
)

const deviceRenderOptions: readonly Field[] = [
  { name: 'sdkInterface', is: values('01 02 03'), required: always, keep: true },
  { name: 'sdkUiType', is: array(values('01 02 03 04 05', { '2.3.1': '06 07' }), 1, 7), required: always, keep: true },
  { name: 'sdkAuthenticationType', is: array(digits(2), 1, 99), since: '2.2.0', until: '2.2.0', keep: true },
  {
    name: 'sdkAuthenticationType',
    // 12 is reserved, but stands in the specification's own example.
    is: array(values('01 02 03 04 05 06 07 08 09 10 11 12 80-99'), 1, 99),
    since: '2.3.1',
    keep: true,
  },
]

/** EMV 3DS 2.3.1 table A.1: the kind of SDK. */
const defaultSdkType: readonly Field[] = [
  { name: 'sdkVariant', is: values('01 80-99'), required: always, keep: true },
  { name: 'wrappedInd', is: values('Y'), keep: true },
]
const splitSdkType: readonly Field[] = [
  { name: 'sdkVariant', is: values('01 02 03 80-99'), required: always, keep: true },
  { name: 'limitedInd', is: values('Y'), keep: true },
]

export const appFields: readonly Field[] = [
  { name: 'sdkAppID', is: uuid, required, channel, keep: true },
  { name: 'sdkTransID', is: uuid, required, channel, keep: true },
  { name: 'sdkReferenceNumber', is: text(32), required, channel, keep: true },
  { name: 'sdkMaxTimeout', is: pattern(/^(0[5-9]|[1-9][0-9])$/, { name: 'timeout' }), required, channel, keep: true },
  { name: 'sdkEphemPubKey', is: publicKey, required, channel },
  { name: 'deviceRenderOptions', is: object(deviceRenderOptions), required, channel, keep: true },
  // It identifies the device, so it is used but never kept.
  { name: 'deviceInfo', is: base64url(64_000), required, channel },
  { name: 'sdkType', is: values('01 02 80-99'), since: '2.3.1', required, channel, keep: true },
  {
    name: 'defaultSdkType',
    is: object(defaultSdkType),
    since: '2.3.1',
    required: [{ channel, if: [{ field: 'sdkType', is: ['01'] }] }],
    channel,
    keep: true,
  },
  {
    name: 'splitSdkType',
    is: object(splitSdkType),
    since: '2.3.1',
    required: [{ channel, if: [{ field: 'sdkType', is: ['02'] }] }],
    channel,
    keep: true,
  },
  {
    name: 'sdkServerSignedContent',
    // The text gives no maximum; AREQ_LIMIT is one for the whole AReq.
    is: text(4_194_304),
    since: '2.3.1',
    required: [{ channel, if: [{ field: 'sdkType', is: ['02'] }] }],
    channel,
  },
]
