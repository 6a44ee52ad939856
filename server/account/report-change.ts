import { type Queryable, transaction } from '#db/client.ts'
import { changeById, findReport, lockCardholder, setGuard, useReport } from '#db/queries/contact-changes.ts'
import { thawContacts } from '#db/queries/contacts.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { notify, queueMessage } from '../delivery/message.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { sha256 } from '../platform/crypto.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { words } from '../words.ts'
import { type Actor, isFresh } from './actor.ts'
import { take } from './change-contact.ts'
import { freezeIdentity, type IdentityReportPage, readIdentityReport } from './report-identity.ts'
import { endSessions, isId } from './sessions.ts'

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
  const found = isToken(token) ? await findReport(sha256(token), new Date(now())) : undefined
  if (!found) return isToken(token) ? readIdentityReport(token) : { kind: 'unknown' }
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
  if (!isToken(token)) return { kind: 'unknown' }
  return transaction(async tx => {
    const at = now()
    const changeId = await useReport(tx, sha256(token), new Date(at))
    const change = changeId && (await changeById(tx, changeId))
    if (!change) return reportIdentity(tx, token, at)
    return freezeFor(tx, change.id, change.cardholderId, at)
  })
}

async function reportIdentity(tx: Queryable, token: string, at: number): Promise<Reported> {
  const frozen = await freezeIdentity(tx, token, at)
  if (!frozen) return { kind: 'unknown' }
  const what = words('ja')(`message.notice.${frozen.event}.heading`)
  await tellIssuer(tx, 'issuer-identity-report', { cardholder: frozen.issuerRef, what }, at)
  return { kind: 'reported' }
}

/** The same from the list of what has happened, by whoever is signed in; that session stays. */
export async function reportOwnChange(actor: Actor, changeId: string): Promise<Reported> {
  if (!isId(changeId)) return { kind: 'unknown' }
  return transaction(async tx => {
    const change = await changeById(tx, changeId)
    if (change?.cardholderId !== actor.cardholderId) return { kind: 'unknown' }
    return freezeFor(tx, change.id, change.cardholderId, now(), actor.sessionId)
  })
}

async function freezeFor(
  tx: Queryable,
  changeId: string,
  cardholderId: string,
  at: number,
  except?: string,
): Promise<Reported> {
  const owner = await lockCardholder(tx, cardholderId)
  // As it stands now that nobody else can change it.
  const change = await changeById(tx, changeId)
  if (!owner || !change) return { kind: 'unknown' }
  const { answer } = await take(tx, change, { kind: 'reported' }, at)
  // Superseded, cancelled or reported before: there is nothing left to stop.
  if (answer === 'nothing-to-do') return { kind: 'reported' }
  await setGuard(tx, cardholderId, new Date(at))
  await endSessions(tx, cardholderId, except)
  await notify(tx, { cardholderId, language: owner.language, words: 'change-stopped' }, at)
  const values = { cardholder: owner.issuerRef, change: change.id, contact: change.masked }
  await tellIssuer(tx, 'issuer-report', values, at)
  log.warn('contact.reported', { cardholderId, kind: change.kind })
  return { kind: 'reported' }
}

/** The issuer knows the cardholder by its own id, and looks into it. */
async function tellIssuer(
  tx: Queryable,
  about: 'issuer-report' | 'issuer-identity-report',
  values: Readonly<Record<string, string>>,
  at: number,
) {
  const to = config().issuer.reportsTo
  if (!to) return
  const content = { kind: 'notice' as const, words: about, values }
  const expiresAt = at + 7 * 24 * 60 * 60 * 1000
  await queueMessage(tx, { channel: 'email', to, language: 'ja', content, expiresAt }, at)
}

export type Settled = { readonly kind: 'settled' } | { readonly kind: 'stronger-authentication-needed' }

/** "This was me": what was frozen counts again. Needs more than a look: something stronger, shown just now. */
export async function confirmOwnChange(actor: Actor): Promise<Settled> {
  return transaction(async tx => {
    if (!isFresh(actor, now())) return { kind: 'stronger-authentication-needed' }
    await lockCardholder(tx, actor.cardholderId)
    await thawContacts(tx, actor.cardholderId)
    await setGuard(tx, actor.cardholderId, null)
    log.info('contact.settled', { cardholderId: actor.cardholderId })
    return { kind: 'settled' }
  })
}

function isToken(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}
