import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { PolicyName } from '#db/queries/risk-policies.ts'
import { heldOutSeeds } from '#domain/risk/generator/seeds.ts'
import { type PolicyUse, type StepRefusal, signaturesFor } from '#domain/risk/policy/lifecycle.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import { replayGenerated } from '#domain/risk/replay/replay.ts'
import { summaryOf } from '#domain/risk/replay/summary.ts'
import { differences, tally } from '#domain/risk/replay/tally.ts'
import { config } from '../platform/config.ts'
import type { RiskSettings } from '../platform/risk-settings.ts'
import { ConfigError } from '../platform/variable.ts'
import { signedText, signPolicy } from '../risk/policy-signatures.ts'
import {
  activePolicy,
  addPolicy,
  listPolicies,
  type Operator,
  putInUse,
  recordSignature,
  recordTest,
  stopUse,
  storedPolicy,
} from '../risk/policy-steps.ts'
import { textDifferences, textReport } from '../risk/report-text.ts'
import { readStoredPolicy } from '../risk/stored-policy.ts'

// The steps of a policy, for an operator at a terminal. Each function returns the exit code: 0, or 2 if the step was
// refused.

/** Bytes; a policy has at most 200,000 characters, of at most three bytes. */
const longest = 600_000

export function settings(): RiskSettings {
  const { risk } = config().issuer
  if (!risk) throw new ConfigError('ISSUER_FILE must have the member risk, for policies to be used (docs/risk.md)')
  return risk
}

export async function add(file: string, operator: Operator): Promise<number> {
  const added = await addPolicy(readBytes(file), operator)
  switch (added.kind) {
    case 'added':
      console.log(`${nameOf(added.name)} added`)
      return 0
    case 'known':
      console.log(`${nameOf(added.name)} was added before`)
      return 0
    case 'other-document':
      console.error(`${nameOf(added.name)} exists, and versions do not change: give ${file} a higher version`)
      return 2
    case 'unusable':
      return unusable(file, added.problems)
  }
}

export async function list(): Promise<number> {
  const risk = settings()
  for (const policy of await listPolicies(risk))
    console.log(JSON.stringify({ ...policy, signaturesNeeded: risk.signatures }))
  return 0
}

export async function show(name: PolicyName, what: 'document' | 'signed-text'): Promise<number> {
  const row = await storedPolicy(name)
  if (!row) return unknown(name)
  process.stdout.write(what === 'document' ? row.document : signedText(row))
  return 0
}

/** Tries a version on the seeds on which no policy is tuned, and records the result. */
export async function test(name: PolicyName, cards: number, operator: Operator): Promise<number> {
  const row = await storedPolicy(name)
  if (!row) return unknown(name)
  const read = readStoredPolicy(row)
  if ('problems' in read) return unusable(nameOf(name), read.problems)
  const active = await policyNow()
  const histories = { seeds: heldOutSeeds, cards }
  const [judged = [], before] = replayGenerated([read.policy, ...(active ? [active] : [])], histories)
  const found = tally(judged, read.policy)
  console.log(
    `${textReport(`${nameOf(name)}: ${cards.toLocaleString('en')} cards, seed ${heldOutSeeds.join(', ')}; generated payments, amounts in yen`, found)}\n`,
  )
  if (active && before)
    console.log(
      `${textDifferences(`From ${active.id} ${active.version} to ${nameOf(name)}`, differences(before, judged))}\n`,
    )
  const tested = await recordTest(name, summaryOf(found, histories), operator)
  if (tested.kind === 'unknown') return unknown(name)
  if (tested.kind === 'unusable') return unusable(nameOf(name), tested.problems)
  console.log(`${nameOf(name)} is tested`)
  return 0
}

/** The active policy, to compare with. */
export async function policyNow(): Promise<Policy | undefined> {
  const row = await activePolicy()
  const read = row && readStoredPolicy(row)
  return read && 'policy' in read ? read.policy : undefined
}

/** Where a signature comes from: a private key on this machine, or a file that was made elsewhere. */
export interface SignatureSource {
  readonly key?: string | undefined
  readonly signature?: string | undefined
}

