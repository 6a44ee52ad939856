import { addToTally } from '#db/queries/tallies.ts'
import { accountPolicy, type LimitName, windowOf } from '#domain/account/policy.ts'
import { now } from './clock.ts'
import { keys } from './keys.ts'
import { log } from './log.ts'

/** Whether something may be tried. Callers never see a counter. */
export type Permission = { readonly kind: 'permitted' } | { readonly kind: 'limited'; readonly until: number }

const permitted = { kind: 'permitted' } as const

/** Counts a try against a limit, before whatever it is for happens. `subject` is kept as a tag alone. */
export async function countTry(name: LimitName, subject: string): Promise<Permission> {
  const { beginsAt, endsAt } = windowOf(name, now())
  const count = await addToTally(name, await tagOf(name, subject), new Date(beginsAt))
  return answer(name, count <= accountPolicy.limits[name].most, endsAt)
}

/** The first of several permissions that is none. */
export async function allOf(...asked: readonly Promise<Permission>[]): Promise<Permission> {
  return (await Promise.all(asked)).find(({ kind }) => kind === 'limited') ?? permitted
}

function answer(name: LimitName, ok: boolean, until: number): Permission {
  if (ok) return permitted
  log.warn('limit.reached', { kind: name })
  return { kind: 'limited', until }
}

async function tagOf(name: LimitName, subject: string): Promise<Buffer> {
  return (await keys().mac('contact-lookup', `limit\0${name}\0${subject}`)).tag
}
