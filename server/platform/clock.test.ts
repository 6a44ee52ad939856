import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { now } from './clock.ts'

const place = Symbol.for('safekey.mode')
const folder = mkdtempSync(join(tmpdir(), 'safekey-clock-'))
const clockFile = join(folder, 'clock')
const at = (mode: object | undefined) => Object.assign(globalThis, { [place]: mode })

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
  at(undefined)
  rmSync(clockFile, { force: true })
})

test('in production the time is the system’s, and no file changes it', () => {
  writeFileSync(clockFile, '86400000')
  at(undefined)
  expect(now()).toBe(1_000_000)
  at({ name: 'production' })
  expect(now()).toBe(1_000_000)
})

test('in the demo a file changes the time, and each change is seen at once', () => {
  at({ name: 'demo', clockFile })
  const seen = ['', '0', '5000', '-5000', '86400000'].map(offset => {
    writeFileSync(clockFile, offset)
    return now() - 1_000_000
  })
  expect(seen).toEqual([0, 0, 5000, -5000, 86_400_000])
})

test('a missing or malformed clock file changes nothing', () => {
  at({ name: 'demo', clockFile })
  const seen = ['soon', '1e400', '1.5', 'NaN'].map(offset => {
    writeFileSync(clockFile, offset)
    return now()
  })
  rmSync(clockFile)
  expect([...seen, now()]).toEqual([1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000])
})
