import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { database } from '#db/client.ts'
import { auditEventsByType } from '#db/queries/audit.ts'
import { allFingerprints } from '#db/queries/key-fingerprints.ts'
import { type Deployment, freshKey, startDeployment } from '../testing/deployment.ts'
import { checkKeys } from './fingerprints.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
  await checkKeys()
})
afterAll(() => at.stop())

const recorded = async () =>
  (await auditEventsByType(database(), ['keys-forgotten', 'keys-retired'], 10)).map(({ type, fields }) => ({
    type,
    fields,
  }))
const known = async () =>
  (await allFingerprints()).filter(({ purpose }) => purpose === 'contact').map(({ keyId }) => keyId)

/** Runs `safekey keys …` in a process of its own, on this deployment's database, and returns its exit code. */
async function run(...words: string[]): Promise<number> {
  const args = ['--import', 'tsx', '--import', './demo/demo-mode.ts', 'server/commands/keys.ts', ...words]
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, args, {
    cwd: new URL('../..', import.meta.url),
    env: { PATH, HOME, ...at.environment(), DATABASE_URL: at.url, LOG_LEVEL: 'silent', NODE_ENV: 'production' },
    stdio: 'ignore',
  })
  const [code] = await once(child, 'close')
  return Number(code)
}

test('forget refuses a key in use that the database was filled with, and an operator without a name or reason', async () => {
  const name = 'KEY_CONTACT:1'
  expect(await run('forget', name)).toBe(1)
  expect(await run('forget', name, '--by', 'Sato', '--reason', ' ')).toBe(1)
  expect(await run('forget', name, '--by', 'Sato', '--reason', 'lost')).toBe(2)
  expect([await known(), await recorded()]).toEqual([[1], []])
})

test('forgetting keys is recorded with who and why, and so is retiring them', async () => {
  const lost = freshKey(2)
  at.configure({ KEY_CONTACT: `${lost},${at.setting('KEY_CONTACT')}` })
  await checkKeys()
  expect(await run('forget', 'KEY_CONTACT:1', '--by', 'Sato', '--reason', 'known to others')).toBe(0)
  expect(await known()).toEqual([2])
  expect(await recorded()).toEqual([
    { type: 'keys-forgotten', fields: { by: 'Sato', reason: 'known to others', keys: 'KEY_CONTACT:1', count: 1 } },
  ])
  await run('retire', '--by', 'Suzuki')
  expect((await recorded())[0]).toMatchObject({
    type: 'keys-retired',
    fields: { by: 'Suzuki', renewed: expect.any(Number), unreadable: 0 },
  })
})
