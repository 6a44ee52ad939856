import { appFields } from './areq-app.ts'
import {
  acctInfo,
  address,
  merchantRiskIndicator,
  phone,
  priorAuthentication,
  requestorAuthentication,
} from './areq-members.ts'
import {
  broadInfo,
  deviceBindingStatus,
  multiTransaction,
  payTokenInfo,
  recurringInd,
  sellerInfo,
} from './areq-members-231.ts'
import {
  always,
  array,
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
import type { MessageVersion } from './version.ts'

/**
 * AReq, directory server → access control server. EMV 3DS table B.1 with the field rules of table A.1, for 2.1.0, 2.2.0
 * and 2.3.1: `since` and `until` mark the differences.
 */

const browser: readonly DeviceChannel[] = ['02']
const appOrBrowser: readonly DeviceChannel[] = ['01', '02']
const inBrowser: readonly Need[] = [{ channel: browser }]
const inAppOrBrowser: readonly Need[] = [{ channel: appOrBrowser }]
const forPayment: readonly Need[] = [{ category: ['01'] }]

/** From 2.2.0 on, the screen elements are not required of a browser without JavaScript. */
const whenScriptRuns: readonly Need[] = [
  { channel: browser, until: '2.1.0' },
  { channel: browser, since: '2.2.0', if: [{ field: 'browserJavascriptEnabled', is: [true] }] },
]

/** Purchase data: required for a payment, and for a non-payment that sets up later payments. */
const purchaseData: readonly Need[] = [
  { category: ['01'] },
  { category: ['02'], channel: appOrBrowser, if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['02', '03'] }] },
  {
    category: ['02'],
    channel: appOrBrowser,
    since: '2.2.0',
    if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['07'] }],
  },
  {
    category: ['02'],
    channel: appOrBrowser,
    since: '2.3.1',
    if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['08', '09'] }],
  },
  { category: ['02'], channel: ['03'], if: [{ field: 'threeRIInd', is: ['01', '02'] }] },
  {
    category: ['02'],
    channel: ['03'],
    since: '2.2.0',
    if: [{ field: 'threeRIInd', is: ['06', '07', '08', '09', '11'] }],
  },
  { category: ['02'], channel: ['03'], since: '2.3.1', if: [{ field: 'threeRIInd', is: ['15'] }] },
]
const recurring: readonly Need[] = [
  { channel: appOrBrowser, if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['02', '03'] }] },
  { channel: ['03'], if: [{ field: 'threeRIInd', is: ['01', '02'] }] },
]
const until220 = (need: Need): Need => ({ ...need, until: '2.2.0' })
/** A recurring payment of 2.3.1 whose amount is fixed, according to `recurringInd`. */
const fixedAmount: readonly Need[] = recurring.map(need => ({
  ...need,
  and: [{ field: 'recurringInd.amountInd', is: ['01'] }],
}))
const fixedFrequency: readonly Need[] = [{ if: [{ field: 'recurringInd.frequencyInd', is: ['01'] }] }]
const withRecurringAmount: readonly Need[] = [{ if: [{ field: 'recurringAmount' }] }, ...fixedAmount]
const instalments: readonly Need[] = [
  { channel: appOrBrowser, if: [{ field: 'threeDSRequestorAuthenticationInd', is: ['03'] }] },
  { channel: ['03'], if: [{ field: 'threeRIInd', is: ['02'] }] },
]

/** IPv4 with four numbers, or IPv6 checked only by its characters and colons. */
const ipAddress = pattern(
  /^(?=.{2,45}$)(?:(?:(?:25[0-5]|2[0-4]\d|[01]?\d?\d)(?:\.(?!$)|$)){4}|(?=.*:.*:)[0-9A-Fa-f:.]+)$/,
  { name: 'ip' },
)

/** The status of the trust list (2.2.0: white list), and its source. */
function trustStatus(
  name: 'whiteListStatus' | 'trustListStatus',
  since: MessageVersion,
  until?: MessageVersion,
): Field[] {
  const versions = until ? { since, until } : { since }
  return [
    { name, is: values('Y N'), ...versions, keep: true },
    {
      name: `${name}Source`,
      is: values('01 02 03 80-99'),
      ...versions,
      required: [{ if: [{ field: name }] }],
      keep: true,
    },
  ]
}

