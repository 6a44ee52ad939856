import { beginningOf, plainName, shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'
import type { Notice, PaymentCode } from './message.ts'

// What e-mails and text messages have in common.

/** Service, merchant and price, in a form that is safe in a message; `merchant` is undefined if no name is left. */
export function paymentParts(language: Language, { purchase }: PaymentCode) {
  const { amount, currency, exponent } = purchase
  return {
    service: config().issuer.brand.service,
    merchant: shownMerchantName(purchase.merchantName) || undefined,
    price: amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : undefined,
  }
}

export function minutesOf(lifetime: number): number {
  return Math.floor(lifetime / 60_000)
}

/** Cuts to a number of UTF-16 units, in which text messages are measured. */
function cut(text: string, longest: number): string {
  return beginningOf(text, longest, ({ length }) => length)
}

/** The greatest lengths of a notice's values, in UTF-16 units. */
export interface Lengths {
  readonly merchant: number
  readonly device: number
  readonly others: number
}

/**
 * The values of a notice, each on one line and without characters that affect layout. A device's name was chosen by the
 * person who paired it and appears in our message to the owner, so it is treated like a merchant's name. Merchants'
 * names were treated so before.
 */
export function plainValues(
  language: Language,
  values: Notice['values'],
  longest: Lengths,
): Record<string, string | number> {
  const plain = (name: string, value: string) => {
    if (name === 'merchant') return cut(plainName(value), longest.merchant)
    if (name !== 'device') return cut(plainName(value), longest.others)
    return (
      cut(shownMerchantName(value, longest.device), longest.device) || words(language)('account.sessions.unknownDevice')
    )
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? value : plain(name, value)]),
  )
}
