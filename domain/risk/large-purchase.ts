/** The members of a purchase that decide its size. */
export interface Sized {
  /** 01 payment, 02 non-payment. */
  readonly messageCategory: string
  /** Minor units. */
  readonly amount?: string | undefined
  /** ISO 4217 number. */
  readonly currency?: string | undefined
}

/**
 * Whether a purchase is a larger one: above the amount that the issuer configured for its currency, in minor units. A
 * purchase that cannot be measured is larger too: in a currency without a configured amount, without an amount, or a
 * non-payment such as adding a card to a merchant's account.
 */
export function isLargePurchase(
  { messageCategory, amount, currency }: Sized,
  above: Readonly<Record<string, bigint>>,
): boolean {
  const limit = currency === undefined ? undefined : above[currency]
  return messageCategory !== '01' || !amount || limit === undefined || BigInt(amount) > limit
}
