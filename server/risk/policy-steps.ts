import { database, type Queryable, transaction } from '#db/client.ts'
import {
  allPolicies,
  findPolicy,
  insertPolicy,
  lockPolicies,
  type PolicyName,
  type PolicyRow,
  policyInUse,
  saveSignature,
  saveTest,
  setUse,
  signaturesOf,
  stopPolicy,
} from '#db/queries/risk-policies.ts'
import {
  type PolicyState,
  type PolicyStep,
  type PolicyUse,
  refusalOf,
  type StepRefusal,
  stateOf,
} from '#domain/risk/policy/lifecycle.ts'
import { readPolicy } from '#domain/risk/policy/read-policy.ts'
import type { ReplaySummary } from '#domain/risk/replay/summary.ts'
import { auditOperator } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import type { RiskSettings } from '../platform/risk-settings.ts'
import { isSignedBy, validSigners } from './policy-signatures.ts'
import { readStoredPolicy } from './stored-policy.ts'

// The steps of a risk policy, each by an operator, each in one transaction with its audit event. One operator at a time:
// each step sees what the others have done.

export interface Operator {
  readonly by: string
  readonly reason?: string
}

type Problems = readonly [string, ...string[]]
type Unknown = { readonly kind: 'unknown' }
type Refused = { readonly kind: 'refused'; readonly why: StepRefusal }
/** Its document may not be used. */
type Unusable = { readonly kind: 'unusable'; readonly problems: Problems }

/** Adds the version that a file contains, as a draft. Adding the same file again changes nothing. */
export async function addPolicy(
  document: Buffer,
  operator: Operator,
): Promise<
  | { readonly kind: 'added' | 'known' | 'other-document'; readonly name: PolicyName }
  | { readonly kind: 'unusable'; readonly problems: Problems }
> {
  const read = readPolicy(document.toString())
  if ('problems' in read) return { kind: 'unusable', problems: read.problems }
  const name = { policyId: read.policy.id, version: read.policy.version }
  const row = { ...name, document, digest: sha256(document), addedAt: now() }
  return transaction(async tx => {
    await lockPolicies(tx)
    if (await insertPolicy(tx, row)) {
      await auditStep(tx, 'add', row, operator)
      return { kind: 'added', name }
    }
    const known = await findPolicy(tx, name)
    return { kind: known?.digest.equals(row.digest) ? 'known' : 'other-document', name }
  })
}

/** Records that a version was tested: its examples are run again here, the replay was run by the caller. */
export function recordTest(
  name: PolicyName,
  replay: ReplaySummary,
  operator: Operator,
): Promise<Unknown | Unusable | { readonly kind: 'tested' }> {
  return transaction(async tx => {
    await lockPolicies(tx)
    const row = await findPolicy(tx, name)
    if (!row) return { kind: 'unknown' }
    const read = readStoredPolicy(row)
    if ('problems' in read) return { kind: 'unusable', problems: read.problems }
    await saveTest(tx, name, replay, now())
    await auditStep(tx, 'test', row, operator)
    return { kind: 'tested' }
  })
}

/** Keeps a signature of a tested version, if it verifies under the signer's key in the issuer's file. */
export function recordSignature(
  name: PolicyName,
  { signer, signature }: { readonly signer: string; readonly signature: Buffer },
  operator: Operator,
  risk: RiskSettings,
): Promise<
  | Unknown
  | Refused
  | { readonly kind: 'unknown-signer' | 'wrong' | 'signed-already' | 'signed'; readonly valid: number }
> {
  return transaction(async tx => {
    await lockPolicies(tx)
    const row = await findPolicy(tx, name)
    if (!row) return { kind: 'unknown' }
    const before = validSigners(row, await signaturesOf(tx, name), risk)
    const why = refusalOf('sign', versionOf(row, before.length), risk.signatures)
    if (why) return { kind: 'refused', why }
    const valid = before.length
    const known = risk.signers.find(each => each.name === signer)
    if (!known) return { kind: 'unknown-signer', valid }
    if (before.includes(signer)) return { kind: 'signed-already', valid }
    if (!isSignedBy(row, known, signature)) return { kind: 'wrong', valid }
    await saveSignature(tx, { ...name, signer, signature, signedAt: now() })
    await auditStep(tx, 'sign', row, operator, { signer })
    return { kind: 'signed', valid: valid + 1 }
  })
}

