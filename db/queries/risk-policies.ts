import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import type { PolicyUse } from '#domain/risk/policy/lifecycle.ts'
import type { ReplaySummary } from '#domain/risk/replay/summary.ts'
import type { Queryable } from '../client.ts'
import { riskPolicies, riskPolicySignatures } from '../schema.ts'

export type PolicyRow = typeof riskPolicies.$inferSelect
export type SignatureRow = Pick<typeof riskPolicySignatures.$inferSelect, 'signer' | 'signature'>

/** A version, by the `id` and `version` of its document. */
export type PolicyName = Pick<PolicyRow, 'policyId' | 'version'>

const named = ({ policyId, version }: PolicyName) =>
  and(eq(riskPolicies.policyId, policyId), eq(riskPolicies.version, version))

/** Lets one operator at a time change policies. Held until the transaction ends. */
export async function lockPolicies(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7317333)`)
}

/** Adds a version as a draft. Returns false if there is one of this name. */
export async function insertPolicy(
  tx: Queryable,
  row: Pick<PolicyRow, 'policyId' | 'version' | 'document' | 'digest' | 'addedAt'>,
): Promise<boolean> {
  const added = await tx.insert(riskPolicies).values(row).onConflictDoNothing().returning({ id: riskPolicies.policyId })
  return added.length === 1
}

export async function findPolicy(tx: Queryable, name: PolicyName): Promise<PolicyRow | undefined> {
  const [row] = await tx.select().from(riskPolicies).where(named(name))
  return row
}

/** The versions, those added last first. */
export function allPolicies(tx: Queryable): Promise<PolicyRow[]> {
  return tx.select().from(riskPolicies).orderBy(sql`${riskPolicies.addedAt} desc`, sql`${riskPolicies.version} desc`)
}

/** A version in use. `state` changes with everything that may make it usable: its digest, its use, its signatures. */
export interface InUse extends PolicyName {
  readonly use: PolicyUse | null
  readonly state: string
}

/** Which versions are in use. Every `ds` process asks every second, so this reads no documents. */
export function policyNamesInUse(tx: Queryable): Promise<InUse[]> {
  return tx
    .select({
      policyId: riskPolicies.policyId,
      version: riskPolicies.version,
      use: riskPolicies.use,
      state: sql<string>`concat_ws(' ', encode(${riskPolicies.digest}, 'hex'), ${riskPolicies.usedSince}, (
        select string_agg(encode(sha256(signature), 'hex'), ' ' order by signer) from ${riskPolicySignatures} as signed
        where signed.policy_id = ${riskPolicies}.policy_id and signed.version = ${riskPolicies}.version
      ))`,
    })
    .from(riskPolicies)
    .where(isNotNull(riskPolicies.use))
}

export async function policyInUse(tx: Queryable, use: PolicyUse): Promise<PolicyRow | undefined> {
  const [row] = await tx.select().from(riskPolicies).where(eq(riskPolicies.use, use))
  return row
}

export async function saveTest(tx: Queryable, name: PolicyName, replay: ReplaySummary, at: number): Promise<void> {
  await tx.update(riskPolicies).set({ testedAt: at, replay }).where(named(name))
}

export function signaturesOf(tx: Queryable, { policyId, version }: PolicyName): Promise<SignatureRow[]> {
  return tx
    .select({ signer: riskPolicySignatures.signer, signature: riskPolicySignatures.signature })
    .from(riskPolicySignatures)
    .where(and(eq(riskPolicySignatures.policyId, policyId), eq(riskPolicySignatures.version, version)))
    .orderBy(asc(riskPolicySignatures.signedAt))
}

/** Stores a signature, in place of one that the signer made under another key. */
export async function saveSignature(tx: Queryable, row: typeof riskPolicySignatures.$inferInsert): Promise<void> {
  const { policyId, version, signer } = riskPolicySignatures
  await tx
    .insert(riskPolicySignatures)
    .values(row)
    .onConflictDoUpdate({
      target: [policyId, version, signer],
      set: { signature: row.signature, signedAt: row.signedAt },
    })
}

/** Uses a version in place of the one that has been used so. The caller holds `lockPolicies`. */
export async function setUse(tx: Queryable, name: PolicyName, use: PolicyUse, at: number): Promise<void> {
  await tx.update(riskPolicies).set({ use: null, usedSince: null }).where(eq(riskPolicies.use, use))
  await tx.update(riskPolicies).set({ use, usedSince: at }).where(named(name))
}

export async function stopPolicy(tx: Queryable, name: PolicyName): Promise<void> {
  await tx.update(riskPolicies).set({ use: null, usedSince: null }).where(named(name))
}
