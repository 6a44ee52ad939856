import { transaction } from '#db/client.ts'
import { allFingerprints, deleteFingerprint } from '#db/queries/key-fingerprints.ts'
import { auditOperator } from '../audit/audit.ts'
import { keyVariable, type Purpose } from '../platform/key-ring.ts'
import { keys } from '../platform/keys.ts'

export interface NamedKey {
  readonly purpose: Purpose
  readonly keyId: number
}

export type Forgotten =
  | { readonly kind: 'forgotten'; readonly count: number }
  /** This key is in use and the database was filled with it, so no key is forgotten. */
  | { readonly kind: 'in-use'; readonly key: NamedKey }

/**
 * Forgets keys that are lost or compromised, so that the next start accepts the keys it is given. Data under the
 * forgotten keys is lost.
 */
export async function forgetKeys(
  named: readonly NamedKey[],
  operator: { readonly by: string; readonly reason: string },
): Promise<Forgotten> {
  const rows = await allFingerprints()
  for (const key of named) {
    const row = rows.find(({ purpose, keyId }) => purpose === key.purpose && keyId === key.keyId)
    const inUse = keys().ids(key.purpose)[0] === key.keyId
    if (row && inUse && (await keys().matches(key.purpose, key.keyId, row.fingerprint))) return { kind: 'in-use', key }
  }
  return transaction(async tx => {
    let count = 0
    for (const { purpose, keyId } of named) count += await deleteFingerprint(tx, purpose, keyId)
    const { by, reason } = operator
    await auditOperator(tx, { type: 'keys-forgotten', by, reason, keys: named.map(nameOf).join(' '), count })
    return { kind: 'forgotten', count }
  })
}

/** A key as its setting names it, such as `KEY_CONTACT:1`. */
export function nameOf({ purpose, keyId }: NamedKey): string {
  return `${keyVariable(purpose)}:${keyId}`
}
