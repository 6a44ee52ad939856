import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import type { JsonObject } from './field.ts'
import {
  differenceOf,
  isListable,
  originsOf,
  type PaymentFault,
  paymentFault,
  type SpcTransData,
  secondAReq,
  spcTransData,
  supportsSpc,
} from './spc.ts'
import { fullAReq, sampleAReq } from './testing/sample-areq.ts'

const merchant = 'https://shop.example'
const card = { displayName: 'Card •••• 7848', icon: 'https://issuer.example/card.png' }
const areq = sampleAReq('2.3.1', { threeDSRequestorSpcSupport: 'Y', payeeOrigin: merchant })
const data = (change: JsonObject = {}) => spcTransData({ ...areq, ...change }, card, '_'.repeat(86))

describe('what the browser shall show', () => {
  test.each([
    ['12800', '392', '0', 'JPY 12800'],
    ['0', '392', '0', 'JPY 0'],
    ['0012800', '840', '2', 'USD 128.00'],
    ['5', '840', '2', 'USD 0.05'],
    ['50', '840', '2', 'USD 0.50'],
    ['1234567', '048', '3', 'BHD 1234.567'],
  ])('is the amount %s of currency %s with exponent %s as %s', (amount, currency, exponent, shown) => {
    const { currency: letters, value } = data({
      ...{ purchaseAmount: amount, purchaseCurrency: currency, purchaseExponent: exponent },
    })
    expect(`${letters} ${value}`).toBe(shown)
  })

  test('is the same number as the amount, whatever its length', () => {
    const digits = fc.stringMatching(/^[0-9]{1,48}$/)
    fc.assert(
      fc.property(digits, amount => {
        const { value } = data({ purchaseAmount: amount, purchaseCurrency: '840', purchaseExponent: '2' })
        expect(value).toMatch(/^(0|[1-9][0-9]*)\.[0-9]{2}$/)
        expect(BigInt(value.replace('.', ''))).toBe(BigInt(amount))
      }),
    )
  })

  test('is no amount for a non-payment, and the payee as the AReq names it', () => {
    expect(data({ messageCategory: '02' })).toMatchObject({ value: '0', currency: 'JPY' })
    expect(data({ merchantName: 'Tea & Co' })).toMatchObject({ payeeName: 'Tea & Co', payeeOrigin: merchant })
    const { merchantName: _, ...nameless } = areq
    expect(spcTransData(nameless, card, '_')).not.toHaveProperty('payeeName')
  })
})

test.each([
  ['a browser of 2.3.1 whose requestor does', {}, '2.3.1', true],
  ['one whose requestor does not say so', { threeDSRequestorSpcSupport: undefined }, '2.3.1', false],
  ['an app', { deviceChannel: '01' }, '2.3.1', false],
  ['2.2.0', {}, '2.2.0', false],
  ['a second AReq', { spcIncompInd: '01' }, '2.3.1', false],
] as const)('%s: supported is %#', (_what, change, version, supported) => {
  expect(supportsSpc({ ...areq, ...change } as JsonObject, version)).toBe(supported)
})

test.each([
  [15, false],
  [16, true],
  [1000, true],
  [1001, false],
])('a credential id of %d characters can be listed: %s', (length, listable) => {
  expect(isListable('_'.repeat(length))).toBe(listable)
})

describe('the second AReq', () => {
  const ref = 'D7C1EE99-9478-44A6-B1F2-391E29C6B340'
  const prior = (threeDSReqPriorRef: string, threeDSReqPriorAuthMethod = '05') => ({
    threeDSReqPriorRef,
    threeDSReqPriorAuthMethod,
  })
  const assertion = { id: 'AAAA' }
  const info = { threeDSReqAuthMethod: '09', threeDSReqAuthData: assertion }
  const read = (change: JsonObject) => secondAReq({ ...areq, ...change }, '2.3.1')

  test('names the first one, and brings the assertion as an object or as text', () => {
    const change = {
      threeDSRequestorAuthenticationInfo: [{ threeDSReqAuthMethod: '02' }, info],
      threeDSRequestorPriorAuthenticationInfo: [prior('x', '02'), prior(ref)],
    }
    const expected = {
      ...{ priorRef: ref.toLowerCase(), assertion: '{"id":"AAAA"}', incompletion: undefined },
      refusedByDirectoryServer: false,
    }
    expect(read(change)).toEqual(expected)
    const text = { threeDSReqAuthMethod: '09', threeDSReqAuthData: JSON.stringify(assertion) }
    expect(read({ ...change, threeDSRequestorAuthenticationInfo: [text] })).toEqual(expected)
  })

  test('names none if it names two, or no id', () => {
    for (const named of [[prior(ref), prior(ref.replace('D', 'A'))], [prior('x'.repeat(36))], []])
      expect(
        read({ threeDSRequestorAuthenticationInfo: [info], threeDSRequestorPriorAuthenticationInfo: named })?.priorRef,
      ).toBeUndefined()
  })

  test('brings no assertion if it brings two', () => {
    const other = { ...info, threeDSReqAuthData: { id: 'BBBB' } }
    expect(read({ threeDSRequestorAuthenticationInfo: [info, other] })?.assertion).toBeUndefined()
  })

  test('may say why the browser has no assertion, and that the directory server refused it', () => {
    expect(read({ spcIncompInd: '03', threeDSRequestorPriorAuthenticationInfo: [prior(ref)] })).toMatchObject({
      ...{ incompletion: '03', assertion: undefined, priorRef: ref.toLowerCase() },
    })
    const refused = { ...info, dsAuthInfVerifInd: '02' }
    expect(read({ threeDSRequestorAuthenticationInfo: [refused] })).toMatchObject({ refusedByDirectoryServer: true })
  })

  test('is not of another version, channel or kind', () => {
    const whole = { ...areq, threeDSRequestorAuthenticationInfo: [info] }
    expect(secondAReq(whole, '2.2.0')).toBeUndefined()
    expect(secondAReq({ ...whole, deviceChannel: '03' }, '2.3.1')).toBeUndefined()
    expect(read({})).toBeUndefined()
  })
})

