import { getTranslations } from 'next-intl/server'
import { codeDigits } from '#domain/code/policy.ts'
import type { DeliveryState } from '#domain/contact/delivery.ts'
import type { Language } from '#domain/kernel/language.ts'
import { addressOf } from '../actor.ts'
import { LookAgain } from './look-again.tsx'

/** The delivery state of the message with a code. Without scripts a link reloads the page. */
export async function SentTo({
  locale,
  page,
  to,
  delivery,
}: {
  locale: Language
  page: string
  to: string
  delivery: DeliveryState
}) {
  const say = await getTranslations({ locale, namespace: 'account.code' })
  if (delivery === 'failed') {
    return (
      <p role="alert" className="rounded-md border-2 border-danger px-4 py-3 font-bold">
        {say('notDelivered', { to })}
      </p>
    )
  }
  if (delivery !== 'queued') return <p role="status">{say('sentTo', { to, digits: codeDigits })}</p>
  return (
    <div>
      <p role="status">{say('sending', { to, digits: codeDigits })}</p>
      <p>
        <a href={addressOf(locale, page)} className="text-link">
          {say('look')}
        </a>
      </p>
      <LookAgain />
    </div>
  )
}
