import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import type { OpenReport } from '#db/queries/reports.ts'
import {
  type Channel,
  type CodeRecipients,
  codeRecipientsFor,
  type Happened,
  inDoubtSince,
  type Refusal,
  type Restriction,
  restrictionOn,
  withoutLost,
} from '#domain/contact/code-recipients.ts'
import type { CodesNow, PushesNow } from '#domain/methods/method.ts'
import { isLargePurchase } from '#domain/risk/large-purchase.ts'
import { type Contact, decryptEffectiveContacts } from '../messaging/message.ts'
import { config } from '../platform/config.ts'
import { isBeyondProvisional } from './provisional.ts'

// Which contacts may receive a payment's code. This is looked up whenever it matters: on the AReq, when the window is
// opened, for each code sent and for each code entered. The rule is in domain/contact/code-recipients.ts.

/**
 * The columns of a challenge that decide where its codes go and which other methods are available. An AReq that is being
 * answered has no challenge yet.
 */
export type CodeRequest = Pick<
  ChallengeRow,
  'cardId' | 'messageCategory' | 'purchase' | 'notificationURL' | 'onDevice'
> &
  Partial<Pick<ChallengeRow, 'id' | 'deviceDigest' | 'lostContacts'>>

/** Where a challenge's codes may go at this moment, and who owns the card. */
export interface RecipientsNow {
  readonly owner: Awaited<ReturnType<typeof ownerOf>>
  readonly recipients: CodeRecipients<Contact>
  /** Only a device may confirm the payment (challenge-on-device of the risk policy). */
  readonly onDevice: boolean
  /**
   * What confirms the payment must have been in the account for as long as for a larger purchase: it is one, or only a
   * device may confirm it. A thief who reads codes may have added a device a moment ago.
   */
  readonly larger: boolean
  readonly restricted: Restriction | undefined
  /** Whether the limits of the card permit codes, and requests on devices; left out where they are not looked up. */
  readonly codes?: CodesNow
  readonly pushes?: PushesNow
  /** While payments are restricted: since when an intruder may have added passkeys or devices. */
  readonly inDoubtSince: number | undefined
}

export async function codeRecipientsOf(tx: Queryable, row: CodeRequest, now: number): Promise<RecipientsNow> {
  const owner = await ownerOf(tx, row.cardId)
  const size = { messageCategory: row.messageCategory, ...row.purchase }
  const larger = isLargePurchase(size, config().issuer.largerAbove)
  const contacts = await decryptEffectiveContacts(tx, owner.cardholderId, now)
  const beyondProvisional = isBeyondProvisional(size)
  const asked = { ...restrictionFacts(owner), larger, beyondProvisional }
  const recipients = withoutLost(codeRecipientsFor(contacts, asked, now), row.lostContacts ?? [])
  const happened = { ...restrictionFacts(owner), disputedSince: owner.disputedSince ?? undefined }
  const restricted = restrictionOn(contacts, happened, now)
  const { onDevice } = row
  const rules = { onDevice, larger: larger || onDevice, restricted }
  return { owner, recipients, ...rules, inDoubtSince: inDoubtSince(contacts, happened, now) }
}

export function restrictionFacts({
  reportOpenSince,
  numberStoppedAt,
}: Pick<OpenReport, 'reportOpenSince' | 'numberStoppedAt'>): Happened {
  return { reportOpenSince: reportOpenSince ?? undefined, numberStoppedAt: numberStoppedAt ?? undefined }
}

/** The contact of a channel that may receive a code. */
export function recipientBy(channel: Channel, { recipients }: RecipientsNow): Contact | undefined {
  return recipients.kind === 'to' ? recipients.contacts.find(contact => contact.channel === channel) : undefined
}

/** Why no contact may receive a code for this purchase, although there is one. */
export function refusal(recipients: CodeRecipients): Refusal | undefined {
  const { kind } = recipients
  return kind === 'to' || kind === 'no-contact' || kind === 'contacts-lost' ? undefined : kind
}
