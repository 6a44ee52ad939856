import { and, asc, eq, gte, isNull, sql } from 'drizzle-orm'
import type { Resolution } from '#domain/contact/report.ts'
import type { Queryable } from '../client.ts'
import { approvalDevices, cardholders, contacts, passkeys, reports } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'

// "This was not me". While one is open, the cardholder's row says since when and what is in dispute: it is read with every purchase.

/** What is reported of a cardholder and not resolved. */
export interface OpenReport {
  /** Since when; the first report's time. Payments ask for the strongest method there is meanwhile. */
  readonly reportOpenSince: number | null
  /** What was added from then on is in dispute. */
  readonly disputedSince: number | null
  /** When a mobile number was last stopped or frozen; milliseconds. */
  readonly numberStoppedAt: number | null
}

/** For the cardholder of a query's row. The table is named by hand: in a query of one table drizzle would leave its name out. */
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

/** Writes a report down. The first one's time stays, and what is in dispute only grows. */
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

/** When a cardholder's passkeys and devices were added since a time, removed ones among them. */
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

/** All that is reported of a cardholder is resolved. */
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

/** Whose an open report is. */
export async function ownerOfReport(tx: Queryable, id: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ cardholderId: reports.cardholderId })
    .from(reports)
    .where(and(eq(reports.id, id), isNull(reports.resolvedAt)))
  return row?.cardholderId
}
