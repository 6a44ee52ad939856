import { getTranslations } from 'next-intl/server'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatDay, formatTime } from '#domain/kernel/time.ts'
import type { WaitingPayments } from '#server/account/payments.ts'
import type { ContactShown } from '#server/account/read-contacts.ts'
import { Mark } from './activity/mark.tsx'
import { addressOf } from './actor.ts'

/** The payments that wait for an answer, and the way to answer them. */
export async function WaitingPaymentNote({ locale, waiting }: { locale: Language; waiting: WaitingPayments }) {
  const say = await getTranslations({ locale, namespace: 'account' })
  return (
    <section aria-labelledby="waiting" className="note warning flex max-w-[40em] flex-col items-start gap-3">
      <h2 id="waiting" className="text-base">
        {say('overview.paymentsHeading', { waiting: waiting.payments.length })}
      </h2>
      <ul className="flex flex-col gap-2">
        {waiting.payments.map(({ id, purchase, until }) => {
          const { merchantName, amount, currency, exponent } = purchase
          return (
            <li key={id}>
              {/* A merchant's name is foreign text: it must not reverse the direction of the line. */}
              <p className="font-bold">
                <bdi>{shownMerchantName(merchantName) || say('payments.unnamed')}</bdi>{' '}
                {amount && currency && exponent
                  ? formatAmount(amount, currency, exponent, locale)
                  : say('payments.withoutAmount')}
              </p>
              <p className="text-sm">{say('overview.answerBy', { time: formatTime(until, locale) })}</p>
            </li>
          )
        })}
      </ul>
      <a href={addressOf(locale, 'payments')} className="button">
        {say('overview.payments')}
      </a>
    </section>
  )
}

/** A pending change of a contact, and when it takes effect. */
export async function PendingChange({
  locale,
  change,
}: {
  locale: Language
  change: NonNullable<ContactShown['change']>
}) {
  const say = await getTranslations({ locale, namespace: 'account.overview.pending' })
  const { kind, masked, state, effectiveAt } = change
  const values = { contact: masked, day: formatDay(effectiveAt, locale) }
  return (
    <section aria-labelledby={`pending-${kind}`} className="note flex max-w-[40em] flex-col items-start gap-2">
      <h2 id={`pending-${kind}`} className="text-base">
        {say(kind)}
      </h2>
      <p>{say(state === 'scheduled' ? 'scheduled' : 'asking', values)}</p>
      <a href={addressOf(locale, 'contact')} className="text-link">
        {say('link')}
      </a>
    </section>
  )
}

/** An effective contact and whether it receives codes now. */
export async function ContactState({
  locale,
  contact: { masked, frozen, provisionalSince },
  restricted,
}: {
  locale: Language
  contact: ContactShown
  restricted: boolean
}) {
  const say = await getTranslations({ locale, namespace: 'account.contact' })
  if (!masked) return <span className="text-soft">{say('none')}</span>
  const limited = restricted || provisionalSince !== undefined
  return (
    <>
      <span className="block font-bold break-words">{masked}</span>
      <span className="flex items-start gap-2 text-sm">
        <Mark mark={frozen ? 'stopped' : limited ? 'open' : 'done'} />
        {say(frozen ? 'inactive' : restricted ? 'restricted' : limited ? 'limited' : 'active')}
      </span>
    </>
  )
}
