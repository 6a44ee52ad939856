import { expect, test } from 'vitest'
import { buildAReq, maskCard, ordinaryBrowser, override, type Purchase, withMaskedCard } from './areq.ts'

const purchase: Purchase = {
  card: '378282246310005',
  cardholderName: 'HANAKO YAMADA',
  email: undefined,
  merchantName: 'ことり商店',
  amount: 1_200,
  currency: { code: 'JPY', number: '392', exponent: 0 },
  locale: 'ja',
  challengeInd: '01',
  messageVersion: '2.2.0',
}
const browser = { acceptHeader: 'text/html', userAgent: 'Browser', ip: '127.0.0.1', script: ordinaryBrowser }
const transaction = {
  threeDSServerTransID: '8a880dc0-d2d2-4067-bcb1-b08d1690b26e',
  orderId: '3ac7caa7-aa42-2663-791b-2ac05a542c4a',
  origin: 'http://localhost:3001',
  compInd: 'Y' as const,
  now: new Date('2026-12-03T00:05:09.999+09:00'),
}

const requiredInBoth = [
  'messageType',
  'messageVersion',
  'deviceChannel',
  'messageCategory',
  'threeDSServerTransID',
  'threeDSServerRefNumber',
  'threeDSServerURL',
  'threeDSRequestorID',
  'threeDSRequestorName',
  'threeDSRequestorURL',
  'threeDSRequestorAuthenticationInd',
  'threeDSCompInd',
  'acctNumber',
  'acquirerBIN',
  'acquirerMerchantID',
  'mcc',
  'merchantCountryCode',
  'merchantName',
  'purchaseAmount',
  'purchaseCurrency',
  'purchaseExponent',
  'purchaseDate',
  'browserAcceptHeader',
  'browserUserAgent',
  'browserLanguage',
  'browserJavaEnabled',
  'browserColorDepth',
  'browserScreenHeight',
  'browserScreenWidth',
  'browserTZ',
  'notificationURL',
]

test.each(['2.1.0', '2.2.0', '2.3.1'])('an AReq of %s has every field that the version requires', messageVersion => {
  const areq = buildAReq({ ...purchase, messageVersion }, browser, transaction)
  expect(requiredInBoth.filter(name => areq[name] === undefined || areq[name] === '')).toEqual([])
  expect('browserJavascriptEnabled' in areq).toBe(messageVersion !== '2.1.0')
})

test('the amount is in minor units, the date in UTC', () => {
  const usd = { ...purchase, amount: 2_500, currency: { code: 'USD', number: '840', exponent: 2 } as const }
  expect(buildAReq(usd, browser, transaction)).toMatchObject({
    purchaseAmount: '2500',
    purchaseCurrency: '840',
    purchaseExponent: '2',
    purchaseDate: '20261202150509',
  })
})

test('for a browser without scripts states that, and has no screen size', () => {
  const areq = buildAReq(purchase, { ...browser, script: null }, transaction)
  expect(areq.browserJavascriptEnabled).toBe(false)
  expect(areq).not.toHaveProperty('browserScreenWidth')
})

test('a field can be replaced, added, or removed with null', () => {
  expect(override({ mcc: '5999', email: 'a@b.example' }, { mcc: '1', email: null, extra: {} })).toEqual({
    mcc: '1',
    extra: {},
  })
})

test('shows six digits and four of a card number, whatever was sent as one', () => {
  expect(maskCard('378282246310005')).toBe('378282•••••0005')
  expect(withMaskedCard({ acctNumber: 4111 })).toEqual({ acctNumber: '••••' })
  expect(withMaskedCard({ mcc: '5999' })).toEqual({ mcc: '5999' })
})
