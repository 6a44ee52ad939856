import type { Queryable } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { findIdentityReport, insertIdentityReport, spendIdentityReport } from '#db/queries/identity-reports.ts'
import type { IdentityEvent } from '#domain/account/identity-event.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { notify } from '../delivery/message.ts'
import { now } from '../platform/clock.ts'
import { randomOctets, sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import { tighten } from './tighten.ts'

/** Tells every contact on file what happened to a sign-in; the e-mail leads to a page that says "this was not me". */
export async function noticeIdentity(
  tx: Queryable,
  { cardholderId, language }: { readonly cardholderId: string; readonly language: Language },
  event: IdentityEvent,
  values: Readonly<Record<string, string>>,
  at: number,
): Promise<void> {
  const token = randomOctets(16).toString('hex')
  await insertIdentityReport(tx, {
    digest: sha256(token),
    cardholderId,
    event,
    happenedAt: new Date(at),
    expiresAt: new Date(at + accountPolicy.reportWithin),
  })
  const path = `/${language}/account/report/${token}`
  await notify(tx, { cardholderId, language, words: event, values, path }, at)
}

export type IdentityReportPage =
  | { readonly kind: 'open-identity'; readonly event: IdentityEvent; readonly happenedAt: number }
  | { readonly kind: 'used-identity' }
  | { readonly kind: 'unknown' }

export async function readIdentityReport(token: string): Promise<IdentityReportPage> {
  const found = await findIdentityReport(sha256(token), new Date(now()))
  if (!found) return { kind: 'unknown' }
  if (found.usedAt) return { kind: 'used-identity' }
  return { kind: 'open-identity', event: found.event, happenedAt: found.happenedAt.getTime() }
}

/**
 * Whoever holds the link says that it was not them: every session ends, passkeys and waiting changes of contacts that came with
 * it or after it are none any more, payments are watched. Nothing that was removed comes back. Answers whose it was, for the issuer.
 */
export async function freezeIdentity(tx: Queryable, token: string, at: number) {
  const report = await spendIdentityReport(tx, sha256(token), new Date(at))
  if (!report) return undefined
  const { cardholderId, event, happenedAt } = report
  const owner = await lockCardholder(tx, cardholderId)
  if (!owner) return undefined
  await tighten(tx, { cardholderId, since: happenedAt }, at)
  log.warn('identity.reported', { cardholderId, kind: event })
  return { issuerRef: owner.issuerRef, event }
}