export async function sign(
  name: PolicyName,
  signer: string,
  { key, signature }: SignatureSource,
  operator: Operator,
): Promise<number> {
  const risk = settings()
  const row = await storedPolicy(name)
  if (!row) return unknown(name)
  const made = key === undefined ? readBytes(signature ?? '') : signPolicy(row, keyIn(key, 'private'))
  const signed = await recordSignature(name, { signer, signature: made }, operator, risk)
  switch (signed.kind) {
    case 'signed':
      console.log(
        `${nameOf(name)} is signed by ${signer}: ${signed.valid} of ${risk.signatures} signatures that are needed`,
      )
      return 0
    case 'unknown':
      return unknown(name)
    case 'refused':
      return refused(name, signed.why)
    case 'unknown-signer':
      console.error(`${signer} is not among risk.signers in ISSUER_FILE`)
      return 2
    case 'signed-already':
      console.error(`${signer} has signed ${nameOf(name)} already: another signer is needed for another signature`)
      return 2
    case 'wrong':
      console.error(
        `The signature is not one of ${nameOf(name)} under the key of ${signer} in ISSUER_FILE: safekey risk show ${nameOf(name)} --signed-text prints what is signed`,
      )
      return 2
  }
}

export async function startUse(name: PolicyName, as: PolicyUse, operator: Operator): Promise<number> {
  const risk = settings()
  const used = await putInUse(name, as, operator, risk)
  switch (used.kind) {
    case 'used':
      console.log(
        `${nameOf(name)} is ${as === 'active' ? 'active' : 'in shadow'}${used.replaced ? `, in place of ${used.replaced}` : ''}: every process uses it within five seconds`,
      )
      return 0
    case 'unknown':
      return unknown(name)
    case 'unusable':
      return unusable(nameOf(name), used.problems)
    case 'refused':
      return refused(name, used.why, `${used.valid} of ${signaturesFor(as, risk.signatures)}`)
  }
}

export async function stop(name: PolicyName, operator: Operator): Promise<number> {
  const stopped = await stopUse(name, operator)
  switch (stopped.kind) {
    case 'stopped':
      console.log(`${nameOf(name)} is not used any more: every process stops within five seconds`)
      return 0
    case 'unknown':
      return unknown(name)
    case 'refused':
      return refused(name, stopped.why)
  }
}

/** The entry of a signer for the issuer's file, from a key as PEM or JWK; of a private key, its public half. */
export function printSigner(name: string, file: string): void {
  const publicKey = keyIn(file, 'public').export({ format: 'jwk' })
  console.log(JSON.stringify({ name, publicKey }))
}

function keyIn(file: string, kind: 'public' | 'private'): KeyObject {
  const text = readBytes(file).toString()
  try {
    const key = text.trimStart().startsWith('{') ? { key: JSON.parse(text), format: 'jwk' as const } : text
    const read = kind === 'private' ? createPrivateKey(key) : createPublicKey(key)
    const { asymmetricKeyType, asymmetricKeyDetails } = read
    if (asymmetricKeyType === 'ed25519' || asymmetricKeyDetails?.namedCurve === 'prime256v1') return read
  } catch {
    // The same complaint.
  }
  throw new ConfigError(`${file} must be a ${kind} key, Ed25519 or P-256, as PEM or JWK`)
}

const words: Readonly<Record<StepRefusal, string>> = {
  'not-tested': 'is not tested yet: safekey risk test',
  'signatures-missing': 'has too few signatures',
  'active-already': 'is active already',
  'shadow-already': 'is in shadow already',
  'not-used': 'is not in use',
}

function refused(name: PolicyName, why: StepRefusal, signatures?: string): number {
  console.error(`${nameOf(name)} ${words[why]}${why === 'signatures-missing' ? `: ${signatures}` : ''}`)
  return 2
}

function unknown(name: PolicyName): number {
  console.error(`${nameOf(name)}: no such policy, safekey risk list shows them`)
  return 2
}

function unusable(what: string, problems: readonly string[]): number {
  console.error(`${what} may not be used:\n${problems.map(problem => `  ${problem}`).join('\n')}`)
  return 2
}

function nameOf({ policyId, version }: PolicyName): string {
  return `${policyId} ${version}`
}

function readBytes(file: string): Buffer {
  try {
    const stat = statSync(file)
    if (stat.isFile() && stat.size <= longest) return readFileSync(file)
  } catch {
    // The same complaint.
  }
  throw new ConfigError(`${file} must be a file of at most 600 kB that can be read`)
}
