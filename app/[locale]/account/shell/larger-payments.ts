import { getTranslations } from 'next-intl/server'
import { exponentOf } from '#domain/kernel/iso.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { config } from '#server/platform/config.ts'

/** Larger payments (domain/risk/large-purchase.ts) as part of a sentence: "payments above ¥10,000". */
export async function largerPayments(locale: Language): Promise<string> {
  const say = await getTranslations({ locale, namespace: 'account.contact.email.watched' })
  const amounts = Object.entries(config().issuer.largerAbove).map(([currency, amount]) =>
    formatAmount(String(amount), currency, String(exponentOf(currency) ?? 0), locale),
  )
  return amounts.length > 0 ? say('above', { amount: amounts.join(say('separator')) }) : say('any')
}
