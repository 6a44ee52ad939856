import { transaction } from '#db/client.ts'
import { accountOf } from '#db/queries/accounts.ts'
import { removeAccount, removeDrafts } from '#db/queries/close-account.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { audit } from '../audit/audit.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { cancelPendingChanges } from './change-contact.ts'
import { endSessions, lockFor } from './sessions.ts'

export type Closed = { readonly kind: 'closed' | 'stronger-authentication-needed' }

/**
 * Ends a cardholder's enrolment in online services. The issuer's data stays, contacts included, so that cards stay
 * protected, and so do open reports. Pending changes are cancelled. Every contact is notified. `visit` identifies the
 * browser, whose drafts are removed.
 */
export async function closeAccount(actor: Actor, visit: string | undefined): Promise<Closed> {
  const { cardholderId, language } = actor
  return transaction(async tx => {
    const at = now()
    // If the button was pressed twice, the first request has closed the account and ended this session.
    if (!(await lockFor(tx, 'close-account', actor)))
      return { kind: (await accountOf(tx, cardholderId)) ? 'stronger-authentication-needed' : 'closed' }
    await cancelPendingChanges(tx, cardholderId, at)
    const closed = await removeAccount(tx, cardholderId, at)
    await endSessions(tx, cardholderId)
    if (visit !== undefined) await removeDrafts(tx, sha256(visit))
    if (!closed) return { kind: 'closed' }
    const values = { at: formatTime(at, language) }
    await notify(tx, { cardholderId, language, words: 'account-closed', values }, at)
    await audit(tx, { type: 'account-closed', cardholderId })
    log.info('account.closed', { cardholderId })
    return { kind: 'closed' }
  })
}
