import { getTranslations } from 'next-intl/server'
import type { ActiveRestriction } from '#domain/contact/code-recipients.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { addressOf } from '../actor.ts'
import { largerPayments } from './larger-payments.ts'

/** Why payments are restricted and until when. Shown on every page where a cardholder may look for it. */
export async function RestrictionNote({
  locale,
  restriction,
  linked = true,
}: {
  locale: Language
  restriction: ActiveRestriction
  linked?: boolean
}) {
  const say = await getTranslations({ locale, namespace: 'account.restriction' })
  const { kind, until, hasNumber } = restriction
  const values = {
    until: until === undefined ? '' : formatTime(until, locale),
    above: await largerPayments(locale),
  }
  const text =
    kind === 'email-recently-changed' && !hasNumber
      ? say('email-recently-changed.withoutNumber', values)
      : say(`${kind}.text`, values)
  return (
    <section aria-labelledby="restriction" className="note flex max-w-[40em] flex-col items-start gap-3">
      <h2 id="restriction" className="text-base">
        {say(`${kind}.heading`)}
      </h2>
      <p>{text}</p>
      {linked && (
        <a href={addressOf(locale, 'contact')} className="text-link">
          {say('link')}
        </a>
      )}
    </section>
  )
}
