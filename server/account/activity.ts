import { database, type Queryable } from '#db/client.ts'
import { type ActivityKind, activityBefore, activityEntry } from '#db/queries/activity.ts'
import { stoppedNumbers } from '#db/queries/contacts.ts'
import type { Purchase } from '#db/schema.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import { maskPhone } from '#domain/challenge/mask.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import { now } from '../platform/clock.ts'
import { contactContext, keys } from '../platform/keys.ts'
import type { Actor } from './actor.ts'
import { isId } from './sessions.ts'

/** Something that happened, as its cardholder sees it. */
export type Happening = {
  readonly id: string
  readonly at: number
  /** Its owner has said that it was not them. */
  readonly reported: boolean
} & (
  | {
      readonly kind: 'sign-in'
      readonly method: SignInMethod
      readonly device: string
      /** The session of whoever looks. */
      readonly current: boolean
    }
  | { readonly kind: 'change'; readonly contact: ContactKind; readonly masked: string; readonly state: string }
  /** Codes to a mobile number were stopped. Until then e-mail alone passes no larger purchase, where no other number is there. */
  | { readonly kind: 'stop'; readonly masked: string; readonly until: number }
  | {
      readonly kind: 'payment'
      readonly purchase: Purchase
      readonly lastFour: string
      /** Undefined while it is being asked about. */
      readonly ending: Ending | undefined
    }
)

/** What "this was not me" can be said of here. */
export type ReportableHappening = Exclude<Happening, { readonly kind: 'stop' }>

export interface ActivityPage {
  readonly happenings: readonly Happening[]
  /** Where the next page begins; undefined at the end. */
  readonly next: number | undefined
}

const pageSize = 20
/** A list for a table program; the newest, in one go. */
const exported = 5000

/** Sign-ins, changes, stopped numbers and payments that were asked about, newest first, from a moment back. */
export async function readActivity(actor: Actor, before: number | undefined): Promise<ActivityPage> {
  return read(actor, before, pageSize)
}

export async function exportActivity(actor: Actor): Promise<readonly Happening[]> {
  return (await read(actor, undefined, exported)).happenings
}

/** One entry of the actor's own; another's, or none, is undefined. */
export async function readHappening(
  actor: Actor,
  kind: string,
  id: string,
  db: Queryable = database(),
): Promise<ReportableHappening | undefined> {
  if (!isKind(kind) || !isId(id)) return undefined
  return toHappenings(actor, await activityEntry(db, actor.cardholderId, kind, id))[0]
}

async function read(actor: Actor, before = now() + 1, size: number): Promise<ActivityPage> {
  const found = await activityBefore(actor.cardholderId, new Date(before), size + 1)
  const stops = await readStops(actor, new Date(before), size + 1)
  const all = [...toHappenings(actor, found), ...stops].sort((one, other) => other.at - one.at)
  const happenings = all.slice(0, size)
  return { happenings, next: all.length > size ? happenings.at(-1)?.at : undefined }
}

function toHappenings(
  { sessionId }: Actor,
  { signIns, changes, payments }: Awaited<ReturnType<typeof activityBefore>>,
): ReportableHappening[] {
  const common = ({ id, at, reportedAt }: { id: string; at: Date; reportedAt: Date | null }) => ({
    ...{ id, at: at.getTime(), reported: reportedAt !== null },
  })
  return [
    ...signIns.map(row => ({
      ...{ ...common(row), kind: 'sign-in' as const, current: row.id === sessionId },
      ...{ method: row.method, device: row.device },
    })),
    ...changes.map(row => ({
      ...{ ...common(row), kind: 'change' as const, reported: row.reportedAt !== null || row.ending === 'reported' },
      ...{ contact: row.kind, masked: row.masked, state: row.ending ?? row.state },
    })),
    ...payments.map(row => ({
      ...{ ...common(row), kind: 'payment' as const },
      ...{ purchase: row.purchase, lastFour: row.lastFour, ending: row.ending ?? undefined },
    })),
  ]
}

/** It is reported by its notice's link or code, not from here. */
async function readStops({ cardholderId }: Actor, before: Date, most: number): Promise<Happening[]> {
  const rows = await stoppedNumbers(database(), cardholderId, before, most)
  return Promise.all(
    rows.map(async ({ id, value, at }) => {
      const stoppedAt = at?.getTime() ?? 0
      const masked = maskPhone(await keys().open('contact', value, contactContext(cardholderId, 'mobile')))
      const until = stoppedAt + contactPolicy.stoppedNumberWatched
      return { id, at: stoppedAt, reported: false, kind: 'stop' as const, masked, until }
    }),
  )
}

function isKind(kind: string): kind is ActivityKind {
  return ['sign-in', 'change', 'payment'].includes(kind)
}
