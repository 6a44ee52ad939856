/** The facts of a payment that a cardholder's device signs when it approves the payment. */
export interface RequestFacts {
  readonly acsTransID: string
  /** Our own id of the card. */
  readonly cardId: string
  readonly lastFour: string
  readonly merchantName: string
  readonly merchantID: string
  /** Minor units, with the ISO 4217 number and exponent; absent for a non-payment without an amount. */
  readonly amount?: string | undefined
  readonly currency?: string | undefined
  readonly exponent?: string | undefined
}

/**
 * The text that binds a signature to one payment (dynamic linking): the signature covers its SHA-256. `nonce` makes it
 * unpredictable. The order of the members is fixed, and the text is stored as it was signed, so that a signature can be
 * verified later without building it again.
 */
export function signedRequest(nonce: string, facts: RequestFacts): string {
  const { acsTransID, cardId, lastFour, merchantName, merchantID, amount, currency, exponent } = facts
  return JSON.stringify({
    ...{ nonce, acsTransID, cardId, lastFour, merchantName, merchantID },
    ...{ amount: amount ?? null, currency: currency ?? null, exponent: exponent ?? null },
  })
}
