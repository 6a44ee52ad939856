import { beginningOf, merchantNameForMessage, plainName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'
import type { Notice, PaymentCode } from './message.ts'

// What e-mails and text messages say alike.

/** Who asks for which payment, fit to stand in a message; `merchant` is undefined where no name can. */
export function paymentParts(language: Language, { purchase }: PaymentCode) {
  const { amount, currency, exponent } = purchase
  return {
    service: config().issuer.brand.service,
    merchant: merchantNameForMessage(purchase.merchantName) || undefined,
    price: amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : undefined,
  }
}

export function minutesOf(lifetime: number): number {
  return Math.floor(lifetime / 60_000)
}

/** To so many UTF-16 units, which is what text messages are measured in. */
function cut(text: string, longest: number): string {
  return beginningOf(text, longest, ({ length }) => length)
}

/**
 * Values of a notice, one line each, with nothing that lays it out anew. A device's name was chosen by the person who paired
 * it, and stands in a message of ours to its owner: it gets the same care as a merchant's. Those come with it already.
 */
export function plainValues(
  language: Language,
  values: Notice['values'],
  longest: number,
): Record<string, string | number> {
  const plain = (name: string, value: string) => {
    if (name !== 'device') return cut(plainName(value), longest)
    return cut(merchantNameForMessage(value, longest), longest) || words(language)('account.sessions.unknownDevice')
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? value : plain(name, value)]),
  )
}
