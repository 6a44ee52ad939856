/** The payment that a cardholder's passkey signs in the window. Members without a value are absent. */
export type SignedPayment = {
  readonly acsTransID: string
  /** Our own id of the card, and its last four digits, which the window shows. */
  readonly card: string
  readonly lastFour: string
  readonly merchant: string
  readonly merchantID: string
  /** Minor units; absent, as are currency and exponent, for a non-payment without an amount. */
  readonly amount?: string | undefined
  /** ISO 4217 number. */
  readonly currency?: string | undefined
  readonly exponent?: string | undefined
}

/**
 * The text whose SHA-256 is signed, so that the signature belongs to this payment alone (dynamic linking): JSON by RFC
 * 8785 (JCS). All values are strings, so sorting the members is all that it takes.
 */
export function signedText(content: Readonly<Record<string, string | undefined>>): string {
  const members = Object.entries(content).filter(([, value]) => value !== undefined)
  return JSON.stringify(Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1))))
}
