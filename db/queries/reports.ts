import { and, asc, eq, gte, isNull, sql } from 'drizzle-orm'
import type { Resolution } from '#domain/contact/report.ts'
import type { Queryable } from '../client.ts'
import { approvalDevices, cardholders, contacts, passkeys, reports } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'

// "This was not me" reports. While one is open, its times are also stored in the cardholder's row, which every purchase
// reads.

/** The unresolved reports of a cardholder, summarised. */
export interface OpenReport {
  /** The time of the first open report. Payments are restricted while one is open. */
  readonly reportOpenSince: number | null
  /** The time from which everything added is in dispute. */
  readonly disputedSince: number | null
  /** When a mobile number was last stopped or frozen; milliseconds. */
  readonly numberStoppedAt: number | null
}

/**
 * For queries that include `cardholders`. The table is named literally, because in a query of one table drizzle would
 * omit its name.
 */
export const openReportColumns = {
  reportOpenSince: cardholders.reportOpenSince,
  disputedSince: cardholders.disputedSince,
  numberStoppedAt: sql<number | null>`(select extract(epoch from max(${contacts.frozenAt})) * 1000
    from ${contacts} where ${contacts.cardholderId} = "cardholders"."id" and ${contacts.kind} = 'mobile')`.mapWith(
    Number,
  ),
}

const noOpenReport: OpenReport = { reportOpenSince: null, disputedSince: null, numberStoppedAt: null }

export async function openReportOf(tx: Queryable, cardholderId: string): Promise<OpenReport> {
  const [row] = await tx.select(openReportColumns).from(cardholders).where(eq(cardholders.id, cardholderId))
  return row ?? noOpenReport
}

/**
 * Stores a report. The time of the first open report is kept. `disputedSince` must not be later than the stored one.
 */
export async function insertReport(
  tx: Queryable,
  row: Pick<typeof reports.$inferInsert, 'id' | 'cardholderId' | 'about' | 'reportedAt'>,
  disputedSince: number,
) {
  await tx.insert(reports).values(row)
  await tx
    .update(cardholders)
    .set({
      reportOpenSince: sql`coalesce(${cardholders.reportOpenSince}, ${toTimestamp(row.reportedAt)})`,
      disputedSince,
    })
    .where(eq(cardholders.id, row.cardholderId))
}

/** When the cardholder's passkeys and devices were added since a time, including removed ones. */
export async function addedSince(tx: Queryable, cardholderId: string, since: number): Promise<number[]> {
  const added = await Promise.all(
    [passkeys, approvalDevices].map(table =>
      tx
        .select({ at: table.createdAt })
        .from(table)
        .where(and(eq(table.cardholderId, cardholderId), gte(table.createdAt, since))),
    ),
  )
  return added.flat().map(({ at }) => at)
}

const openOf = (cardholderId: string) => and(eq(reports.cardholderId, cardholderId), isNull(reports.resolvedAt))

/** Resolves all open reports of a cardholder. */
export async function resolveReports(
  tx: Queryable,
  cardholderId: string,
  by: { readonly resolution: Resolution; readonly resolvedBy: 'cardholder' | 'operator'; readonly resolvedAt: number },
) {
  await tx.update(reports).set(by).where(openOf(cardholderId))
  await tx
    .update(cardholders)
    .set({ reportOpenSince: null, disputedSince: null })
    .where(eq(cardholders.id, cardholderId))
}

/** Open reports with the issuer's id of their cardholder, the oldest first. */
export function openReports(tx: Queryable) {
  return tx
    .select({
      id: reports.id,
      issuerRef: cardholders.issuerRef,
      about: reports.about,
      reportedAt: reports.reportedAt,
      disputedSince: cardholders.disputedSince,
    })
    .from(reports)
    .innerJoin(cardholders, eq(cardholders.id, reports.cardholderId))
    .where(isNull(reports.resolvedAt))
    .orderBy(asc(reports.reportedAt))
}

/** The cardholder of an open report. */
export async function ownerOfReport(tx: Queryable, id: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ cardholderId: reports.cardholderId })
    .from(reports)
    .where(and(eq(reports.id, id), isNull(reports.resolvedAt)))
  return row?.cardholderId
}
