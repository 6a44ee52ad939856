import { database } from '#db/client.ts'
import { accountOf, cardholderById, lastFoursOf } from '#db/queries/accounts.ts'
import { passkeysOf } from '#db/queries/passkeys.ts'
import { signInBefore } from '#db/queries/sessions.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import { type ActivityEntry, readLatestPayments } from './activity.ts'
import type { Actor } from './actor.ts'
import { decryptName } from './name.ts'
import { listWaitingPayments, type WaitingPayments } from './payments.ts'
import { type Contacts, readContacts } from './read-contacts.ts'

export interface Overview {
  /** In the script of the cardholder's language, if the issuer has supplied the name. */
  readonly name: string | undefined
  readonly lastFours: readonly string[]
  readonly enrolledAt: number
  readonly passkeys: number
  /** Contacts, pending changes, and why and until when payments are restricted. */
  readonly contacts: Contacts
  /** Payments that wait for the cardholder's answer. */
  readonly waiting: WaitingPayments
  /** The sign-in before the one of the current session. */
  readonly lastSignIn: { readonly at: number; readonly device: string; readonly method: SignInMethod } | undefined
  /** The newest challenged payments. */
  readonly payments: readonly ActivityEntry[]
}

/** How many payments the overview shows. */
const latest = 3

/** How things stand: what the account's first page shows. */
export async function readOverview(actor: Actor): Promise<Overview> {
  const { cardholderId, language, sessionId } = actor
  const [owner, account, passkeys, lastFours, waiting, contacts, lastSignIn, payments] = await Promise.all([
    cardholderById(database(), cardholderId),
    accountOf(database(), cardholderId),
    passkeysOf(database(), cardholderId),
    lastFoursOf(database(), cardholderId),
    listWaitingPayments(actor),
    readContacts(actor),
    signInBefore(cardholderId, sessionId),
    readLatestPayments(actor, latest),
  ])
  return {
    name: owner && (await decryptName(owner.names, cardholderId, language)),
    lastFours,
    enrolledAt: account?.enrolledAt ?? 0,
    passkeys: passkeys.length,
    ...{ contacts, waiting, lastSignIn, payments },
  }
}
