import { phone } from './areq-members.ts'
import {
  always,
  array,
  country,
  currency,
  date,
  digits,
  type Field,
  type Need,
  object,
  opaque,
  text,
  values,
} from './field.ts'

/** Objects that 2.3.1 added to the AReq. Those without `keep` may name persons, or hold anything. */

/** EMV 3DS 2.3.1 table A.1, deviceBindingStatus: 01–05 not bound, 11–15 how it is bound. */
export const deviceBindingStatus = values('01 02 03 04 05 11 12 13 14 15 80-99')

/** Whether amount and frequency of a recurring payment are fixed (01) or not (02). EMV 3DS 2.3.1 table A.1. */
export const recurringInd: readonly Field[] = [
  { name: 'amountInd', is: values('01 02 80-99'), required: always, keep: true },
  { name: 'frequencyInd', is: values('01 02 80-99'), required: always, keep: true },
]

const withAmount: readonly Need[] = [{ if: [{ field: 'merchantAmount' }] }]

/** EMV 3DS 2.3.1 table A.18: several merchants in one authentication. */
export const multiTransaction: readonly Field[] = [
  {
    name: 'merchantList',
    is: array(
      object([
        { name: 'merchantNameListed', is: text(40), required: always },
        // Table A.18 has at most 15 characters, its own example more.
        { name: 'acquirerMerchantIdListed', is: text(35) },
        { name: 'merchantAmount', is: digits(1, 48) },
        { name: 'merchantCurrency', is: currency, required: withAmount },
        { name: 'merchantExponent', is: digits(1), required: withAmount },
        { name: 'sellerId', is: text(50) },
      ]),
      1,
      50,
    ),
    required: always,
  },
  { name: 'avValidityTime', is: digits(1, 3) },
  { name: 'avNumberUse', is: digits(1, 2) },
]

/** EMV 3DS 2.3.1 table A.19: the sellers of a marketplace. */
export const sellerInfo: readonly Field[] = [
  { name: 'sellerName', is: text(100), required: always },
  {
    name: 'sellerId',
    is: text(50),
    required: [{ if: [{ field: 'multiTransaction.merchantList.sellerId', inMessage: true }] }],
  },
  { name: 'sellerBusinessName', is: text(100) },
  { name: 'sellerAccDate', is: date('YYYYMMDD') },
  { name: 'sellerAddrLine1', is: text(50) },
  { name: 'sellerAddrLine2', is: text(50) },
  { name: 'sellerAddrLine3', is: text(50) },
  { name: 'sellerAddrCity', is: text(50) },
  { name: 'sellerAddrState', is: text(3) },
  { name: 'sellerAddrPostCode', is: text(16) },
  { name: 'sellerAddrCountry', is: country },
  { name: 'sellerEmail', is: text(254) },
  { name: 'sellerPhone', is: phone },
]

/** EMV 3DS 2.3.1 table A.25: the payment token that stood for the card number. */
export const payTokenInfo: readonly Field[] = [
  { name: 'token', is: digits(13, 19) },
  { name: 'tokenAdditionalData', is: opaque(500) },
  { name: 'tokenAssuranceMethod', is: text(2, 2) },
  { name: 'tokenRequestorId', is: text(11, 11) },
  { name: 'tokenCryptogram', is: text(4000) },
  { name: 'tokenCryptogramValidityIndicator', is: values('01 02 03 80-99') },
  { name: 'tokenStatusIndicator', is: text(40) },
]

/** EMV 3DS 2.3.1 table A.27: information for the other parties. */
export const broadInfo: readonly Field[] = [
  { name: 'category', is: values('01 02 03 04 05 06 80-99'), required: always },
  { name: 'severity', is: values('01 02 03 04'), required: always },
  { name: 'recipients', is: array(values('01 02 03 04'), 1, 3), required: always },
  { name: 'source', is: values('01 02 03'), required: always },
  { name: 'description', is: text(4000) },
  { name: 'expDate', is: date('YYYYMMDD') },
]
