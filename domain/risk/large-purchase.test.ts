import { expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { isLargePurchase } from './large-purchase.ts'

const above = { '392': 10_000n, '840': 0n }

test.each([
  ['a payment at the amount', { messageCategory: '01', amount: '10000', currency: '392' }, false],
  ['a payment above it', { messageCategory: '01', amount: '10001', currency: '392' }, true],
  ['leading zeros', { messageCategory: '01', amount: '000000000000010000', currency: '392' }, false],
  ['nothing to pay', { messageCategory: '01', amount: '0', currency: '840' }, false],
  ['any amount above zero', { messageCategory: '01', amount: '1', currency: '840' }, true],
  ['a currency without a configured amount', { messageCategory: '01', amount: '1', currency: '978' }, true],
  ['no currency', { messageCategory: '01', amount: '1' }, true],
  ['no amount', { messageCategory: '01', currency: '392' }, true],
  ['an empty amount', { messageCategory: '01', amount: '', currency: '392' }, true],
  ['a non-payment, however small', { messageCategory: '02', amount: '1', currency: '392' }, true],
  ['a non-payment without an amount', { messageCategory: '02' }, true],
])('%s: larger is %s', (_what, purchase, larger) => {
  expect(isLargePurchase(purchase, above)).toBe(larger)
})

test('a larger purchase stays larger when its amount grows, up to 48 digits', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 48n - 1n })
  fc.assert(
    fc.property(amount, amount, (one, other) => {
      const [less, more] = one < other ? [one, other] : [other, one]
      const larger = (paid: bigint) =>
        isLargePurchase({ messageCategory: '01', amount: `${paid}`, currency: '392' }, above)
      expect(Number(larger(less))).toBeLessThanOrEqual(Number(larger(more)))
    }),
  )
})
