import { expect, test } from 'vitest'
import { deviceOf } from './signals.ts'

test.each([
  [undefined, '-540', undefined],
  [{ sameUserAgent: true, timeZone: null, known: false }, '-540', undefined],
  [{ sameUserAgent: true, timeZone: '-540', known: false }, '-540', undefined],
  [{ sameUserAgent: true, timeZone: '-540', known: true }, '-540', 'known'],
  [{ sameUserAgent: true, timeZone: '-540', known: true }, '-0540', 'known'],
  [{ sameUserAgent: true, timeZone: null, known: true }, undefined, 'known'],
  [{ sameUserAgent: true, timeZone: '0', known: true }, undefined, 'known'],
  [{ sameUserAgent: true, timeZone: '540', known: true }, '-540', 'differs'],
  [{ sameUserAgent: false, timeZone: null, known: true }, '-540', 'differs'],
] as const)('the 3DS Method saw %j and the AReq has time zone %s: %s', (seen, zone, device) => {
  expect(deviceOf(seen, zone)).toBe(device)
})