export const areq: readonly Field[] = [
  // Envelope and routing
  { name: 'messageType', is: values('AReq'), required: always, keep: true },
  { name: 'messageVersion', is: text(8, 5), required: always, keep: true },
  { name: 'deviceChannel', is: values('01 02 03 (80-99)'), required: always, keep: true },
  { name: 'messageCategory', is: values('01 02 (80-99)'), required: always, keep: true },
  { name: 'threeDSServerTransID', is: uuid, required: always, keep: true },
  { name: 'threeDSServerRefNumber', is: text(32), required: always, keep: true },
  { name: 'threeDSServerOperatorID', is: text(32), keep: true },
  {
    name: 'threeDSServerURL',
    is: url(2048),
    // Certified 3DS Servers omit it from 2.1.0 3RI messages.
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
    // At least one directory server omits it from 2.1.0 3RI messages.
    required: [{ channel: appOrBrowser }, { channel: ['03'], since: '2.2.0' }],
    keep: true,
  },
  ...messageExtension,

  // Authentication context
  {
    name: 'threeDSRequestorAuthenticationInd',
    is: values('01 02 03 04 05 06 80-99', { '2.2.0': '07', '2.3.1': '08 09 10' }),
    required: inAppOrBrowser,
    channel: appOrBrowser,
    keep: true,
  },
  {
    name: 'threeRIInd',
    is: values('01 02 03 04 05 80-99', {
      '2.2.0': '06 07 08 09 10 11 12',
      '2.3.1': '13 14 15 16 17 18 19',
    }),
    required: [{ channel: ['03'] }],
    channel: ['03'],
    keep: true,
  },
  {
    name: 'threeDSRequestorChallengeInd',
    until: '2.2.0',
    is: values('01 02 03 04 80-99', { '2.2.0': '05 06 07 08 09' }),
    channel: appOrBrowser,
    keep: true,
  },
  {
    name: 'threeDSRequestorChallengeInd',
    since: '2.3.1',
    is: array(values('01 02 03 04 05 06 07 08 09 10 11 12 13 14 80-99'), 1, 2),
    keep: true,
  },
  { name: 'threeDSCompInd', is: values('Y N U'), required: inBrowser, channel: browser, keep: true },
  { name: 'threeDSRequestorDecReqInd', is: values('Y N', { '2.3.1': 'F B' }), since: '2.2.0', keep: true },
  {
    name: 'threeDSRequestorDecMaxTime',
    is: pattern(/^(?!00000)(0\d{4}|100[0-7]\d|10080)$/, { name: 'minutes' }),
    since: '2.2.0',
    required: [
      { if: [{ field: 'threeDSRequestorDecReqInd', is: ['Y'] }] },
      { since: '2.3.1', if: [{ field: 'threeDSRequestorDecReqInd', is: ['F', 'B'] }] },
    ],
    keep: true,
  },
  {
    name: 'threeDSRequestorAuthenticationInfo',
    until: '2.2.0',
    is: object(requestorAuthentication),
    channel: appOrBrowser,
    keep: true,
  },
  {
    name: 'threeDSRequestorAuthenticationInfo',
    since: '2.3.1',
    is: array(object(requestorAuthentication), 1, 3),
    keep: true,
  },
  { name: 'threeDSRequestorPriorAuthenticationInfo', until: '2.2.0', is: object(priorAuthentication), keep: true },
  {
    name: 'threeDSRequestorPriorAuthenticationInfo',
    since: '2.3.1',
    is: array(object(priorAuthentication), 1, 3),
    // The decoupled fall-back (19), and the second AReq of a secure payment confirmation (09).
    required: [
      { channel: ['03'], if: [{ field: 'threeRIInd', is: ['19'] }] },
      { channel: browser, if: [{ field: 'threeDSRequestorAuthenticationInfo.threeDSReqAuthMethod', is: ['09'] }] },
    ],
    keep: true,
  },
  {
    name: 'threeDSReqAuthMethodInd',
    is: values('01 02 03 80-99'),
    since: '2.2.0',
    until: '2.2.0',
    channel: appOrBrowser,
    keep: true,
  },
  ...trustStatus('whiteListStatus', '2.2.0', '2.2.0'),
  ...trustStatus('trustListStatus', '2.3.1'),
  { name: 'deviceBindingStatus', is: deviceBindingStatus, since: '2.3.1', keep: true },
  {
    name: 'deviceBindingStatusSource',
    is: values('01 02 03 80-99'),
    since: '2.3.1',
    required: [{ if: [{ field: 'deviceBindingStatus' }] }],
    keep: true,
  },
  { name: 'broadInfo', is: opaque(4096), until: '2.2.0' },
  { name: 'broadInfo', is: object(broadInfo, 4096), since: '2.3.1' },

  // Card, account, cardholder
  { name: 'acctNumber', is: digits(13, 19), required: always },
  { name: 'acctType', is: values('01 02 03 80-99'), keep: true },
  { name: 'acctID', is: text(64) },
  { name: 'cardExpiryDate', is: pattern(/^[0-9]{2}(0[1-9]|1[0-2])$/, { name: 'yearMonth' }) },
  { name: 'cardholderName', is: text(45, 2), until: '2.2.0' },
  { name: 'cardholderName', is: text(45), since: '2.3.1' },
  { name: 'email', is: pattern(/^(?=.{3,254}$).+@.+$/u, { name: 'email' }) },
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
  { name: 'payTokenInfo', is: object(payTokenInfo), since: '2.3.1' },
  { name: 'taxId', is: text(45), since: '2.3.1' },
  { name: 'userId', is: text(64), since: '2.3.1', channel: browser },
  { name: 'deviceId', is: text(64), since: '2.3.1', channel: browser },
  { name: 'appIp', is: ipAddress, since: '2.3.1', channel: ['01'] },
  { name: 'cardSecurityCode', is: digits(3, 4), since: '2.3.1' },
  { name: 'cardSecurityCodeStatus', is: values('Y N U'), since: '2.3.1', keep: true },
  {
    name: 'cardSecurityCodeStatusSource',
    is: values('01 02 80-99'),
    since: '2.3.1',
    required: [{ if: [{ field: 'cardSecurityCodeStatus' }] }],
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
  {
    name: 'purchaseInstalData',
    is: pattern(/^(?!0*[01]$)[0-9]{1,3}$/, { name: 'instalments' }),
    required: instalments,
    keep: true,
  },
  // In 2.3.1 a recurring payment may have no end, and so no date of it.
  { name: 'recurringExpiry', is: date('YYYYMMDD'), required: recurring.map(until220), keep: true },
  { name: 'recurringFrequency', until: '2.2.0', is: digits(1, 4), required: recurring, keep: true },
  {
    name: 'recurringFrequency',
    since: '2.3.1',
    is: pattern(/^(?!0+$)[0-9]{1,4}$/, { name: 'days' }),
    required: fixedFrequency,
    keep: true,
  },
  { name: 'acquirerCountryCode', is: country, since: '2.3.1', required: always, keep: true },
  { name: 'acquirerCountryCodeSource', is: values('01 02 80-99'), since: '2.3.1', required: always, keep: true },
  { name: 'recurringAmount', is: digits(1, 48), since: '2.3.1', required: fixedAmount, keep: true },
  { name: 'recurringCurrency', is: currency, since: '2.3.1', required: withRecurringAmount, keep: true },
  { name: 'recurringExponent', is: digits(1), since: '2.3.1', required: withRecurringAmount, keep: true },
  { name: 'recurringDate', is: date('YYYYMMDD'), since: '2.3.1', required: fixedFrequency, keep: true },
  { name: 'recurringInd', is: object(recurringInd), since: '2.3.1', required: recurring, keep: true },
  { name: 'sellerInfo', is: array(object(sellerInfo), 1, 50), since: '2.3.1' },
  { name: 'multiTransaction', is: object(multiTransaction), since: '2.3.1' },
  { name: 'transType', is: values('01 03 10 11 28'), channel: appOrBrowser, keep: true },

  // Browser
  { name: 'browserAcceptHeader', is: text(2048), required: inBrowser, channel: browser, keep: true },
  { name: 'browserUserAgent', is: text(2048), required: inBrowser, channel: browser, keep: true },
  { name: 'browserIP', is: ipAddress, channel: browser },
  { name: 'browserJavascriptEnabled', is: boolean, since: '2.2.0', required: inBrowser, channel: browser, keep: true },
  { name: 'browserJavaEnabled', is: boolean, required: whenScriptRuns, channel: browser, keep: true },
  {
    name: 'browserLanguage',
    until: '2.2.0',
    // The description names BCP 47, the rules for the value only its length, and only those may be checked (A.2).
    is: text(8),
    required: inBrowser,
    channel: browser,
    keep: true,
  },
  {
    name: 'browserLanguage',
    since: '2.3.1',
    is: text(35),
    required: whenScriptRuns,
    channel: browser,
    keep: true,
  },
  {
    name: 'acceptLanguage',
    is: array(text(100), 1, 99),
    since: '2.3.1',
    required: inBrowser,
    channel: browser,
    keep: true,
  },
  {
    name: 'browserColorDepth',
    until: '2.2.0',
    is: values('1 4 8 15 16 24 32 48'),
    required: whenScriptRuns,
    channel: browser,
    keep: true,
  },
  {
    name: 'browserColorDepth',
    since: '2.3.1',
    is: pattern(/^[1-9][0-9]?$/, { name: 'colours' }),
    required: whenScriptRuns,
    channel: browser,
    keep: true,
  },
  { name: 'browserScreenHeight', is: digits(1, 6), required: whenScriptRuns, channel: browser, keep: true },
  { name: 'browserScreenWidth', is: digits(1, 6), required: whenScriptRuns, channel: browser, keep: true },
  {
    name: 'browserTZ',
    is: pattern(/^[+-]?[0-9]{1,4}$/, { name: 'timeZone' }),
    required: whenScriptRuns,
    channel: browser,
    keep: true,
  },
  { name: 'notificationURL', is: url(256, true), required: inBrowser, channel: browser },
  { name: 'threeDSMethodId', is: uuid, since: '2.3.1', channel: browser, keep: true },
  { name: 'threeDSRequestorSpcSupport', is: values('Y'), since: '2.3.1', channel: browser, keep: true },
  {
    name: 'payeeOrigin',
    is: url(2048, true),
    since: '2.3.1',
    required: [{ channel: browser, if: [{ field: 'threeDSRequestorSpcSupport', is: ['Y'] }] }],
    channel: browser,
    keep: true,
  },
  { name: 'spcIncompInd', is: values('01 02 03 (80-99)'), since: '2.3.1', channel: browser, keep: true },

  ...appFields,
]
