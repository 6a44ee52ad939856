import { exponentOf } from '#domain/kernel/iso.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { config } from '#server/platform/config.ts'

/** The highest amounts that a contact may authenticate that is not confirmed yet, as a list in words. */
export function registrationAmounts(locale: Language): string {
  const amounts = Object.entries(config().issuer.registration?.upTo ?? {}).map(([currency, amount]) =>
    formatAmount(String(amount), currency, String(exponentOf(currency) ?? 0), locale),
  )
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(amounts)
}