test.each(Object.keys(fullAReq('2.3.1')))(
  'the second AReq may differ from the first in %s: only if it is not of the payment',
  name => {
    const first = fullAReq('2.3.1')
    const other = { ...first, [name]: 'other' }
    const payment =
      /^(message(Version|Category)|deviceChannel|threeDSRequestor(ID|Name|URL|AuthenticationInd)|acquirer(BIN|MerchantID)|mcc|merchant(CountryCode|Name)|payeeOrigin|purchase(Amount|Currency|Exponent))$/
    expect(differenceOf(first, other)).toBe(payment.test(name) ? name : undefined)
    const { [name]: _, ...without } = first
    expect(differenceOf(first, without)).toBe(payment.test(name) ? name : undefined)
  },
)

test('the requestor’s origins are those of its addresses', () => {
  const addresses = {
    payeeOrigin: 'https://shop.example/',
    threeDSRequestorURL: 'https://shop.example/contact?x=1',
    notificationURL: 'https://psp.example:8443/back',
  }
  expect(originsOf(addresses)).toEqual(['https://shop.example', 'https://psp.example:8443'])
  expect(originsOf({})).toEqual([])
})

describe('what the browser says that it showed', () => {
  const asked: SpcTransData = data({ merchantName: 'Tea & Co' })
  const expected = { rpID: 'issuer.example', origins: [merchant, 'https://psp.example'] }
  const shown: JsonObject = {
    rpId: 'issuer.example',
    topOrigin: merchant,
    payeeName: 'Tea & Co',
    payeeOrigin: merchant,
    total: { currency: 'JPY', value: '12800' },
    instrument: { ...card },
  }
  const fault = (change: JsonObject) => paymentFault({ ...shown, ...change }, asked, expected)

  test('is right if it is what was asked, written as browsers write it, with members that we do not know', () => {
    expect(fault({})).toBeUndefined()
    const { rpId, ...before } = shown
    expect(paymentFault({ ...before, rp: rpId ?? '' }, asked, expected)).toBeUndefined()
    expect(fault({ topOrigin: 'https://psp.example', payeeOrigin: `${merchant}/` })).toBeUndefined()
    const address = { ...card, icon: 'https://ISSUER.example:443/card.png', iconMustBeShown: true }
    expect(fault({ instrument: address, browserBoundPublicKey: 'x' })).toBeUndefined()
    const { payeeName: _, ...unnamed } = shown
    const { payeeName: __, ...nameless } = asked
    expect(paymentFault(unnamed, nameless as SpcTransData, expected)).toBeUndefined()
  })

  test.each<[PaymentFault, JsonObject]>([
    ['rpId', { rpId: 'evil.example' }],
    ['rpId', { rpId: undefined as never }],
    ['topOrigin', { topOrigin: 'https://evil.example' }],
    ['topOrigin', { topOrigin: 'http://merchant.example' }],
    ['topOrigin', { topOrigin: undefined as never }],
    ['payeeName', { payeeName: 'Another Shop' }],
    ['payeeName', { payeeName: undefined as never }],
    ['payeeOrigin', { payeeOrigin: 'https://shop.example.evil.example' }],
    ['payeeOrigin', { payeeOrigin: undefined as never }],
    ['payeeOrigin', { payeeOrigin: 'no address' }],
    ['total', { total: { currency: 'JPY', value: '12801' } }],
    ['total', { total: { currency: 'USD', value: '12800' } }],
    ['total', { total: { currency: 'JPY', value: 12800 } }],
    ['total', { total: 'JPY 12800' }],
    ['total', { total: undefined as never }],
    ['instrument', { instrument: { ...card, displayName: 'Another card' } }],
    ['instrument', { instrument: { ...card, icon: 'https://issuer.example/other.png' } }],
    ['instrument', { instrument: { displayName: card.displayName } }],
    ['instrument', { instrument: undefined as never }],
  ])('is wrong in %s: %j', (member, change) => {
    expect(fault(change)).toBe(member)
  })

  test('is wrong if it is no object', () => {
    for (const payment of [undefined, null, 'payment', 7, []])
      expect(paymentFault(payment, asked, expected)).toBe('payment')
  })
})
