import { type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { markReported } from '#db/queries/activity.ts'
import { toChallenge } from '#db/queries/challenges.ts'
import { changeById } from '#db/queries/contact-changes.ts'
import { lockAsked } from '#db/queries/decoupled.ts'
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
 * "This was not me", of one entry of the activity, by the signed-in cardholder. It only tightens, so it asks for nothing stronger,
 * except to stop a change that is older than a report looks back. That session stays, unless it is the one. Said twice it is
 * done once.
 */
export async function reportActivity(actor: Actor, kind: string, id: string): Promise<Reported> {
  const told = (await countTry('reportsTold', actor.cardholderId)).kind === 'permitted'
  return transaction(async tx => {
    const owner = await lockCardholder(tx, actor.cardholderId)
    const entry = owner && (await readActivityEntry(actor, kind, id, tx))
    if (!owner || !entry) return { kind: 'unknown' }
    if (entry.reported) return { kind: 'reported' }
    const at = now()
    const fresh = isRecentlyStrong(await asReported(tx, actor), at)
    // What this did not stop can be reported once more, with something stronger.
    if (!isTooOld(entry, fresh, at)) await markReported(tx, entry.kind, id, at)
    await act(tx, actor, owner, entry, at, { told, fresh })
    log.warn('activity.reported', { cardholderId: owner.id, kind: entry.kind })
    return { kind: 'reported' }
  })
}

export type Reporting = ReportableEntry & {
  /** A change that is stopped only after something stronger: it is older than a report looks back. */
  readonly tooOld: boolean
}

/** One entry of the actor's own, before it is reported; another's, or none, is undefined. */
export async function readReporting(actor: Actor, kind: string, id: string): Promise<Reporting | undefined> {
  const entry = await readActivityEntry(actor, kind, id)
  const at = now()
  return entry && { ...entry, tooOld: isTooOld(entry, isRecentlyStrong(actor, at), at) }
}

/** Whether a report does not reach the change that it is about: a look must not put in dispute what has long been effective. */
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
  // A look must not remove, nor put in dispute, what was there long before it: what came earlier asks for something stronger.
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
      await stopPayment(tx, cardholderId, entry.id, addedSince, at)
      await openReport(tx, { cardholderId, about: 'payment', happenedAt: addedSince }, at)
      break
  }
  if (!told) return
  await notify(tx, { cardholderId, language, words: 'activity-reported' }, at)
  const cardholder = owner.issuerRef
  if (entry.kind === 'payment') return tellIssuer(tx, 'issuer-payment-report', { cardholder, payment: entry.id }, at)
  return tellIssuer(tx, 'issuer-identity-report', { cardholder, what: words('ja')(wordsOf(entry)) }, at)
}

function wordsOf(entry: ReportableEntry) {
  if (entry.kind !== 'change') return 'account.activity.sign-in'
  return entry.contact === 'email' ? 'message.notice.email-changed.heading' : 'message.notice.mobile-changing.heading'
}

/** While it is asked about it ends as a no; the browsers in which the card's codes were right are known no longer, and its merchant and those trusted since are trusted no longer. */
async function stopPayment(tx: Queryable, cardholderId: string, id: string, since: number, at: number): Promise<void> {
  const row = await lockAsked(tx, cardholderId, id)
  if (!row) return
  await applyTransition(tx, row, next(toChallenge(row), { kind: 'reported' }, at), at)
  await forgetDevices(tx, row.cardId)
  const merchant = merchantOf(row.directoryServer, row.purchase)
  await removeTrustedSince(tx, cardholderId, since, at, merchant)
}
