import { type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { markReported } from '#db/queries/activity.ts'
import { toChallenge } from '#db/queries/challenges.ts'
import { changeById } from '#db/queries/contact-changes.ts'
import { lockPaymentOf } from '#db/queries/decoupled.ts'
import { forgetDevices } from '#db/queries/devices.ts'
import { removeTrustedSince } from '#db/queries/trusted-merchants.ts'
import { isRecentlyStrong } from '#domain/account/assurance.ts'
import { next } from '#domain/challenge/machine.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { isDisputed } from '#domain/contact/report.ts'
import { applyTransition } from '../challenge/apply.ts'
import { merchantOf } from '../challenge/trust.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { words } from '../platform/words.ts'
import { type ReportableEntry, readActivityEntry } from './activity.ts'
import type { Actor } from './actor.ts'
import { lockDown, openReport, tellIssuer } from './lock-down.ts'
import { stopChange } from './report-change.ts'
import { asReported } from './sessions.ts'

type Reported = { readonly kind: 'reported' | 'unknown' }
type Owner = NonNullable<Awaited<ReturnType<typeof lockCardholder>>>

/**
 * "This was not me" about one activity entry, by the signed-in cardholder. It only restricts, so it needs no strong
 * authentication, except to stop a change older than the look-back period. The cardholder's session stays open, unless
 * it is the one reported. A second report of the same entry changes nothing.
 */
export async function reportActivity(actor: Actor, kind: string, id: string): Promise<Reported> {
  // Only what exists counts, so that invented ids do not use up the notices of a real report.
  const found = await readActivityEntry(actor, kind, id)
  if (!found || found.reported) return { kind: found ? 'reported' : 'unknown' }
  const told = (await countTry('reportsTold', actor.cardholderId)).kind === 'permitted'
  return transaction(async tx => {
    const owner = await lockCardholder(tx, actor.cardholderId)
    const entry = owner && (await readActivityEntry(actor, kind, id, tx))
    if (!owner || !entry) return { kind: 'unknown' }
    if (entry.reported) return { kind: 'reported' }
    const at = now()
    const fresh = isRecentlyStrong(await asReported(tx, actor), at)
    // If this report could not stop the change, the cardholder can report it again after strong authentication.
    if (!isTooOld(entry, fresh, at)) await markReported(tx, owner.id, entry.kind, id, at)
    await act(tx, actor, owner, entry, at, { told, fresh })
    log.warn('activity.reported', { cardholderId: owner.id, kind: entry.kind })
    return { kind: 'reported' }
  })
}

export type Reporting = ReportableEntry & {
  /** The change is older than the look-back period, so only strong authentication can stop it. */
  readonly tooOld: boolean
}

/**
 * One entry of the actor's own, before it is reported; undefined if it does not exist or belongs to another cardholder.
 */
export async function readReporting(actor: Actor, kind: string, id: string): Promise<Reporting | undefined> {
  const entry = await readActivityEntry(actor, kind, id)
  const at = now()
  return entry && { ...entry, tooOld: isTooOld(entry, isRecentlyStrong(actor, at), at) }
}

/**
 * Whether the report cannot reach its change: a session without strong authentication must not put in dispute what has
 * long been effective.
 */
function isTooOld({ kind, at: happenedAt }: ReportableEntry, fresh: boolean, at: number): boolean {
  return kind === 'change' && !fresh && !isDisputed(happenedAt, at)
}

async function act(
  tx: Queryable,
  actor: Actor,
  owner: Owner,
  entry: ReportableEntry,
  at: number,
  { told, fresh }: { readonly told: boolean; readonly fresh: boolean },
) {
  const { id: cardholderId, language } = owner
  // A session without strong authentication must not remove, or put in dispute, what was added long before.
  const addedSince = fresh ? entry.at : Math.max(entry.at, at - codePolicy.report.lifetime)
  switch (entry.kind) {
    case 'sign-in':
      await lockDown(
        tx,
        {
          ...{ cardholderId, about: 'sign-in', happenedAt: addedSince, addedSince },
          except: entry.current ? undefined : actor.sessionId,
        },
        at,
      )
      break
    case 'change': {
      if (isTooOld(entry, fresh, at)) {
        await lockDown(tx, { cardholderId, about: 'change', happenedAt: addedSince, except: actor.sessionId }, at)
        break
      }
      const change = await changeById(tx, entry.id)
      if (change) await stopChange(tx, owner, change, at, { addedSince, except: actor.sessionId, told })
      return
    }
    case 'payment':
      return reportPayment(tx, owner, entry.id, addedSince, told, at)
  }
  if (!told) return
  await notify(tx, { cardholderId, language, words: 'activity-reported' }, at)
  const what = words('ja')(wordsOf(entry))
  await tellIssuer(tx, 'issuer-identity-report', { cardholder: owner.issuerRef, what }, at)
}

/**
 * Stops a payment that the cardholder did not make, opens a report and, if `told`, notifies the cardholder and the
 * issuer. `since`: trust in merchants that was added from then on is removed. The caller holds the lock on the
 * cardholder's row.
 */
export async function reportPayment(
  tx: Queryable,
  { id: cardholderId, language, issuerRef }: Owner,
  payment: string,
  since: number,
  told: boolean,
  at: number,
): Promise<void> {
  await stopPayment(tx, cardholderId, payment, since, at)
  await openReport(tx, { cardholderId, about: 'payment', happenedAt: since }, at)
  if (!told) return
  await notify(tx, { cardholderId, language, words: 'activity-reported' }, at)
  await tellIssuer(tx, 'issuer-payment-report', { cardholder: issuerRef, payment }, at)
}

function wordsOf(entry: Exclude<ReportableEntry, { readonly kind: 'payment' }>) {
  if (entry.kind !== 'change') return 'account.activity.sign-in'
  return entry.contact === 'email' ? 'message.notice.email-changed.heading' : 'message.notice.mobile-changing.heading'
}

/**
 * Stops a payment: fails it if its challenge is under way, forgets the browsers in which the card's codes were right,
 * and removes trust from its merchant and from those trusted since.
 */
async function stopPayment(tx: Queryable, cardholderId: string, id: string, since: number, at: number): Promise<void> {
  const row = await lockPaymentOf(tx, cardholderId, { acsTransID: id })
  if (!row) return
  await applyTransition(tx, row, next(toChallenge(row), { kind: 'reported' }, at), at)
  await forgetDevices(tx, row.cardId)
  const merchant = merchantOf(row.directoryServer, row.purchase)
  await removeTrustedSince(tx, cardholderId, since, at, merchant)
}
