import {
  always,
  boolean,
  country,
  currency,
  type DeviceChannel,
  date,
  digits,
  type Field,
  type Need,
  object,
  onlyTrue,
  opaque,
  pattern,
  text,
  url,
  uuid,
  values,
} from './field.ts'
import { messageExtension } from './message-extension.ts'

/**
 * AReq, directory server → access control server.
 * EMV 3DS 2.2.0 table B.1 with the field rules of table A.1; 2.1.0 where `until` and `since` say so.
 */

const browser: readonly DeviceChannel[] = ['02']
const appOrBrowser: readonly DeviceChannel[] = ['01', '02']
const inBrowser: readonly Need[] = [{ channel: browser }]
const inAppOrBrowser: readonly Need[] = [{ channel: appOrBrowser }]
const forPayment: readonly Need[] = [{ category: ['01'] }]

/** From 2.2.0 on a browser without JavaScript has nothing to say about its screen. */
const whenScriptRuns: readonly Need[] = [
  { channel: browser, until: '2.1.0' },
  { channel: browser, since: '2.2.0', if: [{ field: 'browserJavascriptEnabled', is: [true] }] },
]

/** Purchase data: always for a payment; for a non-payment where it stands for later payments. */
const purchaseData: readonly Need[] = [
  { category: ['01'] },
  { category: ['02'], channel: appOrBrowser, if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['02', '03'] }] },
  {
    category: ['02'],
    channel: appOrBrowser,
    since: '2.2.0',
    if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['07'] }],
  },
  { category: ['02'], channel: ['03'], if: [{ field: 'threeRIInd', is: ['01', '02'] }] },
  {
    category: ['02'],
    channel: ['03'],
    since: '2.2.0',
    if: [{ field: 'threeRIInd', is: ['06', '07', '08', '09', '11'] }],
  },
]
const recurring: readonly Need[] = [
  { channel: appOrBrowser, if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['02', '03'] }] },
  { channel: ['03'], if: [{ field: 'threeRIInd', is: ['01', '02'] }] },
]
const instalments: readonly Need[] = [
  { channel: appOrBrowser, if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['03'] }] },
  { channel: ['03'], if: [{ field: 'threeRIInd', is: ['02'] }] },
]

/** IPv4 with its four numbers, or IPv6 by its characters and colons. */
const ipAddress = pattern(
  /^(?=.{2,45}$)(?:(?:(?:25[0-5]|2[0-4]\d|[01]?\d?\d)(?:\.(?!$)|$)){4}|(?=.*:.*:)[0-9A-Fa-f:.]+)$/,
)

const phone = object([
  { name: 'cc', is: digits(1, 3), required: always },
  { name: 'subscriber', is: digits(1, 15), required: always },
])

const acctInfo: readonly Field[] = [
  { name: 'chAccAgeInd', is: values('01 02 03 04 05'), keep: true },
  { name: 'chAccDate', is: date('YYYYMMDD'), keep: true },
  { name: 'chAccChange', is: date('YYYYMMDD'), keep: true },
  { name: 'chAccChangeInd', is: values('01 02 03 04'), keep: true },
  { name: 'chAccPwChange', is: date('YYYYMMDD'), keep: true },
  { name: 'chAccPwChangeInd', is: values('01 02 03 04 05'), keep: true },
  { name: 'nbPurchaseAccount', is: digits(1, 4), keep: true },
  { name: 'provisionAttemptsDay', is: digits(1, 3), keep: true },
  { name: 'txnActivityDay', is: digits(1, 3), keep: true },
  { name: 'txnActivityYear', is: digits(1, 3), keep: true },
  { name: 'paymentAccAge', is: date('YYYYMMDD'), keep: true },
  { name: 'paymentAccInd', is: values('01 02 03 04 05'), keep: true },
  { name: 'shipAddressUsage', is: date('YYYYMMDD'), keep: true },
  { name: 'shipAddressUsageInd', is: values('01 02 03 04'), keep: true },
  { name: 'shipNameIndicator', is: values('01 02'), keep: true },
  { name: 'suspiciousAccActivity', is: values('01 02'), keep: true },
]

