import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import type { Guard } from '#db/queries/reports.ts'
import {
  type Channel,
  type Happened,
  isStillGood,
  type Routes,
  routesFor,
  type Watched,
  watchedBy,
} from '#domain/contact/routes.ts'
import { isLarger } from '#domain/risk/larger.ts'
import { type Contact, openContacts } from '../delivery/message.ts'
import { config } from '../platform/config.ts'

// By which contacts a payment's code may go, asked at each moment that matters: when the AReq comes, when the window is
// opened, with each code sent and with each code typed. The rule: domain/contact/routes.ts.

/** Of a challenge, what decides where its codes go. */
export type Routed = Pick<ChallengeRow, 'cardId' | 'messageCategory' | 'purchase'>

/** Where a code of a challenge would go at this moment, and whose it is. */
export async function routesOf(tx: Queryable, row: Routed, now: number) {
  const owner = await ownerOf(tx, row.cardId)
  const larger = isLarger({ messageCategory: row.messageCategory, ...row.purchase }, config().issuer.largerAbove)
  const contacts = await openContacts(tx, owner.cardholderId, now)
  const routes: Routes<Contact> = routesFor(contacts, { ...whatHappened(owner), larger }, now)
  return { owner, routes, larger, watched: watchedBy(contacts, whatHappened(owner), now) }
}

export function whatHappened({ guardedAt, numberStoppedAt }: Pick<Guard, 'guardedAt' | 'numberStoppedAt'>): Happened {
  return { guardedAt: guardedAt?.getTime(), numberStoppedAt: numberStoppedAt ?? undefined }
}

/** Why no contact of the cardholder's is good enough for a challenge's purchase at this moment. */
export async function refusalOf(tx: Queryable, row: ChallengeRow, now: number): Promise<Watched | undefined> {
  return refusal((await routesOf(tx, row, now)).routes)
}

/** Contacts were changed or reported since the last code left, so that it would not go the same ways any more. */
export async function isOvertaken(tx: Queryable, row: ChallengeRow, now: number): Promise<boolean> {
  const sentBy: Channel[] = []
  if (row.destination) sentBy.push('email')
  if (row.destinationMobile) sentBy.push('sms')
  return !isStillGood(sentBy, (await routesOf(tx, row, now)).routes)
}

/** Why no contact may receive the code. */
export function refusal(routes: Routes): Watched | undefined {
  return routes.kind === 'to' || routes.kind === 'no-contact' ? undefined : routes.kind
}
