import { type Queryable, transaction } from '#db/client.ts'
import { endFrozenContacts, thawContacts } from '#db/queries/contacts.ts'
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

// A report has no timer. It is resolved by the cardholder, who shows a proof that is older than all that is in dispute, or by
// an operator (server/commands/reports.ts).

export type Resolved = { readonly kind: 'resolved' } | { readonly kind: 'stronger-authentication-needed' }

/** The cardholder resolves what is reported. `lockFor` has seen to it that the proof is older than what is in dispute. */
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
  /** The session in which it is done stays. */
  readonly except?: string
}

/**
 * Ends what reports have tightened, told on every contact; answers whether there was one. Contacts in dispute receive codes
 * again only if they were the cardholder's own after all; if not they have ended, and what else was added since the dispute
 * begins is removed. The cardholder's row is locked.
 */
export async function resolveReport(
  tx: Queryable,
  { cardholderId, language }: { readonly cardholderId: string; readonly language: Language },
  { resolution, resolvedBy, except }: Resolving,
  at: number,
): Promise<boolean> {
  const { reportOpenSince, disputedSince } = await openReportOf(tx, cardholderId)
  if (!reportOpenSince) return false
  if (resolution === 'was-me') await thawContacts(tx, cardholderId)
  else {
    await endFrozenContacts(tx, cardholderId, at)
    await removeAdded(tx, cardholderId, disputedSince ?? reportOpenSince, at)
  }
  // What was shown in another session proved nothing while the report was open, and must not begin to.
  await endSessions(tx, cardholderId, except)
  await resolveReports(tx, cardholderId, { resolution, resolvedBy, resolvedAt: at })
  await notify(tx, { cardholderId, language, words: 'report-resolved' }, at)
  await audit(tx, { type: 'report-resolved', resolution, by: resolvedBy, cardholderId })
  log.info('report.resolved', { cardholderId, outcome: resolution, kind: resolvedBy })
  return true
}
