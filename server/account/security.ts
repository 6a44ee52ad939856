import { database } from '#db/client.ts'
import { signInBefore } from '#db/queries/sessions.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import type { ActiveRestriction } from '#domain/contact/code-recipients.ts'
import { now } from '../platform/clock.ts'
import type { Actor } from './actor.ts'
import { listApprovalDevices } from './approval-devices.ts'
import { listPasskeys } from './passkeys.ts'
import { restrictionOfCardholder } from './restriction.ts'
import { listSessions } from './sessions.ts'

export interface Security {
  /** Why and until when payments are restricted. */
  readonly restriction: ActiveRestriction | undefined
  readonly counts: { readonly passkeys: number; readonly devices: number; readonly sessions: number }
  /** The sign-in before the one of the current session. */
  readonly lastSignIn: { readonly at: number; readonly device: string; readonly method: SignInMethod } | undefined
}

/** The content of the account's security page. */
export async function readSecurity(actor: Actor): Promise<Security> {
  const [restriction, passkeys, devices, sessions, lastSignIn] = await Promise.all([
    restrictionOfCardholder(database(), actor.cardholderId, now()),
    listPasskeys(actor),
    listApprovalDevices(actor),
    listSessions(actor),
    signInBefore(actor.cardholderId, actor.sessionId),
  ])
  return {
    restriction,
    counts: { passkeys: passkeys.length, devices: devices.length, sessions: sessions.length },
    lastSignIn,
  }
}
