import { allFingerprints, type KeyFingerprint, registerFingerprints, setDisused } from '#db/queries/key-fingerprints.ts'
import { now } from '../platform/clock.ts'
import { keyVariable, type Purpose, purposes } from '../platform/key-ring.ts'
import { keys } from '../platform/keys.ts'
import { ConfigError } from '../platform/variable.ts'
import { endOf } from './lifetimes.ts'

/**
 * Compares the keys with the ones that the database was filled with, and registers new ones. Throws a `ConfigError`
 * that names the settings if a key differs or if a key that is still needed is missing.
 */
export async function checkKeys(): Promise<void> {
  const before = await allFingerprints()
  await compare(before)
  const known = new Set(before.map(({ purpose, keyId }) => `${purpose}/${keyId}`))
  const held = purposes.flatMap(purpose => idsOf(purpose).map(keyId => ({ purpose, keyId })))
  const fresh = held.filter(({ purpose, keyId }) => !known.has(`${purpose}/${keyId}`))
  await registerFingerprints(
    await Promise.all(
      fresh.map(async key => ({ ...key, fingerprint: await keys().fingerprint(key.purpose, key.keyId) })),
    ),
  )
  // Another process that starts at the same time may have registered different keys first.
  await compare(await allFingerprints())
}

async function compare(rows: readonly KeyFingerprint[]): Promise<void> {
  const [wrong, missing]: [Named[], Named[]] = [[], []]
  for (const { purpose: name, keyId, fingerprint, disusedAt } of rows) {
    const purpose = purposes.find(known => known === name)
    if (!purpose) continue
    const ids = idsOf(purpose)
    if (!ids.includes(keyId)) {
      if (disusedAt === null || now() < endOf(purpose, disusedAt)) missing.push({ purpose, keyId })
    } else if (!(await keys().matches(purpose, keyId, fingerprint))) wrong.push({ purpose, keyId })
    else if (ids[0] === keyId && disusedAt !== null) await setDisused(purpose, keyId, null)
  }
  if (wrong.length > 0) throw new ConfigError(otherKeys(wrong))
  if (missing.length > 0) throw new ConfigError(missingKeys(missing))
}

function idsOf(purpose: Purpose): readonly number[] {
  return keys().ids(purpose)
}

interface Named {
  readonly purpose: Purpose
  readonly keyId: number
}

function otherKeys(named: readonly Named[]): string {
  return `${listed(named)} must be what this database was filled with, but the key is another one: put the earlier key back. Of two lines in .env the later one is read; a new key gets a new ID and stands in front of the earlier one (docs/operations.md)`
}

function missingKeys(named: readonly Named[]): string {
  return `${listed(named)} must not be missing, for data is still kept under it: put it back behind the key in use, until safekey keys retire says that it can be removed (docs/operations.md)`
}

function listed(named: readonly Named[]): string {
  return named.map(({ purpose, keyId }) => `${keyVariable(purpose)}=${keyId}:…`).join(', ')
}
