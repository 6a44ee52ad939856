import type { Queryable } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { findIdentityReport, spendIdentityReport } from '#db/queries/identity-reports.ts'
import type { IdentityEvent } from '#domain/account/identity-event.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { lockDown } from './lock-down.ts'

export type IdentityReportPage =
  | {
      readonly kind: 'open-identity'
      readonly event: IdentityEvent
      readonly happenedAt: number
      readonly alertId: string | null
    }
  | { readonly kind: 'used-identity' }
  | { readonly kind: 'unknown' }

export async function readIdentityReport(digests: readonly Buffer[]): Promise<IdentityReportPage> {
  const found = await findIdentityReport(digests, now())
  if (!found) return { kind: 'unknown' }
  if (found.usedAt) return { kind: 'used-identity' }
  return { kind: 'open-identity', event: found.event, happenedAt: found.happenedAt, alertId: found.alertId }
}

/**
 * The holder of a notice's link or code says "this was not me": ends every session, removes passkeys, devices and trusted
 * merchants added by the event or since, ends contact changes as every report does, and restricts payments. It restores
 * nothing. Returns the cardholder's issuer id and the event, for the notice to the issuer.
 */
export async function reportIdentityEvent(tx: Queryable, digests: readonly Buffer[], at: number) {
  const report = await spendIdentityReport(tx, digests, at)
  if (!report) return undefined
  const { cardholderId, event, happenedAt } = report
  const owner = await lockCardholder(tx, cardholderId)
  if (!owner) return undefined
  await lockDown(tx, { cardholderId, about: event, happenedAt }, at)
  log.warn('identity.reported', { cardholderId, kind: event })
  return { issuerRef: owner.issuerRef, event }
}
