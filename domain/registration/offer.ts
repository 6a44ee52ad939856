import type { Fact, FactsEntry } from './facts.ts'
import { areEnough } from './facts.ts'

// Whether a cardholder without a contact may register one in the window of a purchase.

export interface OfferFacts {
  /** The issuer has switched it on. */
  readonly isOn: boolean
  /** The cardholder can confirm the purchase without a contact: with a passkey, on a device, or in the account. */
  readonly hasOtherMethod: boolean
  /** What the issuer knows of the cardholder. */
  readonly held: ReadonlySet<Fact>
  /** The purchase is above the amount that a contact registered in its window may authenticate. */
  readonly isBeyond: boolean
  readonly entry: FactsEntry
}

/**
 * `refused`: it would be offered but for the amount or the limits. Such a purchase never passes as an attempt: otherwise
 * a stranger could turn the proof off by using the tries up.
 */
export type Offer = 'offered' | 'refused' | 'not-offered'

export function offerOf({ isOn, hasOtherMethod, held, isBeyond, entry }: OfferFacts): Offer {
  if (!isOn || hasOtherMethod || !areEnough(held)) return 'not-offered'
  return isBeyond || entry.kind !== 'permitted' ? 'refused' : 'offered'
}
