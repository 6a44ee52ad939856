import { sql } from 'drizzle-orm'
import { check, foreignKey, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { PolicyUse } from '#domain/risk/policy/lifecycle.ts'
import type { ReplaySummary } from '#domain/risk/replay/summary.ts'
import { at, bytea } from './columns.ts'

// Risk policies, as operators added them (docs/risk.md).

/**
 * The versions of policies. A trigger (in the migration) rejects deletions, and changes of what identifies a version:
 * authentications refer to it by its name.
 */
export const riskPolicies = pgTable(
  'risk_policies',
  {
    /** `id` and `version` in the document. */
    policyId: text('policy_id').notNull(),
    version: integer('version').notNull(),
    /** The file, byte for byte (UTF-8). */
    document: bytea('document').notNull(),
    /** SHA-256 of it. */
    digest: bytea('digest').notNull(),
    addedAt: at('added_at').notNull(),
    /** When its examples and a replay were last run; null: a draft. */
    testedAt: at('tested_at'),
    replay: jsonb('replay').$type<ReplaySummary>(),
    /** What it is used for, and since when. */
    use: text('use').$type<PolicyUse>(),
    usedSince: at('used_since'),
  },
  table => [
    primaryKey({ columns: [table.policyId, table.version] }),
    // Only one policy decides, and only one is in shadow.
    uniqueIndex('risk_policies_use').on(table.use).where(sql`${table.use} is not null`),
    // As many bytes as a policy of the most characters may have.
    check('risk_policies_size', sql`octet_length(${table.document}) <= 600000`),
    check('risk_policies_use_tested', sql`${table.use} is null or ${table.testedAt} is not null`),
  ],
)

/** Signatures of policies, by signers of the issuer's file. Whether they verify is found out when they are read. */
export const riskPolicySignatures = pgTable(
  'risk_policy_signatures',
  {
    policyId: text('policy_id').notNull(),
    version: integer('version').notNull(),
    signer: text('signer').notNull(),
    signature: bytea('signature').notNull(),
    signedAt: at('signed_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.policyId, table.version, table.signer] }),
    // ECDSA on P-256 in DER has at most 72 bytes.
    check('risk_policy_signatures_size', sql`octet_length(${table.signature}) <= 128`),
    foreignKey({
      name: 'risk_policy_signatures_policy',
      columns: [table.policyId, table.version],
      foreignColumns: [riskPolicies.policyId, riskPolicies.version],
    }),
  ],
)
