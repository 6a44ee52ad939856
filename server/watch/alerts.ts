import { transaction } from '#db/client.ts'
import * as db from '#db/queries/alerts.ts'
import { stateOf } from '#domain/watch/alert.ts'
import { isId } from '../account/sessions.ts'
import { auditOperator } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'

/** How many alerts are listed at most. */
const mostListed = 1000

/** Alerts as an operator sees them, the oldest first: those that are not closed, or all. */
export async function listAlerts(all: boolean) {
  const rows = await db.listAlerts(!all, mostListed)
  return rows.map(({ alert, sentAt, cardholder, lastFour }) => {
    const { id, rule, subjectKind, subject, count, raisedAt, acknowledgedAt, closedAt, confirmedAt } = alert
    return {
      ...{ id, rule, subject: { kind: subjectKind, id: subject }, count },
      ...(cardholder !== null && { cardholder }),
      ...(lastFour !== null && { lastFour }),
      ...(alert.authenticationId !== null && { authentication: alert.authenticationId }),
      state: stateOf({ sentAt, acknowledgedAt, closedAt }),
      ...times({ raisedAt, sentAt, acknowledgedAt, confirmedAt, closedAt }),
    }
  })
}

function times(instants: Readonly<Record<string, number | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(instants).flatMap(([name, at]) => (at === null ? [] : [[name, new Date(at).toISOString()]])),
  )
}

/** Closes and audits an alert, once the issuer has dealt with it. */
export async function closeAlert(
  id: string,
  by: string,
  reason: string,
): Promise<{ readonly kind: 'closed' | 'unknown' }> {
  if (!isId(id)) return { kind: 'unknown' }
  return transaction(async tx => {
    const alert = await db.closeAlert(tx, id, now())
    if (!alert) return { kind: 'unknown' }
    await auditOperator(tx, { type: 'alert-closed', by, reason, cardholderId: alert.cardholderId, ref: id })
    return { kind: 'closed' }
  })
}
