import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import type { ChallengeChange, ChallengeRow } from '#db/queries/challenges.ts'
import { dropMessages } from '#db/queries/outbox.ts'
import type { Asking } from '#domain/challenge/machine.ts'
import { maskEmail, maskPhone } from '#domain/challenge/mask.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Watched } from '#domain/contact/routes.ts'
import { smsOriginOf } from '../delivery/count-sms.ts'
import { type Contact, type PaymentCode, queueMessage } from '../delivery/message.ts'
import { withReplaced } from '../earlier-codes.ts'
import { newCode } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { routesOf } from './routes.ts'

export type CodeSent =
  /** The columns to write with the state. */
  | { readonly kind: 'sent'; readonly columns: ChallengeChange }
  /** Nothing was queued: no contact may have it … */
  | { readonly kind: 'no-contact' }
  /** … or it needs a text message, and no more of those may be sent. `watched`: why an e-mail may not carry it instead. */
  | { readonly kind: 'sms-limited'; readonly watched: Watched | undefined }

/**
 * Draws a code, keeps its keyed hash and queues the message with the code sealed inside: it stands in no column and no
 * log. It goes to the e-mail address and the mobile number in force, the same code to both, unless the cardholder chose one or
 * domain/contact/routes says less. The messages before it that still wait are given up.
 *
 * Where a cap refuses the text message, an e-mail alone carries the code of a smaller purchase only: a person who reads the
 * mailbox can exhaust a cap, and the text message is how the cardholder hears of the purchase.
 */
export async function sendCode(tx: Queryable, row: ChallengeRow, challenge: Asking, now: number): Promise<CodeSent> {
  const { routes, owner, larger, watched } = await routesOf(tx, row, now)
  if (routes.kind !== 'to') return { kind: 'no-contact' }

  const { cardholderId, language } = owner
  const { acsTransID } = row
  const code = newCode(policy.codeDigits)
  const content: PaymentCode = {
    kind: 'payment-code',
    code,
    purchase: row.purchase,
    lastFour: await lastFourOf(tx, row.cardId),
    lifetime: challenge.codeExpiresAt - now,
  }
  const message = { language, content, cardholderId, acsTransID, expiresAt: challenge.codeExpiresAt }
  const queued = new Map<string, Contact>()
  const isChosen = ({ channel }: Contact) => challenge.way === 'both' || challenge.way === channel
  // What was chosen may not be allowed any more, or not be possible: then it goes to what is left.
  for (const contacts of [routes.contacts.filter(isChosen), routes.contacts.filter(contact => !isChosen(contact))]) {
    if (queued.size > 0) break
    for (const contact of textsFirst(contacts)) {
      const { channel, to } = contact
      const id = await queueMessage(tx, { channel, to, ...message, smsOrigin: smsOriginOf(row) }, now)
      if (id) queued.set(id, contact)
      // Before the e-mail is queued: no code that opens nothing may leave.
      else if (larger) return { kind: 'sms-limited', watched }
    }
  }
  if (queued.size === 0) return { kind: 'sms-limited', watched }
  await dropMessages(tx, acsTransID, now, [...queued.keys()])

  const { keyId, tag } = await keys().mac('code', codeInput(acsTransID, code))
  const contacts = [...queued.values()]
  const address = contacts.find(({ channel }) => channel === 'email')?.to
  const number = contacts.find(({ channel }) => channel === 'sms')?.to
  return {
    kind: 'sent',
    columns: {
      codeTag: tag,
      codeKeyId: keyId,
      earlierCodes: withReplaced(row),
      destination: address ? maskEmail(address) : null,
      destinationMobile: number ? maskPhone(number) : null,
    },
  }
}

function textsFirst(contacts: readonly Contact[]): readonly Contact[] {
  const isText = ({ channel }: Contact) => channel === 'sms'
  return [...contacts.filter(isText), ...contacts.filter(contact => !isText(contact))]
}

/** A code is bound to its challenge: the same digits elsewhere have another tag. */
export function codeInput(acsTransID: string, code: string): string {
  return `${acsTransID}\0${code}`
}
