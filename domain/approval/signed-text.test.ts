import { expect, test } from 'vitest'
import type { SignedPayment } from '#domain/methods/passkey.ts'
import { signedText } from './signed-text.ts'

const payment: SignedPayment = {
  ...{ acsTransID: 't', card: 'c', lastFour: '0005', merchant: '茶 & "Tea"', merchantID: 'm' },
  ...{ amount: '12800', currency: '392', exponent: '0' },
}

test('the text of a payment is canonical JSON, whatever the order of the members', () => {
  const text =
    '{"acsTransID":"t","amount":"12800","card":"c","currency":"392","exponent":"0","lastFour":"0005",' +
    '"merchant":"茶 & \\"Tea\\"","merchantID":"m"}'
  expect(signedText(payment)).toBe(text)
  expect(signedText(Object.fromEntries(Object.entries(payment).reverse()))).toBe(text)
})

test.each(Object.keys(payment))('the text of a payment differs if %s differs or is absent', name => {
  for (const value of ['other', undefined])
    expect(signedText({ ...payment, [name]: value })).not.toBe(signedText(payment))
})
