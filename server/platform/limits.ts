import { database, type Queryable } from '#db/client.ts'
import { addToTallies, type TallyKey } from '#db/queries/tallies.ts'
import type { TallyName } from '#db/schema.ts'
import { accountPolicy, type LimitName, windowOf } from '#domain/account/policy.ts'
import { foldAddress } from '#domain/contact/address.ts'
import { now } from './clock.ts'
import { keys } from './keys.ts'
import { log } from './log.ts'

/** Whether an attempt is permitted. Callers never see a counter. */
export type Permission = { readonly kind: 'permitted' } | { readonly kind: 'limited'; readonly until: number }

/**
 * Counts an attempt against a limit, before the attempt is made: in a statement of its own, or in the caller's
 * transaction. Only an hmac of `subject` is stored.
 */
export async function countTry(name: LimitName, subject: string, tx: Queryable = database()): Promise<Permission> {
  const { most, window } = accountPolicy.limits[name]
  const at = now()
  const [count = 0] = await addToTallies(tx, [await tallyKey(name, subject, window, at)], 1)
  return count <= most ? { kind: 'permitted' } : limited(name, windowOf(window, at).endsAt)
}

export function limited(name: LimitName, until: number): Permission {
  log.warn('limit.reached', { kind: name })
  return { kind: 'limited', until }
}

/** The key under which a subject's attempts in a window are counted. */
export async function tallyKey(name: TallyName, subject: string, window: number, at: number): Promise<TallyKey> {
  return { name, subject: await subjectHmac(name, subject), beginsAt: windowOf(window, at).beginsAt }
}

/**
 * The hmac of a limit's subject. Folds the spelling here, so that no caller can forget to: another spelling is the same
 * subject.
 */
export async function subjectHmac(name: string, subject: string): Promise<Buffer> {
  const folded = subject.split('\0').map(foldAddress).join('\0')
  return (await keys().mac('contact-lookup', `limit\0${name}\0${folded}`)).hmac
}
