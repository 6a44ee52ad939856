import { saveAuditRetention } from '#db/queries/audit.ts'
import { type AuditType, auditEvents } from '#domain/audit/events.ts'
import { auditRetentionDays } from '#domain/audit/policy.ts'
import { config } from '../platform/config.ts'

/** Saves for how many days the database keeps events of each type, by the policy and `RETENTION_DAYS`. */
export async function writeAuditRetention(): Promise<void> {
  const types = Object.keys(auditEvents) as AuditType[]
  await saveAuditRetention(
    types.map(type => ({ type, days: auditRetentionDays(auditEvents[type].kept, config().retentionDays) })),
  )
}
