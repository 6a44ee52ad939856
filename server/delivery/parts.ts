import type { Language } from '#domain/challenge/machine.ts'
import { merchantNameForMessage } from '#domain/challenge/merchant-name.ts'
import { formatAmount } from '#domain/challenge/purchase.ts'
import { config } from '../platform/config.ts'
import { words } from '../words.ts'
import type { PaymentCode } from './message.ts'

// What e-mails and text messages say alike.

/** Who asks for which payment, fit to stand in a message. */
export function paymentParts(language: Language, { purchase }: PaymentCode) {
  const { amount, currency, exponent } = purchase
  return {
    service: config().issuer.brand.service,
    merchant: merchantNameForMessage(purchase.merchantName) || words(language)('email.unnamedMerchant'),
    price: amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : undefined,
  }
}

export function minutesOf(lifetime: number): number {
  return Math.floor(lifetime / 60_000)
}

/** Values of a notice that may have come from outside, such as a browser's name: one line, nothing that lays it out anew. */
export function plainValues(
  values: Readonly<Record<string, string | number>>,
  longest: number,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number'
        ? value
        : value
            .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
            .trim()
            .slice(0, longest),
    ]),
  )
}
