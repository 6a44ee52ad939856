import { type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { changeById, findReport, spendReport } from '#db/queries/contact-changes.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { words } from '../platform/words.ts'
import { lockDown, tellIssuer } from './lock-down.ts'
import { type IdentityReportPage, readIdentityReport, reportIdentityEvent } from './report-identity.ts'
import { reportDigests } from './report-tokens.ts'

type Owner = NonNullable<Awaited<ReturnType<typeof lockCardholder>>>

export type ReportPage =
  | { readonly kind: 'open'; readonly contact: ContactKind; readonly masked: string; readonly requestedAt: number }
  /** The link was used before. */
  | { readonly kind: 'used' }
  /** The link came with an identity notice; or it is `unknown`: there is no such link, or it has expired. */
  | IdentityReportPage
  | ReportLimited

/** One network looked up too many links; a cardholder has a few of them at most. */
type ReportLimited = { readonly kind: 'limited' }

/** What the page behind a notice's link shows. It changes nothing. */
export async function readReport(token: string, network: string): Promise<ReportPage> {
  if ((await countTry('reportsFromNetwork', network)).kind === 'limited') return { kind: 'limited' }
  const digests = await reportDigests(token)
  const found = await findReport(digests, now())
  if (!found) return readIdentityReport(digests)
  if (found.usedAt) return { kind: 'used' }
  const { kind, masked, requestedAt } = found.change
  return { kind: 'open', contact: kind, masked, requestedAt }
}

export type Reported = { readonly kind: 'reported' } | { readonly kind: 'unknown' }

/**
 * "This was not me", by the holder of a notice's link, once. It only ever restricts: every pending change ends,
 * contacts that took effect recently get no codes, sessions end, payments are restricted and the issuer is notified. It
 * restores nothing: the cardholder has to prove by other means that the account is theirs.
 */
export async function reportByLink(token: string, network: string): Promise<Reported | ReportLimited> {
  if ((await countTry('reportsFromNetwork', network)).kind === 'limited') return { kind: 'limited' }
  const digests = await reportDigests(token)
  return transaction(async tx => {
    const at = now()
    const changeId = await spendReport(tx, digests, at)
    const change = changeId && (await changeById(tx, changeId))
    if (!change) return reportIdentity(tx, digests, at)
    const owner = await lockCardholder(tx, change.cardholderId)
    if (!owner) return { kind: 'unknown' }
    // The report applies even if the change was superseded, cancelled or ended by another report: another person
    // requested it.
    await stopChange(tx, owner, change, at)
    return { kind: 'reported' }
  })
}

async function reportIdentity(tx: Queryable, digests: readonly Buffer[], at: number): Promise<Reported> {
  const frozen = await reportIdentityEvent(tx, digests, at)
  if (!frozen) return { kind: 'unknown' }
  const what = words('ja')(`message.notice.${frozen.event}.heading`)
  await tellIssuer(tx, 'issuer-identity-report', { cardholder: frozen.issuerRef, what }, at)
  return { kind: 'reported' }
}

interface Stopping {
  /** Removes and disputes what was added since; defaults to when the change was requested. */
  readonly addedSince?: number
  /** The session in which the cardholder reports it: it does not end. */
  readonly except?: string
  /** Whether the cardholder and the issuer are notified. */
  readonly told?: boolean
}

/** Stops a change that the cardholder did not make. The caller holds the lock on the cardholder's row. */
export async function stopChange(
  tx: Queryable,
  owner: Owner,
  { id }: { readonly id: string },
  at: number,
  { addedSince, except, told = true }: Stopping = {},
): Promise<void> {
  // Read again, now that the cardholder's row is locked.
  const change = await changeById(tx, id)
  if (!change) return
  const happenedAt = addedSince ?? change.requestedAt
  const reported = { about: 'change', happenedAt, changeId: change.id } as const
  await lockDown(tx, { cardholderId: owner.id, ...reported, except }, at)
  log.warn('contact.reported', { cardholderId: owner.id, kind: change.kind })
  if (!told) return
  await notify(tx, { cardholderId: owner.id, language: owner.language, words: 'change-stopped' }, at)
  const values = { cardholder: owner.issuerRef, change: change.id, contact: change.masked }
  await tellIssuer(tx, 'issuer-report', values, at)
}
