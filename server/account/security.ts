import { database } from '#db/client.ts'
import { isGuarded } from '#db/queries/contact-changes.ts'
import { signInBefore } from '#db/queries/sessions.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import type { Actor } from './actor.ts'
import { listApprovalDevices } from './approval-devices.ts'
import { listPasskeys } from './passkeys.ts'
import { listSessions } from './sessions.ts'

export interface Security {
  /** Something was reported and is not settled. */
  readonly guarded: boolean
  readonly counts: { readonly passkeys: number; readonly devices: number; readonly sessions: number }
  /** The one before the session of whoever looks. */
  readonly lastSignIn: { readonly at: number; readonly device: string; readonly method: SignInMethod } | undefined
}

/** What the page about the account's security shows. */
export async function readSecurity(actor: Actor): Promise<Security> {
  const [guarded, passkeys, devices, sessions, lastSignIn] = await Promise.all([
    isGuarded(database(), actor.cardholderId),
    listPasskeys(actor),
    listApprovalDevices(actor),
    listSessions(actor),
    signInBefore(actor.cardholderId, actor.sessionId),
  ])
  return {
    guarded,
    counts: { passkeys: passkeys.length, devices: devices.length, sessions: sessions.length },
    lastSignIn: lastSignIn && { ...lastSignIn, at: lastSignIn.at.getTime() },
  }
}
