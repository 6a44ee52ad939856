import { transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { removeAccount, removeDrafts } from '#db/queries/close-account.ts'
import { formatTime } from '#domain/challenge/purchase.ts'
import { notify } from '../delivery/message.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import { type Actor, isFresh } from './actor.ts'
import { endSessions } from './sessions.ts'

export type Closed = { readonly kind: 'closed' | 'stronger-authentication-needed' }

/**
 * Ends somebody's enrolment in online services. What the issuer gave stays, contacts among it, so that cards stay protected;
 * and so does what was reported and is not settled. Every contact is told. `visit`: the browser in which it is done.
 */
export async function closeAccount(actor: Actor, visit: string | undefined): Promise<Closed> {
  const { cardholderId, language } = actor
  return transaction(async tx => {
    const at = now()
    if (!isFresh(actor, at)) return { kind: 'stronger-authentication-needed' }
    await lockCardholder(tx, cardholderId)
    const closed = await removeAccount(tx, cardholderId, new Date(at))
    await endSessions(tx, cardholderId)
    if (visit !== undefined) await removeDrafts(tx, sha256(visit))
    if (!closed) return { kind: 'closed' }
    const values = { at: formatTime(at, language) }
    await notify(tx, { cardholderId, language, words: 'account-closed', values }, at)
    log.info('account.closed', { cardholderId })
    return { kind: 'closed' }
  })
}
