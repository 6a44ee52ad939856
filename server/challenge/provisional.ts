import { isLargePurchase, type Sized } from '#domain/risk/large-purchase.ts'
import { config } from '../platform/config.ts'

/**
 * Whether a purchase is above the amount that a contact may authenticate that was registered in a window and not
 * confirmed since. Every purchase is, if the issuer has switched registration off.
 */
export function isBeyondProvisional(purchase: Sized): boolean {
  return isLargePurchase(purchase, config().issuer.registration?.upTo ?? {})
}
