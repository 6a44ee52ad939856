import type { Queryable } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { findIdentityReport, insertIdentityReports, spendIdentityReport } from '#db/queries/identity-reports.ts'
import type { IdentityEvent } from '#domain/account/identity-event.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { notify } from '../delivery/message.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { drawReportTokens } from './report-tokens.ts'
import { tighten } from './tighten.ts'

/** Tells every contact on file, or those that are named, what happened to a sign-in; the e-mail's link and the text message's code lead to a page that says "this was not me". */
export async function noticeIdentity(
  tx: Queryable,
  { cardholderId, language }: { readonly cardholderId: string; readonly language: Language },
  event: IdentityEvent,
  values: Readonly<Record<string, string>>,
  at: number,
  contacts?: Parameters<typeof notify>[3],
): Promise<void> {
  const { link, code, digests } = await drawReportTokens()
  const row = { cardholderId, event, happenedAt: new Date(at), expiresAt: new Date(at + accountPolicy.reportWithin) }
  await insertIdentityReports(
    tx,
    digests.map(digest => ({ digest, ...row })),
  )
  const path = `/${language}/account/report/${link}`
  await notify(tx, { cardholderId, language, words: event, values: { ...values, report: code }, path }, at, contacts)
}

export type IdentityReportPage =
  | { readonly kind: 'open-identity'; readonly event: IdentityEvent; readonly happenedAt: number }
  | { readonly kind: 'used-identity' }
  | { readonly kind: 'unknown' }

export async function readIdentityReport(digests: readonly Buffer[]): Promise<IdentityReportPage> {
  const found = await findIdentityReport(digests, new Date(now()))
  if (!found) return { kind: 'unknown' }
  if (found.usedAt) return { kind: 'used-identity' }
  return { kind: 'open-identity', event: found.event, happenedAt: found.happenedAt.getTime() }
}

/**
 * Whoever holds the link or the code says that it was not them: every session ends, passkeys that came with it or after it are
 * removed, changes of contacts end as with every report, payments are watched. Nothing that was removed comes back. Answers whose it was, for the issuer.
 */
export async function freezeIdentity(tx: Queryable, digests: readonly Buffer[], at: number) {
  const report = await spendIdentityReport(tx, digests, new Date(at))
  if (!report) return undefined
  const { cardholderId, event, happenedAt } = report
  const owner = await lockCardholder(tx, cardholderId)
  if (!owner) return undefined
  await tighten(tx, { cardholderId, about: event, happenedAt }, at)
  log.warn('identity.reported', { cardholderId, kind: event })
  return { issuerRef: owner.issuerRef, event }
}
