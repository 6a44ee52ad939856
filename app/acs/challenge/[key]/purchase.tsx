import { getTranslations } from 'next-intl/server'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatTime, purchaseInstant } from '#domain/kernel/time.ts'
import type { Window } from '#server/challenge/view.ts'

type Shown = Pick<Exclude<Window, { kind: 'unknown' }>, 'language' | 'purchase' | 'lastFour'>

/**
 * The facts of the purchase, which the cardholder compares with the message. Where the window is low they share lines,
 * and their names are left to screen readers.
 */
export async function PurchaseFacts({ language, purchase, lastFour }: Shown) {
  const say = await getTranslations({ locale: language, namespace: 'challenge.purchase' })
  const merchant = shownMerchantName(purchase.merchantName) || say('unnamed')
  const facts: [string, string][] = [[say('merchant'), merchant]]
  const amount = amountOf(purchase, language)
  if (amount) facts.push([say('amount'), amount])
  facts.push([say('card'), say('cardEnding', { lastFour })])
  if (purchase.date) facts.push([say('date'), formatTime(purchaseInstant(purchase.date), language)])
  return (
    <dl
      aria-label={say('label')}
      className="rounded-md bg-sheet px-3 py-1.5 text-xs leading-normal low:flex low:flex-wrap low:gap-x-3 sm:py-2 sm:text-sm low:sm:py-1.5 low:sm:text-xs"
    >
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-wrap justify-between gap-x-3">
          <dt className="text-soft low:sr-only">{name}</dt>
          {/* A merchant's name is foreign text: it must not reverse the direction of the line. */}
          <dd className="ms-auto text-end font-bold low:ms-0 low:text-start">
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function amountOf({ amount, currency, exponent }: Shown['purchase'], language: Language): string | undefined {
  return amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : undefined
}
