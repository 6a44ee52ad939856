import { expect, test } from 'vitest'
import { isIn, networkOf, readAddressRange } from './address-range.ts'

const inRange = (range: string, address: string | undefined) => {
  const read = readAddressRange(range)
  if (!read) throw new Error(`no range: ${range}`)
  return isIn([read], address)
}

test.each([
  ['10.0.0.5', '10.0.0.5', true],
  ['10.0.0.5', '::ffff:10.0.0.5', true],
  ['10.0.0.5', '10.0.0.6', false],
  ['10.0.1.0/24', '10.0.1.255', true],
  ['10.0.1.0/24', '10.0.2.0', false],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['::1', '::1', true],
  ['::1', '127.0.0.1', false],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['10.0.0.5', undefined, false],
  ['10.0.0.5', 'localhost', false],
] as const)('%s, %s: %s', (range, address, expected) => {
  expect(inRange(range, address)).toBe(expected)
})

test.each(['', 'localhost', '10.0.0', '10.0.0.5/33', '10.0.0.5/x', '10.0.0.5/24/1', '::1/129', '0x0a000005', '10.1/8'])(
  '%j is not a range',
  text => {
    expect(readAddressRange(text)).toBeUndefined()
  },
)

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::ffff', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['::1', '::/64'],
  ['', ''],
  ['unknown', 'unknown'],
])('the network of %j is %j', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
