import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

/** What page.tsx loads at most, as a proxy would send it. */
const scripts = ['window.js', 'passkey.js']

test('the scripts of the challenge window are smaller than 5 kB together', () => {
  const sizes = scripts.map(name => gzipSync(readFileSync(`public/${name}`)).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5000)
})
