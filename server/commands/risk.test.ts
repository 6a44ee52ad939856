import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const defaultPolicy = 'domain/risk/policies/japan.json'
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'risk-'))
})
afterAll(() => rm(folder, { recursive: true }))

function risk(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise(resolve =>
    execFile(process.execPath, ['--import', 'tsx', 'server/commands/risk.ts', ...words], (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    ),
  )
}

async function changed(name: string, from: string, to: string): Promise<string> {
  const text = await readFile(defaultPolicy, 'utf8')
  expect(text).toContain(from)
  const file = join(folder, name)
  await writeFile(file, text.replace(from, to))
  return file
}

test('check accepts the default policy, and names table and rule of what is wrong with another', async () => {
  const typo = await changed('typo.json', '"networkDays"', '"netwrokDays"')
  const [good, bad] = await Promise.all([risk('check', defaultPolicy), risk('check', typo)])
  expect(good).toMatchObject({ code: 0, out: expect.stringContaining('japan 1 has 29 rules'), err: '' })
  expect(bad.code).toBe(2)
  expect(bad.out).toContain('table origin, rule device-and-network-new: reads netwrokDays, which is not a signal')
})

test('replay compares two policies, and writes a report that loads nothing', async () => {
  const other = await changed('other.json', '"id": "japan"', '"id": "no-new-device"').then(async file => {
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('"challenge": 53', '"challenge": 50'))
    return file
  })
  const report = join(folder, 'report.html')
  const { code, out, err } = await risk(
    'replay',
    '--policy',
    other,
    '--against',
    defaultPolicy,
    '--cards',
    '300',
    '--report',
    report,
  )
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('no-new-device 1: 300 cards, seed 101')
  expect(out).toContain('From japan 1 to no-new-device 1')
  expect(out).toMatch(/frictionless → challenge +\d+/)
  const page = await readFile(report, 'utf8')
  expect(page).toContain('<svg')
  expect(page.match(/<path d="M[\d.,L-]+"/g)).toHaveLength(2)
  expect(page).not.toMatch(/<script|https?:|undefined|NaN/)
})

test.each([
  ['a file that is not there', ['check', '/nowhere.json'], '/nowhere.json cannot be read'],
  [
    'a report that cannot be written',
    ['replay', '--cards', '100', '--report', '/nowhere/report.html'],
    '/nowhere/report.html cannot be written',
  ],
  ['too many cards', ['replay', '--cards', '1000000'], '--cards must be a whole number from 100 to 20000, not 1000000'],
  [
    'a seed that is not a number',
    ['replay', '--seed', '1.5'],
    '--seed must be a whole number from 0 to 2147483648, not 1.5',
  ],
  ['both kinds of seeds', ['replay', '--seed', '1', '--held-out'], '--seed and --held-out exclude each other'],
  ['another command', ['tune'], 'safekey risk check FILE'],
])('%s ends with one sentence and code 1', async (_what, words, sentence) => {
  const { code, err } = await risk(...words)
  expect(code).toBe(1)
  expect(err).toMatch(new RegExp(`^${sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`))
  expect(err).not.toContain('at file:')
})
