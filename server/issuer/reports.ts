import { database, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { cardholderByRef } from '#db/queries/identities.ts'
import { openReports, ownerOfReport } from '#db/queries/reports.ts'
import type { ReportAbout, Resolution } from '#domain/contact/report.ts'
import { resolveReport } from '../account/resolve-report.ts'
import { isId } from '../account/sessions.ts'
import { auditOperator } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'

/** An open report, as an operator sees it. */
export interface OpenReport {
  readonly id: string
  /** The issuer's own id. */
  readonly cardholder: string
  readonly about: ReportAbout
  readonly reportedAt: string
  readonly disputedSince: string | undefined
}

export async function listReports(): Promise<OpenReport[]> {
  const rows = await openReports(database())
  return rows.map(({ id, issuerRef, about, reportedAt, disputedSince }) => ({
    ...{ id, cardholder: issuerRef, about, reportedAt: new Date(reportedAt).toISOString() },
    disputedSince: disputedSince === null ? undefined : new Date(disputedSince).toISOString(),
  }))
}

export interface Resolve {
  /** The id of a report, or the issuer's own id of a cardholder. */
  readonly id: string
  readonly by: string
  readonly reason: string
  readonly resolution: Resolution
}

/**
 * Resolves and audits all open reports of a cardholder, once the issuer has found out by its own means who is right.
 */
export async function resolveByOperator({
  id,
  by,
  reason,
  resolution,
}: Resolve): Promise<{ readonly kind: 'resolved' | 'unknown' }> {
  return transaction(async tx => {
    const cardholderId = (isId(id) && (await ownerOfReport(tx, id))) || (await cardholderByRef(tx, id))?.id
    const owner = cardholderId === undefined ? undefined : await lockCardholder(tx, cardholderId)
    if (!owner) return { kind: 'unknown' }
    if (
      !(await resolveReport(
        tx,
        { cardholderId: owner.id, language: owner.language },
        { resolution, resolvedBy: 'operator' },
        now(),
      ))
    )
      return { kind: 'unknown' }
    await auditOperator(tx, { type: 'reports-resolved', by, reason, resolution, cardholderId: owner.id })
    return { kind: 'resolved' }
  })
}
