import { database } from '#db/client.ts'
import { type ChangeRow, changesSince, openChanges, toChange } from '#db/queries/contact-changes.ts'
import { latestContacts } from '#db/queries/contacts.ts'
import { deliveryOf } from '#db/queries/outbox.ts'
import { type ChangeOutcome, type ContactKind, effectiveFrom, isPending } from '#domain/contact/change.ts'
import type { ActiveRestriction } from '#domain/contact/code-recipients.ts'
import { type DeliveryState, deliveryState } from '#domain/contact/delivery.ts'
import { maskEmail, maskEmailForOwner, maskPhone } from '#domain/contact/mask.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { now } from '../platform/clock.ts'
import { contactContext, keys } from '../platform/keys.ts'
import type { Actor } from './actor.ts'
import { restrictionOfCardholder } from './restriction.ts'

export interface ContactShown {
  readonly kind: ContactKind
  /** The effective contact; undefined if there is none. */
  readonly masked: string | undefined
  /** It was reported as not the cardholder's, and gets no codes. */
  readonly frozen: boolean
  /** When it was registered in the window of a purchase, if it has not been confirmed since. */
  readonly provisionalSince: number | undefined
  /** A pending change. */
  readonly change: OpenChangeShown | undefined
}

export interface ChangeShown {
  readonly id: string
  readonly kind: ContactKind
  readonly masked: string
  readonly state: 'asking' | 'scheduled' | 'in-force' | 'ended'
  readonly outcome: ChangeOutcome | undefined
  readonly requestedAt: number
  readonly confirmedAt: number | undefined
  /** When it takes effect; while a code is expected, when it would take effect if it were confirmed now. */
  readonly effectiveAt: number
  readonly codeExpiresAt: number
}

interface OpenChangeShown extends ChangeShown {
  /** The delivery state of the message with the newest code. */
  readonly delivery: DeliveryState
}

export interface Contacts {
  readonly email: ContactShown
  readonly mobile: ContactShown
  /** Why and until when payments are restricted. */
  readonly restriction: ActiveRestriction | undefined
  /** While a report is open: the start of the dispute. */
  readonly disputedSince: number | undefined
  /** Confirmed changes of the last 90 days, newest first. */
  readonly recent: readonly ChangeShown[]
}

const recentDays = 90

/** A cardholder's current contacts, masked, with their pending changes. */
export async function readContacts({ cardholderId, disputedSince, strongAt }: Actor): Promise<Contacts> {
  const at = now()
  const rows = await latestContacts(database(), cardholderId, at)
  const changes = await changesSince(database(), cardholderId, at - recentDays * contactPolicy.day)
  const mask = strongAt === undefined ? maskForAnyone : maskForOwner
  const shown = async (kind: ContactKind): Promise<ContactShown> => {
    const row = rows.find(contact => contact.kind === kind)
    const value = row && (await keys().decrypt('contact', row.value, contactContext(cardholderId, kind)))
    // A confirmed number may wait for its effective day while a newer one is being requested; the page shows the newer
    // one.
    const open = changes.find(change => change.kind === kind && isPending(toChange(change), at))
    return {
      kind,
      masked: value && mask(kind, value),
      frozen: row?.frozenAt != null,
      provisionalSince: row?.provisionalSince ?? undefined,
      change: open && { ...(await show(open, at, mask)), delivery: await deliveryAbout(open) },
    }
  }
  return {
    email: await shown('email'),
    mobile: await shown('mobile'),
    restriction: await restrictionOfCardholder(database(), cardholderId, at),
    disputedSince,
    recent: await Promise.all(
      changes.filter(change => change.confirmedAt !== null).map(change => show(change, at, mask)),
    ),
  }
}

async function deliveryAbout({ id }: ChangeRow): Promise<DeliveryState> {
  const message = await deliveryOf(database(), { aboutId: id })
  return message ? deliveryState(message) : 'handed-over'
}

/** The new contact as the cardholder entered it, so that they can correct it. */
export async function typedContact({ cardholderId }: Actor, kind: ContactKind): Promise<string | undefined> {
  const [row] = await openChanges(database(), cardholderId, kind)
  return row && keys().decrypt('contact', row.value, contactContext(cardholderId, kind))
}

async function show(row: ChangeRow, at: number, mask: Mask): Promise<ChangeShown> {
  const value = row.value && (await keys().decrypt('contact', row.value, contactContext(row.cardholderId, row.kind)))
  const effectiveAt = row.effectiveAt ?? effectiveFrom(row.kind, at)
  const state = row.state === 'confirmed' ? (at < effectiveAt ? 'scheduled' : 'in-force') : row.state
  return {
    id: row.id,
    kind: row.kind,
    masked: value ? mask(row.kind, value) : row.masked,
    state,
    outcome: row.outcome ?? undefined,
    requestedAt: row.requestedAt,
    confirmedAt: row.confirmedAt ?? undefined,
    effectiveAt,
    codeExpiresAt: row.codeExpiresAt,
  }
}

type Mask = (kind: ContactKind, value: string) => string

const maskForOwner: Mask = (kind, value) => (kind === 'email' ? maskEmailForOwner(value) : maskPhone(value))
/** For a session that a code by e-mail opened: a thief who reads one mailbox must not learn of another. */
const maskForAnyone: Mask = (kind, value) => (kind === 'email' ? maskEmail(value) : maskPhone(value))
