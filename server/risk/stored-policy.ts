import type { PolicyRow } from '#db/queries/risk-policies.ts'
import { type ReadPolicy, readPolicy } from '#domain/risk/policy/read-policy.ts'
import { sha256 } from '../platform/crypto.ts'

/**
 * Reads a stored version, and tries its examples with the rules of this release. What was changed in the database after
 * it was added has a problem, too.
 */
export function readStoredPolicy({ policyId, version, document, digest }: PolicyRow): ReadPolicy {
  if (!sha256(document).equals(digest)) return { problems: ['the document is not the one that was added'] }
  const read = readPolicy(document.toString())
  if ('problems' in read) return read
  const { policy } = read
  return policy.id === policyId && policy.version === version
    ? read
    : { problems: [`the document is ${policy.id} ${policy.version}`] }
}
