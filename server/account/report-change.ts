import { type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { changeById, findReport, useReport } from '#db/queries/contact-changes.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { words } from '../platform/words.ts'
import { lockDown, tellIssuer } from './lock-down.ts'
import { freezeIdentity, type IdentityReportPage, readIdentityReport } from './report-identity.ts'
import { reportDigests } from './report-tokens.ts'

type Owner = NonNullable<Awaited<ReturnType<typeof lockCardholder>>>

export type ReportPage =
  | { readonly kind: 'open'; readonly contact: ContactKind; readonly masked: string; readonly requestedAt: number }
  /** Said before. */
  | { readonly kind: 'used' }
  /** No such link, or its time is over. */
  | IdentityReportPage
  | ReportLimited

/** Too many links were looked up from one network; the owner of a real one has a few of them at most. */
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
 * "This was not me", from a notice, by the holder of its link: once. It only ever tightens. Every change that waited stops,
 * what had taken effect of late gets no codes, sessions end, payments ask for the strongest way, and the issuer is told.
 * Nothing that was before comes back: who is right is proved by something else.
 */
export async function reportByLink(token: string, network: string): Promise<Reported | ReportLimited> {
  if ((await countTry('reportsFromNetwork', network)).kind === 'limited') return { kind: 'limited' }
  const digests = await reportDigests(token)
  return transaction(async tx => {
    const at = now()
    const changeId = await useReport(tx, digests, at)
    const change = changeId && (await changeById(tx, changeId))
    if (!change) return reportIdentity(tx, digests, at)
    const owner = await lockCardholder(tx, change.cardholderId)
    if (!owner) return { kind: 'unknown' }
    // Whatever became of it since, superseded, called off or ended by another report: another person asked for it.
    await stopChange(tx, owner, change, at)
    return { kind: 'reported' }
  })
}

async function reportIdentity(tx: Queryable, digests: readonly Buffer[], at: number): Promise<Reported> {
  const frozen = await freezeIdentity(tx, digests, at)
  if (!frozen) return { kind: 'unknown' }
  const what = words('ja')(`message.notice.${frozen.event}.heading`)
  await tellIssuer(tx, 'issuer-identity-report', { cardholder: frozen.issuerRef, what }, at)
  return { kind: 'reported' }
}

interface Stopping {
  /** From when on things are removed and in dispute; by itself, from its request. */
  readonly addedSince?: number
  /** The session in which it was said stays. */
  readonly except?: string
  /** Whether everybody concerned is told. */
  readonly told?: boolean
}

/** A change was not its owner's. The cardholder's row is locked. */
export async function stopChange(
  tx: Queryable,
  owner: Owner,
  { id }: { readonly id: string },
  at: number,
  { addedSince, except, told = true }: Stopping = {},
): Promise<void> {
  // As it is now that it is locked.
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