const merchantRiskIndicator: readonly Field[] = [
  { name: 'deliveryEmailAddress', is: text(254) },
  { name: 'deliveryTimeframe', is: values('01 02 03 04'), keep: true },
  { name: 'giftCardAmount', is: digits(1, 15), keep: true },
  { name: 'giftCardCount', is: digits(2), keep: true },
  { name: 'giftCardCurr', is: currency, keep: true },
  { name: 'preOrderDate', is: date('YYYYMMDD'), keep: true },
  { name: 'preOrderPurchaseInd', is: values('01 02'), keep: true },
  { name: 'reorderItemsInd', is: values('01 02'), keep: true },
  { name: 'shipIndicator', is: values('01 02 03 04 05 06 07'), keep: true },
]

const requestorAuthentication: readonly Field[] = [
  { name: 'threeDSReqAuthMethod', is: values('01 02 03 04 05 06 80-99', { '2.2.0': '07 08' }), keep: true },
  { name: 'threeDSReqAuthTimestamp', is: date('YYYYMMDDHHMM'), keep: true },
  { name: 'threeDSReqAuthData', is: text({ '2.1.0': 2048, '2.2.0': 20_000 }) },
]

const priorAuthentication: readonly Field[] = [
  { name: 'threeDSReqPriorRef', is: text(36, 36), keep: true },
  { name: 'threeDSReqPriorAuthMethod', is: values('01 02 03 04 80-99'), keep: true },
  { name: 'threeDSReqPriorAuthTimestamp', is: date('YYYYMMDDHHMM'), keep: true },
  { name: 'threeDSReqPriorAuthData', is: text(2048) },
]