/** Has a version decide, or only record, in place of the one before. Its examples are tried again. */
export function putInUse(
  name: PolicyName,
  use: PolicyUse,
  operator: Operator,
  risk: RiskSettings,
): Promise<
  | Unknown
  | Unusable
  | (Refused & { readonly valid: number })
  | { readonly kind: 'used'; readonly replaced: string | undefined }
> {
  const step = use === 'active' ? 'activate' : 'shadow'
  return transaction(async tx => {
    await lockPolicies(tx)
    const row = await findPolicy(tx, name)
    if (!row) return { kind: 'unknown' }
    const valid = validSigners(row, await signaturesOf(tx, name), risk).length
    const why = refusalOf(step, versionOf(row, valid), risk.signatures)
    if (why) return { kind: 'refused', why, valid }
    const read = readStoredPolicy(row)
    if ('problems' in read) return { kind: 'unusable', problems: read.problems }
    const before = await policyInUse(tx, use)
    const replaced = before && nameOf(before)
    await setUse(tx, name, use, now())
    await auditStep(tx, step, row, operator, { ...(replaced && { replaced }) })
    return { kind: 'used', replaced }
  })
}

/** Ends the use of a version. */
export function stopUse(
  name: PolicyName,
  operator: Operator,
): Promise<Unknown | Refused | { readonly kind: 'stopped' }> {
  return transaction(async tx => {
    await lockPolicies(tx)
    const row = await findPolicy(tx, name)
    if (!row) return { kind: 'unknown' }
    const why = refusalOf('stop', versionOf(row, 0), 0)
    if (why) return { kind: 'refused', why }
    await stopPolicy(tx, name)
    await auditStep(tx, 'stop', row, operator)
    return { kind: 'stopped' }
  })
}

/** A version, as an operator sees it. */
export interface ListedPolicy {
  readonly policy: string
  readonly state: PolicyState
  readonly digest: string
  readonly addedAt: string
  readonly testedAt?: string
  readonly usedSince?: string
  readonly signedBy: readonly string[]
  /** The replay of its last test. */
  readonly replay?: ReplaySummary
  readonly problems?: Problems
}

export async function listPolicies(risk: RiskSettings): Promise<ListedPolicy[]> {
  const listed: ListedPolicy[] = []
  for (const row of await allPolicies(database())) {
    const read = readStoredPolicy(row)
    listed.push({
      policy: nameOf(row),
      state: stateOf(versionOf(row, 0)),
      digest: row.digest.toString('hex'),
      addedAt: new Date(row.addedAt).toISOString(),
      ...(row.testedAt !== null && { testedAt: new Date(row.testedAt).toISOString() }),
      ...(row.usedSince !== null && { usedSince: new Date(row.usedSince).toISOString() }),
      signedBy: validSigners(row, await signaturesOf(database(), row), risk),
      ...(row.replay && { replay: row.replay }),
      ...('problems' in read && { problems: read.problems }),
    })
  }
  return listed
}

export function storedPolicy(name: PolicyName): Promise<PolicyRow | undefined> {
  return findPolicy(database(), name)
}

export async function activePolicy(): Promise<PolicyRow | undefined> {
  return policyInUse(database(), 'active')
}

function versionOf({ testedAt, use }: PolicyRow, signatures: number) {
  return { isTested: testedAt !== null, use: use ?? undefined, signatures }
}

function nameOf({ policyId, version }: PolicyName): string {
  return `${policyId} ${version}`
}

function auditStep(
  tx: Queryable,
  step: PolicyStep,
  row: PolicyName & Pick<PolicyRow, 'digest'>,
  { by, reason }: Operator,
  more: { readonly signer?: string; readonly replaced?: string } = {},
): Promise<void> {
  const digest = row.digest.toString('hex')
  return auditOperator(tx, {
    ...{ type: 'risk-policy-step', step, policy: nameOf(row), digest, by, ...(reason && { reason }) },
    ...more,
  })
}
