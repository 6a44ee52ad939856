import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { until } from '#db/testing/until.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { freePort } from '../testing/free-port.ts'
import { add, list, show, sign, test as tryVersion } from './risk-policies.ts'

const office = ['--by', 'risk-office', '--reason', 'CHG0012']
const file = 'domain/risk/policies/japan.json'

let at: Deployment
let key: string
let ds: ChildProcess | undefined

beforeAll(async () => {
  at = await startDeployment()
  key = join(at.folder, 'ana.pem')
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key])
  const signer = JSON.parse((await risk('signer', 'ana', key)).out)
  at.changeIssuer(issuer => ({ ...issuer, risk: { currency: '392', rates: { '392': 1 }, signers: [signer] } }))
})
afterAll(async () => {
  ds?.kill('SIGTERM')
  await at.stop()
})

/** A process of the product in demo mode on this deployment. */
const argumentsOf = (script: string, words: readonly string[]) => [
  ...['--import', 'tsx', '--import', './demo/demo-mode.ts', script],
  ...words,
]
const environment = (level: string): NodeJS.ProcessEnv => ({
  ...{ PATH: process.env.PATH ?? '', NODE_ENV: 'production' },
  ...at.environment(),
  LOG_LEVEL: level,
})

function risk(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise(resolve =>
    execFile(
      process.execPath,
      argumentsOf('server/commands/risk.ts', words),
      { env: environment('silent') },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    ),
  )
}

/** Runs a step in this process, for each process takes a second to start. */
async function step(work: () => Promise<number>): Promise<{ code: number; out: string }> {
  const lines: string[] = []
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(line => void lines.push(line)),
    vi.spyOn(process.stdout, 'write').mockImplementation(text => lines.push(String(text)) > 0),
  ]
  try {
    return { code: await work(), out: lines.join('\n') }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

test('a policy is added, tested, signed with OpenSSL and activated, and a running ds process uses it within five seconds', async () => {
  const lines: string[] = []
  const env = { ...environment('info'), DS_PORT: String(await freePort()) }
  ds = spawn(process.execPath, argumentsOf('server/main.ts', ['--role=ds']), { env })
  ds.stdout?.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')))

  const [name, operator] = [
    { policyId: 'japan', version: 1 },
    { by: 'risk-office', reason: 'CHG0012' },
  ]
  at.configure({})
  expect(await step(() => add(file, operator))).toEqual({ code: 0, out: 'japan 1 added' })
  expect(await step(() => tryVersion(name, 100, operator))).toEqual({
    code: 0,
    out: expect.stringMatching(/challenge rate[\s\S]*japan 1 is tested$/),
  })
  const [text, signature] = [join(at.folder, 'text'), join(at.folder, 'signature')]
  writeFileSync(text, (await step(() => show(name, 'signed-text'))).out)
  execFileSync('openssl', ['pkeyutl', '-sign', '-rawin', '-inkey', key, '-in', text, '-out', signature])
  expect(await step(() => sign(name, 'ana', { signature }, operator))).toEqual({
    code: 0,
    out: 'japan 1 is signed by ana: 1 of 1 signatures that are needed',
  })

  await until(() => lines.some(line => line.includes('role.ready')))
  expect(lines.filter(line => line.includes('risk.policy-in-use'))).toEqual([])
  expect(await risk('activate', 'japan', '1', ...office)).toMatchObject({ code: 0 })
  await until(() => lines.some(line => /"kind":"active","policy":"japan 1".*risk\.policy-in-use/.test(line)), 20, 5000)
  expect(JSON.parse((await step(() => list())).out)).toMatchObject({
    ...{ policy: 'japan 1', state: 'active', signedBy: ['ana'], signaturesNeeded: 1 },
    replay: { seeds: [9001, 9002, 9003], cards: 100 },
  })
})

describe('refuses in one sentence', () => {
  test.each([
    ['a step without a reason', ['activate', 'japan', '1', '--by', 'x'], 1, /^safekey risk check FILE/],
    ['a version that is not a number', ['show', 'japan', 'one'], 1, /^VERSION must be a whole number/],
    ['a version that does not exist', ['shadow', 'japan', '7', ...office], 2, /^japan 7: no such policy/],
    ['a file that is not a policy', ['add', 'package.json'], 2, /^package\.json may not be used:\n {2}/],
  ])('%s', async (_what, words, code, sentence) => {
    const found = await risk(...words)
    expect(found.code).toBe(code)
    expect(found.err).toMatch(sentence)
    expect(found.err).not.toContain('at file:')
  })
})
