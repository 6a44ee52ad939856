import type { Queryable } from '#db/client.ts'
import { hasApprovalDevice } from '#db/queries/registrations.ts'
import { type Offer, offerOf } from '#domain/registration/offer.ts'
import { canApproveInAccount } from '../authentication/decoupled.ts'
import type { CodeRequest } from '../challenge/code-recipients.ts'
import { isBeyondProvisional } from '../challenge/provisional.ts'
import { config } from '../platform/config.ts'
import { factsHeld } from './check-facts.ts'
import { factsEntry } from './facts-limits.ts'

/** Whether this issuer lets cardholders without a contact register one in the window. */
export function registersContacts(): boolean {
  return config().issuer.registration !== undefined
}

/** Whether a cardholder who has no contact may register one in the window of this purchase. */
export async function registrationOffer(
  tx: Queryable,
  request: CodeRequest,
  cardholderId: string,
  at: number,
): Promise<Offer> {
  if (!registersContacts()) return 'not-offered'
  return offerOf({
    isOn: true,
    hasOtherMethod: (await canApproveInAccount(tx, request.cardId, at)) || (await hasApprovalDevice(tx, cardholderId)),
    held: await factsHeld(tx, cardholderId, at),
    isBeyond: isBeyondProvisional({ messageCategory: request.messageCategory, ...request.purchase }),
    entry: await factsEntry(tx, cardholderId, undefined, at),
  })
}
