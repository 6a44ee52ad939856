/** A purchase as far as its size goes. */
export interface Sized {
  /** 01 payment, 02 non-payment. */
  readonly messageCategory: string
  /** Minor units. */
  readonly amount?: string | undefined
  /** ISO 4217 number. */
  readonly currency?: string | undefined
}

/**
 * Whether a purchase is a larger one: above what the issuer says for its currency, in minor units. What cannot be measured
 * is larger too: a currency of which nothing is said, no amount, and what is no payment, such as adding a card somewhere.
 */
export function isLarger(
  { messageCategory, amount, currency }: Sized,
  above: Readonly<Record<string, bigint>>,
): boolean {
  const limit = currency === undefined ? undefined : above[currency]
  return messageCategory !== '01' || !amount || limit === undefined || BigInt(amount) > limit
}
