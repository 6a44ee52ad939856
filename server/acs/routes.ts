import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import type { Guard } from '#db/queries/reports.ts'
import { type Channel, type Happened, type Routes, routesFor, type Watched, watchedBy } from '#domain/contact/routes.ts'
import { isLarger } from '#domain/risk/larger.ts'
import { type Contact, openContacts } from '../delivery/message.ts'
import { config } from '../platform/config.ts'

// By which contacts a payment's code may go, asked at each moment that matters: when the AReq comes, when the window is
// opened, with each code sent and with each code typed. The rule: domain/contact/routes.ts.

/** Of a challenge, what decides where its codes go. */
export type Routed = Pick<ChallengeRow, 'cardId' | 'messageCategory' | 'purchase'>

/** Where a code of a challenge may go at this moment, and whose it is. */
export interface RecipientsNow {
  readonly owner: Awaited<ReturnType<typeof ownerOf>>
  readonly routes: Routes<Contact>
  readonly larger: boolean
  readonly watched: Watched | undefined
}

export async function routesOf(tx: Queryable, row: Routed, now: number): Promise<RecipientsNow> {
  const owner = await ownerOf(tx, row.cardId)
  const larger = isLarger({ messageCategory: row.messageCategory, ...row.purchase }, config().issuer.largerAbove)
  const contacts = await openContacts(tx, owner.cardholderId, now)
  const routes = routesFor(contacts, { ...whatHappened(owner), larger }, now)
  return { owner, routes, larger, watched: watchedBy(contacts, whatHappened(owner), now) }
}

export function whatHappened({ guardedAt, numberStoppedAt }: Pick<Guard, 'guardedAt' | 'numberStoppedAt'>): Happened {
  return { guardedAt: guardedAt ?? undefined, numberStoppedAt: numberStoppedAt ?? undefined }
}

/** The contact of a channel that may have a code. */
export function recipientBy(channel: Channel, { routes }: RecipientsNow): Contact | undefined {
  return routes.kind === 'to' ? routes.contacts.find(contact => contact.channel === channel) : undefined
}

/** Why no contact may have a code for this purchase, where that is because of a restriction. */
export function refusal(routes: Routes): Watched | undefined {
  return routes.kind === 'to' || routes.kind === 'no-contact' ? undefined : routes.kind
}
