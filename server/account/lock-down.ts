import type { Queryable } from '#db/client.ts'
import { removeDevices } from '#db/queries/approval-devices.ts'
import { changesSince, openChanges } from '#db/queries/contact-changes.ts'
import { removePasskeys } from '#db/queries/passkeys.ts'
import { resetPreferredMethod } from '#db/queries/preferences.ts'
import { addedSince, insertReport, openReportOf } from '#db/queries/reports.ts'
import { forgetKnownDevices } from '#db/queries/sessions.ts'
import { removeTrustedSince } from '#db/queries/trusted-merchants.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { disputedSince, endedByReport, type ReportAbout } from '#domain/contact/report.ts'
import { audit } from '../audit/audit.ts'
import { issuerNoticeLifetime, queueMessage } from '../messaging/message.ts'
import { config } from '../platform/config.ts'
import { newId } from '../platform/crypto.ts'
import { recordReport } from '../risk/history/record.ts'
import { applyChangeEvent } from './apply-change.ts'
import { endSessions } from './sessions.ts'

// The effects of "this was not me", wherever the cardholder says it. They only ever restrict (docs/decisions/0009,
// 0019).

export interface Reported {
  readonly cardholderId: string
  readonly about: ReportAbout
  /** When the reported event happened. */
  readonly happenedAt: number
  /** The contact change that the report names. */
  readonly changeId?: string
}

/**
 * Opens a report, whatever it is about: restricts payments, ends every pending contact change, and freezes contacts
 * that were changed within the look-back period, so that they get no codes. The caller holds the lock on the
 * cardholder's row.
 */
export async function openReport(
  tx: Queryable,
  { cardholderId, about, happenedAt, changeId }: Reported,
  at: number,
): Promise<void> {
  const from = at - contactPolicy.reportLookBack
  const changed = (await changesSince(tx, cardholderId, from)).map(({ requestedAt }) => requestedAt)
  const added = [...changed, ...(await addedSince(tx, cardholderId, from))]
  const earlier = (await openReportOf(tx, cardholderId)).disputedSince ?? undefined
  const since = disputedSince(at, happenedAt, added, earlier)
  const id = newId(at)
  await insertReport(tx, { id, cardholderId, about, reportedAt: at }, since)
  await audit(tx, { type: 'report-opened', about, cardholderId, ref: id })
  await recordReport(tx, cardholderId, at)
  const changes = (await openChanges(tx, cardholderId)).map(row => ({
    row,
    id: row.id,
    requestedAt: row.requestedAt,
    effectiveAt: row.effectiveAt ?? undefined,
  }))
  for (const { row } of endedByReport(changes, at, changeId)) await applyChangeEvent(tx, row, { kind: 'reported' }, at)
}

export interface LockDown extends Reported {
  /**
   * Passkeys, devices, trusted merchants and the preferred method are removed if they were added since; defaults to
   * `happenedAt`.
   */
  readonly addedSince?: number | undefined
  /** The session in which the cardholder reports it: it does not end. */
  readonly except?: string | undefined
}

/** Opens a report, ends sessions, and removes what else was added since. */
export async function lockDown(
  tx: Queryable,
  { addedSince = undefined, except, ...reported }: LockDown,
  at: number,
): Promise<void> {
  const { cardholderId, happenedAt } = reported
  await openReport(tx, reported, at)
  await audit(tx, { type: 'locked-down', about: reported.about, cardholderId })
  await endSessions(tx, cardholderId, except)
  // One of them may be the intruder's browser, and known browsers have an attempt budget of their own.
  await forgetKnownDevices(tx, cardholderId)
  await removeAdded(tx, cardholderId, addedSince ?? happenedAt, at)
}

/**
 * Removes passkeys, devices and trusted merchants that were added since, and resets a preferred method that was chosen
 * since.
 */
export async function removeAdded(tx: Queryable, cardholderId: string, since: number, at: number): Promise<void> {
  const passkeys = await removePasskeys(tx, cardholderId, at, since)
  const devices = await removeDevices(tx, cardholderId, at, since)
  const merchants = await removeTrustedSince(tx, cardholderId, since, at)
  if (passkeys + devices + merchants > 0)
    await audit(tx, { type: 'additions-removed', passkeys, devices, merchants, cardholderId })
  await resetPreferredMethod(tx, cardholderId, since)
}

type IssuerNotice = 'issuer-report' | 'issuer-identity-report' | 'issuer-payment-report' | 'issuer-contact-registered'

/** Notifies the issuer, which investigates. `values` identify the cardholder by the issuer's own id. */
export async function tellIssuer(
  tx: Queryable,
  about: IssuerNotice,
  values: Readonly<Record<string, string>>,
  at: number,
): Promise<void> {
  const to = config().issuer.reportsTo
  if (!to) return
  const content = { kind: 'notice' as const, words: about, values }
  const expiresAt = at + issuerNoticeLifetime
  await queueMessage(tx, { channel: 'email', to, language: 'ja', content, expiresAt }, at)
}
