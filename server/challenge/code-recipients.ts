import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import type { OpenReport } from '#db/queries/reports.ts'
import {
  type Channel,
  type CodeRecipients,
  codeRecipientsFor,
  type Happened,
  type Restriction,
  restrictionOn,
} from '#domain/contact/code-recipients.ts'
import { isLarger } from '#domain/risk/larger.ts'
import { type Contact, openContacts } from '../messaging/message.ts'
import { config } from '../platform/config.ts'

// By which contacts a payment's code may go, asked at each moment that matters: when the AReq comes, when the window is
// opened, with each code sent and with each code typed. The rule: domain/contact/code-recipients.ts.

/** Of a challenge, what decides where its codes go. */
export type CodeRequest = Pick<ChallengeRow, 'cardId' | 'messageCategory' | 'purchase'>

/** Where a code of a challenge may go at this moment, and whose it is. */
export interface RecipientsNow {
  readonly owner: Awaited<ReturnType<typeof ownerOf>>
  readonly recipients: CodeRecipients<Contact>
  readonly larger: boolean
  readonly restricted: Restriction | undefined
}

export async function codeRecipientsOf(tx: Queryable, row: CodeRequest, now: number): Promise<RecipientsNow> {
  const owner = await ownerOf(tx, row.cardId)
  const larger = isLarger({ messageCategory: row.messageCategory, ...row.purchase }, config().issuer.largerAbove)
  const contacts = await openContacts(tx, owner.cardholderId, now)
  const recipients = codeRecipientsFor(contacts, { ...whatHappened(owner), larger }, now)
  return { owner, recipients, larger, restricted: restrictionOn(contacts, whatHappened(owner), now) }
}

export function whatHappened({
  reportOpenSince,
  numberStoppedAt,
}: Pick<OpenReport, 'reportOpenSince' | 'numberStoppedAt'>): Happened {
  return { reportOpenSince: reportOpenSince ?? undefined, numberStoppedAt: numberStoppedAt ?? undefined }
}

/** The contact of a channel that may have a code. */
export function recipientBy(channel: Channel, { recipients }: RecipientsNow): Contact | undefined {
  return recipients.kind === 'to' ? recipients.contacts.find(contact => contact.channel === channel) : undefined
}

/** Why no contact may have a code for this purchase, where that is because of a restriction. */
export function refusal(recipients: CodeRecipients): Restriction | undefined {
  return recipients.kind === 'to' || recipients.kind === 'no-contact' ? undefined : recipients.kind
}
