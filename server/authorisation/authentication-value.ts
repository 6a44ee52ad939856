import {
  type AuthenticationOutcome,
  type BoundPurchase,
  makeAuthenticationValue,
  type Verification,
  verifyAuthenticationValue,
} from '#domain/emv/authentication-value.ts'
import { config } from '../platform/config.ts'
import { sameBytes } from '../platform/crypto.ts'
import { rangeOf } from '../platform/issuer.ts'
import { keys } from '../platform/keys.ts'

/** Makes the value that a payment carries to authorisation, under the key of the card's range. */
export async function issueAuthenticationValue(
  range: string,
  numberHmac: Uint8Array,
  outcome: AuthenticationOutcome,
  at: number,
  purchase: BoundPurchase,
): Promise<string> {
  return makeAuthenticationValue({ outcome, card: numberHmac, at, purchase }, await keys().rangeKey(range))
}

/** Checks whether a value that authorisation received is ours, for this card and this purchase. */
export async function checkAuthenticationValue(
  authenticationValue: string,
  acctNumber: string,
  purchase: BoundPurchase,
): Promise<Verification> {
  const range = /^\d{13,19}$/.test(acctNumber) ? rangeOf(config().issuer, acctNumber) : undefined
  if (!range) return { kind: 'invalid' }
  // The card's hmac may date from before a change of the look-up key.
  for (const { hmac } of await keys().macs('card-lookup', acctNumber)) {
    const verification = await verifyAuthenticationValue(
      authenticationValue,
      { card: hmac, purchase },
      (nibble, data) => keys().rangeMacByNibble(range.id, nibble, data),
      sameBytes,
    )
    if (verification.kind !== 'invalid') return verification
  }
  return { kind: 'invalid' }
}
