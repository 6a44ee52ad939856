import { getTranslations } from 'next-intl/server'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatTime, purchaseInstant } from '#domain/kernel/time.ts'
import type { Window } from '#server/challenge/view.ts'

type Shown = Pick<Exclude<Window, { kind: 'unknown' }>, 'language' | 'purchase' | 'lastFour'>

interface Fact {
  readonly name: string
  readonly value: string
  /** Merchant and amount, which the cardholder compares first. */
  readonly strong?: true
}

/**
 * The facts of the purchase, which the cardholder compares with the message. Where the window is low they fold to one
 * line with merchant and amount.
 */
export async function PurchaseFacts({ language, purchase, lastFour }: Shown) {
  const say = await getTranslations({ locale: language, namespace: 'challenge.purchase' })
  const merchant = shownMerchantName(purchase.merchantName) || say('unnamed')
  const amount = amountOf(purchase, language)
  const facts: Fact[] = [{ name: say('merchant'), value: merchant, strong: true }]
  if (amount) facts.push({ name: say('amount'), value: amount, strong: true })
  facts.push({ name: say('card'), value: say('cardEnding', { lastFour }) })
  if (purchase.date) facts.push({ name: say('date'), value: formatTime(purchaseInstant(purchase.date), language) })
  return (
    <>
      <FactList label={say('label')} facts={facts} className="rounded-md bg-sheet px-3 py-1.5 sm:py-2 low:hidden" />
      <details className="group hidden rounded-md bg-sheet px-3 low:block">
        <summary className="flex min-h-8 items-center gap-2 text-sm font-bold">
          <bdi className="truncate">{merchant}</bdi>
          <span className="ms-auto shrink-0">{amount}</span>
          <span aria-hidden="true" className="shrink-0 text-soft group-open:rotate-180">
            ▾
          </span>
        </summary>
        <FactList label={say('label')} facts={facts} className="pb-1.5" />
      </details>
    </>
  )
}

function FactList({ label, facts, className }: { label: string; facts: readonly Fact[]; className: string }) {
  return (
    <dl aria-label={label} className={`text-xs leading-normal sm:text-sm ${className}`}>
      {facts.map(({ name, value, strong }) => (
        <div key={name} className="flex flex-wrap items-baseline justify-between gap-x-3">
          <dt className="text-soft">{name}</dt>
          {/* A merchant's name is foreign text: it must not reverse the direction of the line. */}
          <dd className={`ms-auto text-end ${strong ? 'text-[0.9375rem] font-bold sm:text-lg' : ''}`}>
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
