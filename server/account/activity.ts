import { database, type Queryable } from '#db/client.ts'
import { type ActivityKind, activityBefore, activityEntry } from '#db/queries/activity.ts'
import type { Purchase } from '#db/schema.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import { now } from '../platform/clock.ts'
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
  | {
      readonly kind: 'payment'
      readonly purchase: Purchase
      readonly lastFour: string
      /** Undefined while it is being asked about. */
      readonly ending: Ending | undefined
    }
)

export interface ActivityPage {
  readonly happenings: readonly Happening[]
  /** Where the next page begins; undefined at the end. */
  readonly next: number | undefined
}

const pageSize = 20
/** A list for a table program; the newest, in one go. */
const exported = 5000

/** Sign-ins, changes and payments that were asked about, newest first, from a moment back. */
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
): Promise<Happening | undefined> {
  if (!isKind(kind) || !isId(id)) return undefined
  return toHappenings(actor, await activityEntry(db, actor.cardholderId, kind, id))[0]
}

async function read(actor: Actor, before = now() + 1, size: number): Promise<ActivityPage> {
  const found = await activityBefore(actor.cardholderId, new Date(before), size + 1)
  const all = toHappenings(actor, found).sort((one, other) => other.at - one.at)
  const happenings = all.slice(0, size)
  return { happenings, next: all.length > size ? happenings.at(-1)?.at : undefined }
}

function toHappenings(
  { sessionId }: Actor,
  { signIns, changes, payments }: Awaited<ReturnType<typeof activityBefore>>,
): Happening[] {
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

function isKind(kind: string): kind is ActivityKind {
  return ['sign-in', 'change', 'payment'].includes(kind)
}
