import { activityBefore } from '#db/queries/activity.ts'
import type { Purchase } from '#db/schema.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import { now } from '../platform/clock.ts'
import type { Actor } from './actor.ts'

/** Something that happened, as its cardholder sees it. */
export type Happening = { readonly id: string; readonly at: number } & (
  | { readonly kind: 'sign-in'; readonly method: SignInMethod; readonly device: string }
  | { readonly kind: 'change'; readonly contact: ContactKind; readonly masked: string; readonly state: string }
  | {
      readonly kind: 'payment'
      readonly purchase: Purchase
      readonly lastFour: string
      /** Undefined while the window is open. */
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

async function read({ cardholderId }: Actor, before = now() + 1, size: number): Promise<ActivityPage> {
  const { signIns, changes, payments } = await activityBefore(cardholderId, new Date(before), size + 1)
  const all: Happening[] = [
    ...signIns.map(({ at, ...row }) => ({ kind: 'sign-in' as const, at: at.getTime(), ...row })),
    ...changes.map(({ id, at, kind, masked, state, ending }) => ({
      ...{ id, at: at.getTime(), kind: 'change' as const, contact: kind, masked, state: ending ?? state },
    })),
    ...payments.map(({ at, ending, ...row }) => ({
      ...{ kind: 'payment' as const, at: at.getTime(), ending: ending ?? undefined, ...row },
    })),
  ].sort((one, other) => other.at - one.at)
  const happenings = all.slice(0, size)
  return { happenings, next: all.length > size ? happenings.at(-1)?.at : undefined }
}
