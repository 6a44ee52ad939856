import { type Queryable, transaction } from '#db/client.ts'
import { endFrozenContacts, unfreezeContacts } from '#db/queries/contacts.ts'
import { openReportOf, resolveReports } from '#db/queries/reports.ts'
import type { Resolution } from '#domain/contact/report.ts'
import type { Language } from '#domain/kernel/language.ts'
import { audit } from '../audit/audit.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { removeAdded } from './lock-down.ts'
import { endSessions, lockFor } from './sessions.ts'

// A report does not expire. It is resolved by the cardholder, with a proof that is older than everything in dispute, or
// by an operator (server/commands/reports.ts).

export type Resolved = { readonly kind: 'resolved' } | { readonly kind: 'stronger-authentication-needed' }

/** The cardholder resolves the open report. `lockFor` has checked that the proof is older than what is in dispute. */
export async function resolveOwnReport(actor: Actor, resolution: Resolution): Promise<Resolved> {
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'resolve-report', actor))) return { kind: 'stronger-authentication-needed' }
    const { cardholderId, language, sessionId } = actor
    await resolveReport(tx, { cardholderId, language }, { resolution, resolvedBy: 'cardholder', except: sessionId }, at)
    return { kind: 'resolved' }
  })
}

interface Resolving {
  readonly resolution: Resolution
  readonly resolvedBy: 'cardholder' | 'operator'
  /** The cardholder's own session: it does not end. */
  readonly except?: string
}

/**
 * Lifts the restrictions of all open reports and notifies every contact; returns false if no report is open. If the
 * events were the cardholder's own, disputed contacts receive codes again. If not, those contacts end, and everything
 * else that was added since the start of the dispute is removed. The caller holds the lock on the cardholder's row.
 */
export async function resolveReport(
  tx: Queryable,
  { cardholderId, language }: { readonly cardholderId: string; readonly language: Language },
  { resolution, resolvedBy, except }: Resolving,
  at: number,
): Promise<boolean> {
  const { reportOpenSince, disputedSince } = await openReportOf(tx, cardholderId)
  if (!reportOpenSince) return false
  if (resolution === 'was-me') await unfreezeContacts(tx, cardholderId)
  else {
    await endFrozenContacts(tx, cardholderId, at)
    await removeAdded(tx, cardholderId, disputedSince ?? reportOpenSince, at)
  }
  // A proof shown in another session was not accepted while the report was open, and must not become valid now.
  await endSessions(tx, cardholderId, except)
  await resolveReports(tx, cardholderId, { resolution, resolvedBy, resolvedAt: at })
  await notify(tx, { cardholderId, language, words: 'report-resolved' }, at)
  await audit(tx, { type: 'report-resolved', resolution, by: resolvedBy, cardholderId })
  log.info('report.resolved', { cardholderId, outcome: resolution, kind: resolvedBy })
  return true
}