/** Address lines tell who somebody is: checked, never kept. */
function address(prefix: 'billAddr' | 'shipAddr'): Field[] {
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

export const areq: readonly Field[] = [
  // Envelope and routing
  { name: 'messageType', is: values('AReq'), required: always, keep: true },
  { name: 'messageVersion', is: text(8, 5), required: always, keep: true },
  { name: 'deviceChannel', is: values('01 02 03'), required: always, keep: true },
  { name: 'messageCategory', is: values('01 02'), required: always, keep: true },
  { name: 'threeDSServerTransID', is: uuid, required: always, keep: true },
  { name: 'threeDSServerRefNumber', is: text(32), required: always, keep: true },
  { name: 'threeDSServerOperatorID', is: text(32), keep: true },
  {
    name: 'threeDSServerURL',
    is: url(2048),
    // Certified 3DS Servers leave it out of 2.1.0 3RI messages.
    required: [{ channel: appOrBrowser }, { channel: ['03'], since: '2.2.0' }],
    keep: true,
  },
  { name: 'threeDSRequestorID', is: text(35), required: always, keep: true },
  { name: 'threeDSRequestorName', is: text(40), required: always, keep: true },
  { name: 'threeDSRequestorURL', is: url(2048), required: always, keep: true },
  { name: 'dsTransID', is: uuid, required: always, keep: true },
  { name: 'dsReferenceNumber', is: text(32), required: always, keep: true },
  {
    name: 'dsURL',
    is: url(2048, true),
    // At least one directory server sends none in 2.1.0 3RI messages.
    required: [{ channel: appOrBrowser }, { channel: ['03'], since: '2.2.0' }],
    keep: true,
  },
  messageExtension,

  // Authentication context
  {
    name: 'threeDSRequestorAuthenticationInd',
    is: values('01 02 03 04 05 06 80-99', { '2.2.0': '07' }),
    required: inAppOrBrowser,
    channel: appOrBrowser,
    keep: true,
  },
  {
    name: 'threeRIInd',
    is: values('01 02 03 04 05 80-99', { '2.2.0': '06 07 08 09 10 11 12' }),
    required: [{ channel: ['03'] }],
    channel: ['03'],
    keep: true,
  },
  {
    name: 'threeDSRequestorChallengeInd',
    is: values('01 02 03 04 80-99', { '2.2.0': '05 06 07 08 09' }),
    channel: appOrBrowser,
    keep: true,
  },
  { name: 'threeDSCompInd', is: values('Y N U'), required: inBrowser, channel: browser, keep: true },
  { name: 'threeDSRequestorDecReqInd', is: values('Y N'), since: '2.2.0', keep: true },
  {
    name: 'threeDSRequestorDecMaxTime',
    is: pattern(/^(?!00000)(0\d{4}|100[0-7]\d|10080)$/),
    since: '2.2.0',
    required: [{ if: [{ field: 'threeDSRequestorDecReqInd', is: ['Y'] }] }],
    keep: true,
  },
  {
    name: 'threeDSRequestorAuthenticationInfo',
    is: object(requestorAuthentication),
    channel: appOrBrowser,
    keep: true,
  },
  { name: 'threeDSRequestorPriorAuthenticationInfo', is: object(priorAuthentication), keep: true },
  { name: 'threeDSReqAuthMethodInd', is: values('01 02 03 80-99'), since: '2.2.0', channel: appOrBrowser, keep: true },
  { name: 'whiteListStatus', is: values('Y N'), since: '2.2.0', keep: true },
  {
    name: 'whiteListStatusSource',
    is: values('01 02 03 80-99'),
    since: '2.2.0',
    required: [{ if: [{ field: 'whiteListStatus' }] }],
    keep: true,
  },
  { name: 'broadInfo', is: opaque(4096) },

  // Card, account, cardholder
  { name: 'acctNumber', is: digits(13, 19), required: always },
  { name: 'acctType', is: values('01 02 03 80-99'), keep: true },
  { name: 'acctID', is: text(64) },
  { name: 'cardExpiryDate', is: pattern(/^[0-9]{2}(0[1-9]|1[0-2])$/) },
  { name: 'cardholderName', is: text(45, 2) },
  { name: 'email', is: pattern(/^(?=.{3,254}$).+@.+$/u) },
  { name: 'homePhone', is: phone },
  { name: 'mobilePhone', is: phone },
  { name: 'workPhone', is: phone },
  ...address('billAddr'),
  ...address('shipAddr'),
  { name: 'addrMatch', is: values('Y N'), channel: appOrBrowser, keep: true },
  { name: 'payTokenInd', is: onlyTrue, keep: true },
  {
    name: 'payTokenSource',
    is: values('01 02 80-99'),
    since: '2.2.0',
    required: [{ if: [{ field: 'payTokenInd', is: [true] }] }],
    keep: true,
  },
  { name: 'acctInfo', is: object(acctInfo), keep: true },
  { name: 'merchantRiskIndicator', is: object(merchantRiskIndicator), keep: true },

  // Purchase and merchant
  { name: 'acquirerBIN', is: text(11), required: forPayment, keep: true },
  { name: 'acquirerMerchantID', is: text(35), required: forPayment, keep: true },
  { name: 'mcc', is: digits(4), required: forPayment, keep: true },
  { name: 'merchantCountryCode', is: country, required: forPayment, keep: true },
  { name: 'merchantName', is: text(40), required: forPayment, keep: true },
  { name: 'purchaseAmount', is: digits(1, 48), required: purchaseData, keep: true },
  { name: 'purchaseCurrency', is: currency, required: purchaseData, keep: true },
  { name: 'purchaseExponent', is: digits(1), required: purchaseData, keep: true },
  { name: 'purchaseDate', is: date('YYYYMMDDHHMMSS'), required: purchaseData, keep: true },
  { name: 'purchaseInstalData', is: pattern(/^(?!0*[01]$)[0-9]{1,3}$/), required: instalments, keep: true },
  { name: 'recurringExpiry', is: date('YYYYMMDD'), required: recurring, keep: true },
  { name: 'recurringFrequency', is: digits(1, 4), required: recurring, keep: true },
  { name: 'transType', is: values('01 03 10 11 28'), channel: appOrBrowser, keep: true },

  // Browser
  { name: 'browserAcceptHeader', is: text(2048), required: inBrowser, channel: browser, keep: true },
  { name: 'browserUserAgent', is: text(2048), required: inBrowser, channel: browser, keep: true },
  { name: 'browserIP', is: ipAddress, channel: browser },
  { name: 'browserJavascriptEnabled', is: boolean, since: '2.2.0', required: inBrowser, channel: browser, keep: true },
  { name: 'browserJavaEnabled', is: boolean, required: whenScriptRuns, channel: browser, keep: true },
  {
    name: 'browserLanguage',
    is: pattern(/^(?=.{1,8}$)[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/),
    required: inBrowser,
    channel: browser,
    keep: true,
  },
  {
    name: 'browserColorDepth',
    is: values('1 4 8 15 16 24 32 48'),
    required: whenScriptRuns,
    channel: browser,
    keep: true,
  },
  { name: 'browserScreenHeight', is: digits(1, 6), required: whenScriptRuns, channel: browser, keep: true },
  { name: 'browserScreenWidth', is: digits(1, 6), required: whenScriptRuns, channel: browser, keep: true },
  { name: 'browserTZ', is: pattern(/^[+-]?[0-9]{1,4}$/), required: whenScriptRuns, channel: browser, keep: true },
  { name: 'notificationURL', is: url(256, true), required: inBrowser, channel: browser },
]
