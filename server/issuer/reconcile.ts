import { type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { removeDevices } from '#db/queries/approval-devices.ts'
import { removeAccount } from '#db/queries/close-account.ts'
import { freezeContact, latestContacts } from '#db/queries/contacts.ts'
import { endActivationCodes } from '#db/queries/enrolments.ts'
import { removePasskeys } from '#db/queries/passkeys.ts'
import { endAlreadyReported, endUnderWay, markSent } from '#db/queries/restored.ts'
import { removeTrustedSince } from '#db/queries/trusted-merchants.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { lockDown } from '../account/lock-down.ts'
import { isId } from '../account/sessions.ts'
import { auditOperator } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'

// A restored database is as it was when the backup ended, and only the log says what happened since: removed passkeys
// work again, frozen contacts receive codes again. Reconciling only ever restricts: docs/backup.md.

/** What a restore may have revived for a cardholder. `report`: what a report had removed. */
type Revived = 'passkeys' | 'devices' | 'merchants' | 'account' | 'letter' | 'report' | ContactKind

/**
 * Log events about a cardholder after which the restored database is out of date, and what each of them had removed.
 * Events without an entry changed nothing that matters here.
 */
const revivedBy: Readonly<Record<string, readonly Revived[]>> = {
  'account.closed': ['account'],
  'activity.reported': ['report'],
  'contact.cancel': [],
  'contact.change-requested': [],
  // A contact that was registered in a window is provisional again, as it is wherever its confirmation is unknown.
  'contact.confirmed': [],
  'contact.code-compared': [],
  'contact.reported': ['report'],
  'contact.stopped': ['mobile'],
  'device.pairing-begun': [],
  'device.removed': ['devices'],
  // Enrolling again had replaced the sign-in address and removed passkeys and devices.
  'enrolment.finished': ['letter', 'passkeys', 'devices', 'account'],
  'identity.reported': ['report'],
  'merchant.distrusted': ['merchants'],
  'merchant.trusted': [],
  'passkey.added': [],
  'passkey.removed': ['passkeys'],
  'preferences.preferred-method-chosen': [],
  'report.resolved': [],
}

/** What happened in the lost time, by our own ids. */
export interface Lost {
  readonly cardholders: ReadonlyMap<string, ReadonlySet<Revived>>
  /** Challenges whose result the directory server has. */
  readonly results: ReadonlySet<string>
  /** Messages that a gateway has. */
  readonly messages: ReadonlySet<string>
  /** The number of lines that are not lines of our log, or have no time. */
  readonly unread: number
}

/** The directory server has received the result, or may have; it is never sent again. */
const reported: ReadonlySet<string> = new Set(['rreq.delivered', 'rreq.refused', 'rreq.unacknowledged'])

/** Reads the product's log (one JSON object a line) from `since` on, in milliseconds. */
export async function readLost(lines: AsyncIterable<string>, since: number): Promise<Lost> {
  const cardholders = new Map<string, Set<Revived>>()
  const results = new Set<string>()
  const messages = new Set<string>()
  let unread = 0
  for await (const line of lines) {
    if (line.trim() === '') continue
    const entry = readEntry(line)
    if (!entry) unread += 1
    else if (entry.at >= since) {
      const { event, cardholderId, acsTransID, outboxId, kind, outcome } = entry
      const revived = Object.hasOwn(revivedBy, event) ? revivedBy[event] : undefined
      if (revived && isId(cardholderId)) {
        const found = new Set([...(cardholders.get(cardholderId) ?? []), ...revived])
        // Which contact was reported or replaced is in the log.
        if (event === 'contact.reported' || (event === 'contact.code-compared' && outcome === 'confirmed'))
          found.add(kind === 'email' ? 'email' : 'mobile')
        cardholders.set(cardholderId, found)
      }
      if (reported.has(event) && isId(acsTransID)) results.add(acsTransID)
      if (event === 'message.handed-over' && isId(outboxId)) messages.add(outboxId)
    }
  }
  return { cardholders, results, messages, unread }
}

function readEntry(line: string) {
  try {
    const { time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>
    const at = Date.parse(String(time))
    const { cardholderId = '', acsTransID = '', outboxId = '', kind, outcome } = rest
    if (typeof msg !== 'string' || Number.isNaN(at)) return undefined
    return {
      at,
      event: msg,
      cardholderId: String(cardholderId),
      acsTransID: String(acsTransID),
      outboxId: String(outboxId),
      ...{ kind, outcome },
    }
  } catch {
    return undefined
  }
}

export interface Reconciled {
  /**
   * `reported`: cardholders who now have an open report. `unknown`: cardholders whom the database does not know; the
   * next import of the card list creates them again.
   */
  readonly reported: number
  readonly unknown: number
  readonly results: number
  readonly messages: number
}

/**
 * Makes a restored database safe, before the product starts on it. `since`: the end of the backup, in milliseconds.
 * Running it again restricts only what it restricted before.
 */
export async function reconcile(
  lost: Lost,
  { since, by, reason }: { readonly since: number; readonly by: string; readonly reason: string },
): Promise<Reconciled> {
  await transaction(tx => endUnderWay(tx, now()))
  let reported = 0
  for (const [cardholderId, revived] of lost.cardholders) {
    if (await transaction(tx => reportLosses(tx, cardholderId, revived, since))) reported += 1
  }
  const results = await inBatches(lost.results, (tx, ids) => endAlreadyReported(tx, ids, now()))
  const messages = await inBatches(lost.messages, (tx, ids) => markSent(tx, ids, now()))
  const counts = { reported, unknown: lost.cardholders.size - reported, results, messages }
  await transaction(tx => auditOperator(tx, { type: 'restore-reconciled', by, reason, since, ...counts }))
  return counts
}

/** Ids in one statement: PostgreSQL takes 65,535 parameters, and a day's log has more. */
const batchSize = 10_000

async function inBatches(
  ids: ReadonlySet<string>,
  work: (tx: Queryable, ids: string[]) => Promise<number>,
): Promise<number> {
  const all = [...ids]
  let count = 0
  for (let from = 0; from < all.length; from += batchSize)
    count += await transaction(tx => work(tx, all.slice(from, from + batchSize)))
  return count
}

/**
 * Opens a report, and removes what the cardholder had removed or stopped. Returns false if there is no such cardholder.
 */
async function reportLosses(
  tx: Queryable,
  cardholderId: string,
  revived: ReadonlySet<Revived>,
  since: number,
): Promise<boolean> {
  if (!(await lockCardholder(tx, cardholderId))) return false
  const at = now()
  // The log does not say which one was removed, so all are.
  if (revived.has('passkeys')) await removePasskeys(tx, cardholderId, at)
  if (revived.has('devices')) await removeDevices(tx, cardholderId, at)
  if (revived.has('merchants')) await removeTrustedSince(tx, cardholderId, 0, at)
  if (revived.has('letter')) await endActivationCodes(tx, cardholderId, at)
  if (revived.has('account')) await removeAccount(tx, cardholderId, at)
  // A report had also removed what was added in the look-back period before it.
  const addedSince = revived.has('report') ? since - contactPolicy.reportLookBack : since
  await lockDown(tx, { cardholderId, about: 'restore', happenedAt: since, addedSince }, at)
  for (const contact of await latestContacts(tx, cardholderId, at))
    if (revived.has(contact.kind)) await freezeContact(tx, contact, at)
  log.warn('restore.reconciled', { cardholderId })
  return true
}
