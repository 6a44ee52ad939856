import { and, asc, eq, gt, inArray, isNull, lt, min, sql } from 'drizzle-orm'
import { type CardRow, emptyRows } from '#domain/risk/history/rows.ts'
import { database, type Queryable } from '../client.ts'
import { alerts, authentications, cardholders, cards, type MerchantIdentity, outbox, riskRows } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

export type AlertRow = typeof alerts.$inferSelect

/** Saves an alert. Returns false if its rule has raised one about the subject in this window. */
export async function insertAlert(tx: Queryable, row: typeof alerts.$inferInsert): Promise<boolean> {
  const saved = await tx
    .insert(alerts)
    .values(row)
    .onConflictDoNothing({ target: [alerts.subjectKind, alerts.subject, alerts.rule, alerts.windowAt] })
    .returning({ id: alerts.id })
  return saved.length > 0
}

/** Alerts, the oldest first, with the issuer's id of the cardholder and when each was first sent. */
export function listAlerts(onlyOpen: boolean, most: number) {
  const sent = database()
    .select({ alertId: outbox.aboutId, sentAt: min(outbox.handedOverAt).as('sent_at') })
    .from(outbox)
    .where(eq(outbox.aboutId, alerts.id))
    .groupBy(outbox.aboutId)
    .as('sent')
  return database()
    .select({ alert: alerts, sentAt: sent.sentAt, cardholder: cardholders.issuerRef, lastFour: cards.lastFour })
    .from(alerts)
    .leftJoinLateral(sent, sql`true`)
    .leftJoin(cards, eq(cards.id, alerts.cardId))
    .leftJoin(cardholders, eq(cardholders.id, alerts.cardholderId))
    .where(onlyOpen ? isNull(alerts.closedAt) : undefined)
    .orderBy(asc(alerts.raisedAt), asc(alerts.id))
    .limit(most)
}

/** Marks an alert as acknowledged, once. Returns false if it is already, or there is no such alert with this nonce. */
export async function acknowledgeAlert(id: string, nonce: string, now: number): Promise<boolean> {
  const marked = await database()
    .update(alerts)
    .set({ acknowledgedAt: now })
    .where(and(eq(alerts.id, id), eq(alerts.nonce, nonce), isNull(alerts.acknowledgedAt)))
    .returning({ id: alerts.id })
  return marked.length > 0
}

/** Whether there is an alert with this nonce. */
export async function isAlert(id: string, nonce: string): Promise<boolean> {
  const found = await database()
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(eq(alerts.id, id), eq(alerts.nonce, nonce)))
  return found.length > 0
}

/** Closes an alert, once. */
export async function closeAlert(tx: Queryable, id: string, now: number): Promise<AlertRow | undefined> {
  const [row] = await tx
    .update(alerts)
    .set({ closedAt: now })
    .where(and(eq(alerts.id, id), isNull(alerts.closedAt)))
    .returning()
  return row
}

/** Whether one of these rules has found something about a network since. */
export async function isNetworkAlerted(
  tx: Queryable,
  network: string,
  rules: readonly AlertRow['rule'][],
  since: number,
): Promise<boolean> {
  const found = await tx
    .select({ id: alerts.id })
    .from(alerts)
    .where(
      and(
        eq(alerts.subjectKind, 'network'),
        eq(alerts.subject, network),
        inArray(alerts.rule, [...rules]),
        gt(alerts.raisedAt, since),
      ),
    )
    .limit(1)
  return found.length > 0
}

/** The alert about a refused payment of the cardholder's own, with the payment. */
export async function refusedPaymentOf(tx: Queryable, cardholderId: string, id: string) {
  const [row] = await tx
    .select({
      alert: alerts,
      areq: authentications.areq,
      decision: authentications.decision,
      cardStatus: cards.status,
      lastFour: cards.lastFour,
    })
    .from(alerts)
    .innerJoin(authentications, eq(authentications.id, alerts.authenticationId))
    .innerJoin(cards, eq(cards.id, alerts.cardId))
    .where(and(eq(alerts.id, id), eq(alerts.cardholderId, cardholderId), eq(alerts.rule, 'refused-payment')))
  return row
}

export type RefusedPayment = NonNullable<Awaited<ReturnType<typeof refusedPaymentOf>>>

export async function confirmRefusedPayment(tx: Queryable, id: string, now: number): Promise<void> {
  await tx.update(alerts).set({ confirmedAt: now }).where(eq(alerts.id, id))
}

/** The alert whose refused payment, with this card at this merchant, the cardholder has confirmed since. */
export async function confirmedPayment(
  { cardId, directoryServer, acquirerBIN, acquirerMerchantID }: MerchantIdentity & { readonly cardId: string },
  since: number,
): Promise<string | undefined> {
  const element = (name: string) => sql`coalesce(${authentications.areq} ->> ${name}, '')`
  const found = await database()
    .select({ id: alerts.id })
    .from(alerts)
    .innerJoin(authentications, eq(authentications.id, alerts.authenticationId))
    .where(
      and(
        eq(alerts.cardId, cardId),
        gt(alerts.confirmedAt, since),
        eq(authentications.directoryServer, directoryServer),
        eq(element('acquirerBIN'), acquirerBIN),
        eq(element('acquirerMerchantID'), acquirerMerchantID),
      ),
    )
    .limit(1)
  return found[0]?.id
}

/** A card and its cardholder. The card is not deleted before the transaction ends. */
export async function lockHolder(tx: Queryable, cardId: string) {
  const [row] = await tx
    .select({ cardId: cards.id, cardholderId: cards.cardholderId, lastFour: cards.lastFour })
    .from(cards)
    .where(eq(cards.id, cardId))
    .for('key share')
  return row
}

/** The reference to the network of an authentication, and what is remembered of its card. */
export async function originOf(tx: Queryable, authenticationId: string) {
  const [row] = await tx
    .select({ risk: authentications.risk, card: riskRows.row })
    .from(authentications)
    .leftJoin(riskRows, and(eq(riskRows.kind, 'card'), eq(riskRows.key, sql`${authentications.cardId}::text`)))
    .where(eq(authentications.id, authenticationId))
  return { network: row?.risk?.network, card: { ...emptyRows.card, ...(row?.card as Partial<CardRow> | null) } }
}

/** The elements that are stored of an AReq. */
export async function areqOf(tx: Queryable, authenticationId: string) {
  const [row] = await tx
    .select({ areq: authentications.areq })
    .from(authentications)
    .where(eq(authentications.id, authenticationId))
  return row?.areq
}

/** How authentications were decided, by their ids. */
export async function decisionsOf(tx: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select({ id: authentications.id, decision: authentications.decision })
    .from(authentications)
    .where(inArray(authentications.id, [...ids]))
  return new Map(rows.map(({ id, decision }) => [id, decision]))
}

export function purgeAlerts(before: number, most: number): Promise<number> {
  return deleteSome(alerts, lt(alerts.raisedAt, before), alerts.raisedAt, most)
}
