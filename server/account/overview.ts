import { database } from '#db/client.ts'
import { accountOf, cardholderById, lastFoursOf } from '#db/queries/accounts.ts'
import { countWaitingPayments } from '#db/queries/decoupled.ts'
import { passkeysOf } from '#db/queries/passkeys.ts'
import type { ActiveRestriction } from '#domain/contact/code-recipients.ts'
import { now } from '../platform/clock.ts'
import type { Actor } from './actor.ts'
import { decryptName } from './name.ts'
import { restrictionOfCardholder } from './restriction.ts'

export interface Overview {
  /** In the script of the cardholder's language, if the issuer has supplied the name. */
  readonly name: string | undefined
  readonly lastFours: readonly string[]
  readonly enrolledAt: number
  readonly passkeys: number
  /** Payments that wait for the cardholder's answer. */
  readonly waiting: number
  /** Why and until when payments are restricted. */
  readonly restriction: ActiveRestriction | undefined
}

/** What the account's first page shows. */
export async function readOverview({ cardholderId, language }: Actor): Promise<Overview> {
  const [owner, account, passkeys, lastFours, waiting, restriction] = await Promise.all([
    cardholderById(database(), cardholderId),
    accountOf(database(), cardholderId),
    passkeysOf(database(), cardholderId),
    lastFoursOf(database(), cardholderId),
    countWaitingPayments(cardholderId, now()),
    restrictionOfCardholder(database(), cardholderId, now()),
  ])
  return {
    name: owner && (await decryptName(owner.names, cardholderId, language)),
    lastFours,
    enrolledAt: account?.enrolledAt ?? 0,
    passkeys: passkeys.length,
    waiting,
    restriction,
  }
}
