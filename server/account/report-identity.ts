import type { Queryable } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { findIdentityReport, spendIdentityReport } from '#db/queries/identity-reports.ts'
import type { IdentityEvent } from '#domain/account/identity-event.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { lockDown } from './lock-down.ts'

export type IdentityReportPage =
  | { readonly kind: 'open-identity'; readonly event: IdentityEvent; readonly happenedAt: number }
  | { readonly kind: 'used-identity' }
  | { readonly kind: 'unknown' }

export async function readIdentityReport(digests: readonly Buffer[]): Promise<IdentityReportPage> {
  const found = await findIdentityReport(digests, now())
  if (!found) return { kind: 'unknown' }
  if (found.usedAt) return { kind: 'used-identity' }
  return { kind: 'open-identity', event: found.event, happenedAt: found.happenedAt }
}

/**
 * The holder of the link or the code says that it was not them: every session ends, passkeys that came with it or after it are
 * removed, changes of contacts end as with every report, payments are watched. Nothing that was removed comes back. Answers whose it was, for the issuer.
 */
export async function freezeIdentity(tx: Queryable, digests: readonly Buffer[], at: number) {
  const report = await spendIdentityReport(tx, digests, at)
  if (!report) return undefined
  const { cardholderId, event, happenedAt } = report
  const owner = await lockCardholder(tx, cardholderId)
  if (!owner) return undefined
  await lockDown(tx, { cardholderId, about: event, happenedAt }, at)
  log.warn('identity.reported', { cardholderId, kind: event })
  return { issuerRef: owner.issuerRef, event }
}
