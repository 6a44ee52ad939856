import { expect, test } from 'vitest'
import { type Cookie, cookiesFor, keepCookies } from './cookies.ts'

const now = Date.parse('2026-11-28T03:00:00Z')

test('sends a cookie back to its path, and replaces it', () => {
  const jar: Cookie[] = []
  keepCookies(jar, ['visit=1; Path=/; HttpOnly; Secure', 'device=a=b; Path=/ja/account/approve'], now)
  keepCookies(jar, ['visit=2; Path=/; Max-Age=60'], now)
  expect(cookiesFor(jar, '/ja/account/approve', now)).toBe('device=a=b; visit=2')
  expect(cookiesFor(jar, '/ja/account/approve/1', now)).toBe('device=a=b; visit=2')
  expect(cookiesFor(jar, '/ja/account/approved', now)).toBe('visit=2')
})

test.each(['Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'])('forgets a cookie with %s', attribute => {
  const jar: Cookie[] = []
  keepCookies(jar, ['session=1; Path=/'], now)
  keepCookies(jar, [`session=; Path=/; ${attribute}`], now)
  expect(cookiesFor(jar, '/', now)).toBeUndefined()
})

test.each(['Max-Age=60', 'Expires=Sat, 28 Nov 2026 03:01:00 GMT'])('sends a cookie with %s until then', attribute => {
  const jar: Cookie[] = []
  keepCookies(jar, [`notice=1; Path=/; ${attribute}`], now)
  expect(cookiesFor(jar, '/', now + 59_999)).toBe('notice=1')
  expect(cookiesFor(jar, '/', now + 60_000)).toBeUndefined()
})
