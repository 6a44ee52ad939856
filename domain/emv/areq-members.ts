import {
  always,
  array,
  country,
  currency,
  date,
  digits,
  either,
  type Field,
  object,
  opaque,
  pattern,
  text,
  values,
} from './field.ts'

/** Objects inside an AReq: EMV 3DS tables A.8 to A.14. */

export const phone = object([
  { name: 'cc', is: digits(1, 3), required: always },
  { name: 'subscriber', is: digits(1, 15), required: always },
])

export const acctInfo: readonly Field[] = [
  { name: 'chAccAgeInd', is: values('01 02 03 04 05'), keep: true },
  { name: 'chAccDate', is: date('YYYYMMDD'), keep: true },
  { name: 'chAccChange', is: date('YYYYMMDD'), keep: true },
  { name: 'chAccChangeInd', is: values('01 02 03 04'), keep: true },
  { name: 'chAccPwChange', is: date('YYYYMMDD'), keep: true },
  { name: 'chAccPwChangeInd', is: values('01 02 03 04 05'), keep: true },
  { name: 'nbPurchaseAccount', is: digits(1, 4), until: '2.2.0', keep: true },
  // Up to four characters, up to 999.
  { name: 'nbPurchaseAccount', is: pattern(/^0?[0-9]{1,3}$/, { name: 'purchases' }), since: '2.3.1', keep: true },
  { name: 'provisionAttemptsDay', is: digits(1, 3), keep: true },
  { name: 'txnActivityDay', is: digits(1, 3), keep: true },
  { name: 'txnActivityYear', is: digits(1, 3), keep: true },
  { name: 'paymentAccAge', is: date('YYYYMMDD'), keep: true },
  { name: 'paymentAccInd', is: values('01 02 03 04 05'), keep: true },
  { name: 'shipAddressUsage', is: date('YYYYMMDD'), keep: true },
  { name: 'shipAddressUsageInd', is: values('01 02 03 04'), keep: true },
  { name: 'shipNameIndicator', is: values('01 02'), keep: true },
  { name: 'suspiciousAccActivity', is: values('01 02'), keep: true },
  { name: 'chAccReqID', is: text(64), since: '2.3.1' },
]

export const merchantRiskIndicator: readonly Field[] = [
  { name: 'deliveryEmailAddress', is: text(254) },
  { name: 'deliveryTimeframe', is: values('01 02 03 04'), keep: true },
  { name: 'giftCardAmount', is: digits(1, 15), keep: true },
  { name: 'giftCardCount', is: digits(2), keep: true },
  { name: 'giftCardCurr', is: currency, keep: true },
  { name: 'preOrderDate', is: date('YYYYMMDD'), keep: true },
  { name: 'preOrderPurchaseInd', is: values('01 02'), keep: true },
  { name: 'reorderItemsInd', is: values('01 02'), keep: true },
  { name: 'shipIndicator', is: values('01 02 03 04 05 06 07', { '2.3.1': '08 09' }), keep: true },
  { name: 'transChar', is: array(values('01 02'), 1, 2), since: '2.3.1', keep: true },
]

export const requestorAuthentication: readonly Field[] = [
  {
    name: 'threeDSReqAuthMethod',
    is: values('01 02 03 04 05 06 80-99', { '2.2.0': '07 08', '2.3.1': '09 10' }),
    keep: true,
  },
  { name: 'threeDSReqAuthTimestamp', is: date('YYYYMMDDHHMM'), keep: true },
  { name: 'threeDSReqAuthData', is: text({ '2.1.0': 2048, '2.2.0': 20_000, '2.3.1': 20_000 }), until: '2.2.0' },
  // A FIDO assertion is an object.
  { name: 'threeDSReqAuthData', is: either(text(50_000), opaque(50_000)), since: '2.3.1' },
  // Set by the directory server.
  { name: 'dsAuthInfVerifInd', is: values('01 02 03 80-99'), since: '2.3.1', keep: true },
]

export const priorAuthentication: readonly Field[] = [
  { name: 'threeDSReqPriorRef', is: text(36, 36), keep: true },
  { name: 'threeDSReqPriorDsTransId', is: text(36, 36), since: '2.3.1', keep: true },
  { name: 'threeDSReqPriorAuthMethod', is: values('01 02 03 04 80-99', { '2.3.1': '05' }), keep: true },
  { name: 'threeDSReqPriorAuthTimestamp', is: date('YYYYMMDDHHMM'), keep: true },
  { name: 'threeDSReqPriorAuthData', is: text({ '2.1.0': 2048, '2.2.0': 2048, '2.3.1': 20_000 }) },
]

/** Address lines identify a person, so they are checked but never kept. */
export function address(prefix: 'billAddr' | 'shipAddr'): Field[] {
  return [
    { name: `${prefix}Line1`, is: text(50) },
    { name: `${prefix}Line2`, is: text(50) },
    { name: `${prefix}Line3`, is: text(50) },
    { name: `${prefix}City`, is: text(50) },
    { name: `${prefix}PostCode`, is: text(16) },
    { name: `${prefix}State`, is: text(3) },
    { name: `${prefix}Country`, is: country, required: [{ if: [{ field: `${prefix}State` }] }] },
  ]
}
