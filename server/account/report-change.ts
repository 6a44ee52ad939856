import { type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { changeById, findReport, isGuarded, setGuard, useReport } from '#db/queries/contact-changes.ts'
import { thawContacts } from '#db/queries/contacts.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { notify } from '../delivery/message.ts'
import { now } from '../platform/clock.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { words } from '../words.ts'
import { type Actor, isFresh } from './actor.ts'
import { take } from './change-contact.ts'
import { freezeIdentity, type IdentityReportPage, readIdentityReport } from './report-identity.ts'
import { reportDigests } from './report-tokens.ts'
import { lockActor } from './sessions.ts'
import { tellIssuer, tighten } from './tighten.ts'

type Owner = NonNullable<Awaited<ReturnType<typeof lockCardholder>>>

export type ReportPage =
  | { readonly kind: 'open'; readonly contact: ContactKind; readonly masked: string; readonly requestedAt: number }
  /** Said before. */
  | { readonly kind: 'used' }
  /** No such link, or its time is over. */
  | IdentityReportPage
  | ReportLimited

/** Too many links were looked up from one network; whoever has a real one has a few of them at most. */
type ReportLimited = { readonly kind: 'limited' }

/** What the page behind a notice's link shows. It changes nothing. */
export async function readReport(token: string, network: string): Promise<ReportPage> {
  if ((await countTry('reportsFromNetwork', network)).kind === 'limited') return { kind: 'limited' }
  const digests = await reportDigests(token)
  const found = await findReport(digests, new Date(now()))
  if (!found) return readIdentityReport(digests)
  if (found.usedAt || found.change.ending === 'reported') return { kind: 'used' }
  const { kind, masked, requestedAt } = found.change
  return { kind: 'open', contact: kind, masked, requestedAt: requestedAt.getTime() }
}

export type Reported = { readonly kind: 'reported' } | { readonly kind: 'unknown' }

/**
 * "This was not me", from a notice, by whoever holds its link: one change, once. It only ever tightens. What waited stops, what
 * had taken effect gets no codes, sessions end, payments ask for the strongest way, and the issuer is told. Nothing that was
 * before comes back: who is right is proved by something else.
 */
export async function reportByLink(token: string, network: string): Promise<Reported | ReportLimited> {
  if ((await countTry('reportsFromNetwork', network)).kind === 'limited') return { kind: 'limited' }
  const digests = await reportDigests(token)
  return transaction(async tx => {
    const at = now()
    const changeId = await useReport(tx, digests, new Date(at))
    const change = changeId && (await changeById(tx, changeId))
    if (!change) return reportIdentity(tx, digests, at)
    const owner = await lockCardholder(tx, change.cardholderId)
    if (!owner) return { kind: 'unknown' }
    // What was superseded or called off stops nothing any more, but whoever asked for it was somebody else.
    const current = await changeById(tx, change.id)
    if (current?.ending !== 'reported') await stopChange(tx, owner, change, at)
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
  /** As in {@link tighten}. */
  readonly addedSince?: Date
  /** The session in which it was said stays. */
  readonly except?: string
  /** Whether everybody concerned is told. */
  readonly told?: boolean
}

/** A change was not its owner's: what waited stops, what had taken effect gets no codes, and the rest tightens. The cardholder's row is locked. */
export async function stopChange(
  tx: Queryable,
  owner: Owner,
  { id }: { readonly id: string },
  at: number,
  { addedSince, except, told = true }: Stopping = {},
): Promise<void> {
  // As it stands now that nobody else can change it.
  const change = await changeById(tx, id)
  if (!change) return
  await take(tx, change, { kind: 'reported' }, at)
  await tighten(tx, { cardholderId: owner.id, since: change.requestedAt, addedSince, except }, at)
  log.warn('contact.reported', { cardholderId: owner.id, kind: change.kind })
  if (!told) return
  await notify(tx, { cardholderId: owner.id, language: owner.language, words: 'change-stopped' }, at)
  const values = { cardholder: owner.issuerRef, change: change.id, contact: change.masked }
  await tellIssuer(tx, 'issuer-report', values, at)
}

export type Settled = { readonly kind: 'settled' } | { readonly kind: 'stronger-authentication-needed' }

/** It was they after all, or it was not and has been seen to. */
export type Settlement = 'was-me' | 'dealt-with'

/**
 * Ends what a report has tightened, told on every contact. What was frozen counts again only if it was its owner's after all.
 * Needs more than a look: something stronger, shown just now.
 */
export async function settleReport(actor: Actor, settlement: Settlement): Promise<Settled> {
  return transaction(async tx => {
    if (!isFresh(actor, now())) return { kind: 'stronger-authentication-needed' }
    const { cardholderId, language } = actor
    if (!(await lockActor(tx, actor))) return { kind: 'stronger-authentication-needed' }
    if (!(await isGuarded(tx, cardholderId))) return { kind: 'settled' }
    if (settlement === 'was-me') await thawContacts(tx, cardholderId)
    await setGuard(tx, cardholderId, null)
    await notify(tx, { cardholderId, language, words: 'report-settled' }, now())
    log.info('report.settled', { cardholderId, outcome: settlement })
    return { kind: 'settled' }
  })
}
