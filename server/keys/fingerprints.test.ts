import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { encryptionPurposes, keyVariable, purposes } from '../platform/key-ring.ts'
import { keys } from '../platform/keys.ts'
import { type Deployment, freshKey, startDeployment } from '../testing/deployment.ts'
import { checkKeys } from './fingerprints.ts'

let at: Deployment
let ordinary: Record<string, string>

beforeAll(async () => {
  at = await startDeployment()
  ordinary = { ...at.environment() }
})
afterAll(() => at.stop())
beforeEach(async () => {
  at.configure(ordinary)
  await at.sql`delete from key_fingerprints`
  await checkKeys()
})

test('registers the keys of a new database, and accepts them again', async () => {
  const rows = await at.sql`select purpose, key_id from key_fingerprints`
  expect(new Set(rows.map(({ purpose }) => purpose))).toEqual(new Set(purposes))
  await checkKeys()
  expect(await at.sql`select purpose, key_id from key_fingerprints`).toHaveLength(purposes.length)
})

test.each(purposes)('refuses another key for %s, and names its setting', async purpose => {
  const name = keyVariable(purpose)
  at.configure({ [name]: freshKey(1) })
  await expect(checkKeys()).rejects.toThrow(new RegExp(`^${name}=1:… must be what this database was filled with`))
})

test('names all keys in one line if all are different', async () => {
  at.configure(Object.fromEntries(purposes.map(purpose => [keyVariable(purpose), freshKey(1)])))
  const error = await checkKeys().then(
    () => undefined,
    (error: Error) => error.message,
  )
  for (const purpose of purposes) expect(error).toContain(`${keyVariable(purpose)}=1:…`)
  expect(error).not.toContain('\n')
})

test('accepts a new key before the earlier one, and registers it', async () => {
  const before = at.setting('KEY_CONTACT')
  const after = freshKey(2)
  at.configure({ KEY_CONTACT: `${after},${before}` })
  await checkKeys()
  at.configure({ KEY_CONTACT: `${freshKey(2)},${before}` })
  await expect(checkKeys()).rejects.toThrow(/^KEY_CONTACT=2:… must be what/)
})

test('refuses to start without a key that is still needed', async () => {
  at.configure({ KEY_CONTACT: freshKey(2) })
  await expect(checkKeys()).rejects.toThrow(/^KEY_CONTACT=1:… must not be missing/)
})

test('registers no key if it refuses to start', async () => {
  const before = at.setting('KEY_CONTACT')
  at.configure({ KEY_CONTACT: freshKey(2) })
  await expect(checkKeys()).rejects.toThrow(/must not be missing/)
  at.configure({ KEY_CONTACT: `${freshKey(2)},${before}` })
  await checkKeys()
})

test('stores nothing that reveals a key: an encrypted canary, or a keyed hash', async () => {
  const rows = await at.sql`select purpose, fingerprint from key_fingerprints`
  const again = await Promise.all(rows.map(({ purpose }) => keys().fingerprint(purpose, 1)))
  for (const [index, { purpose, fingerprint }] of rows.entries())
    expect(again[index] === fingerprint).toBe(!encryptionPurposes.some(known => known === purpose))
  expect(new Set(rows.map(({ fingerprint }) => fingerprint)).size).toBe(rows.length)
})
