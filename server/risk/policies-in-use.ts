import { setTimeout as sleep } from 'node:timers/promises'
import { database } from '#db/client.ts'
import { findPolicy, type InUse, type PolicyName, policyNamesInUse, signaturesOf } from '#db/queries/risk-policies.ts'
import { type PolicyUse, signaturesFor } from '#domain/risk/policy/lifecycle.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import type { RiskSettings } from '../platform/risk-settings.ts'
import { validSigners } from './policy-signatures.ts'
import { readStoredPolicy } from './stored-policy.ts'

/** Pause between two looks at the database, milliseconds. */
const pause = 1000

/** The policies by which this process decides and records. */
export interface PoliciesInUse {
  readonly active?: Policy
  readonly shadow?: Policy
}

interface Held {
  inUse: PoliciesInUse
  /** What is wrong at the moment, so that it is logged once, and not tried again. */
  wrong: Partial<Record<PolicyUse | 'database', string>>
}

const place = Symbol.for('safekey.risk-policies')

function held(): Held {
  const shared = globalThis as { [place]?: Held | undefined }
  shared[place] ??= { inUse: {}, wrong: {} }
  return shared[place]
}

/** From memory: `startPolicies` and `refreshPolicies` read the database. */
export function policiesInUse(): PoliciesInUse {
  return held().inUse
}

/** Keeps the policies of this process as operators set them, each change within five seconds. */
export async function startPolicies(): Promise<{ stop(): void }> {
  const stopping = new AbortController()
  if (config().issuer.risk) {
    await refreshAnyway()
    void repeat(stopping.signal)
  }
  return { stop: () => stopping.abort() }
}

async function repeat(until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    await sleep(pause, undefined, { signal: until, ref: false }).catch(() => {})
    if (!until.aborted) await refreshAnyway()
  }
}

/** A database that does not answer changes nothing: the process goes on with what it has. */
async function refreshAnyway(): Promise<void> {
  try {
    await refreshPolicies()
    delete held().wrong.database
  } catch (error) {
    if (!held().wrong.database) log.error('risk.policies-not-read', { error })
    held().wrong.database = 'not-read'
  }
}

/** Reads once which policies are in use, and their documents if they changed. */
export async function refreshPolicies(): Promise<void> {
  const { risk } = config().issuer
  if (!risk) return
  const names = await policyNamesInUse(database())
  const [active, shadow] = [await next('active', names, risk), await next('shadow', names, risk)]
  held().inUse = { ...(active && { active }), ...(shadow && { shadow }) }
}

/**
 * The policy of one use. One that may not be used is logged, and the last good one stays; it is not read again until
 * something about it changes.
 */
async function next(use: PolicyUse, versions: readonly InUse[], risk: RiskSettings): Promise<Policy | undefined> {
  const { inUse, wrong } = held()
  const version = versions.find(each => each.use === use)
  const before = inUse[use]
  if (!version || (before?.id === version.policyId && before.version === version.version)) {
    delete wrong[use]
    return version && before
  }
  const policy = `${version.policyId} ${version.version}`
  const state = `${policy} ${version.state}`
  if (wrong[use] === state) return before
  const loaded = await load(use, version, risk)
  if ('policy' in loaded) {
    delete wrong[use]
    log.info('risk.policy-in-use', { kind: use, policy })
    return loaded.policy
  }
  wrong[use] = state
  log.error('risk.policy-unusable', { kind: use, policy, why: loaded.why })
  return before
}

/**
 * Checks the signatures here too, so that a row that was changed in the database alone changes nothing; and before the
 * document is read, so that it costs nothing either.
 */
async function load(
  use: PolicyUse,
  name: PolicyName,
  risk: RiskSettings,
): Promise<{ readonly policy: Policy } | { readonly why: 'document' | 'signatures' }> {
  const row = await findPolicy(database(), name)
  if (!row) return { why: 'document' }
  const signers = validSigners(row, await signaturesOf(database(), name), risk)
  if (signers.length < signaturesFor(use, risk.signatures)) return { why: 'signatures' }
  const read = readStoredPolicy(row)
  return 'problems' in read ? { why: 'document' } : read
}
