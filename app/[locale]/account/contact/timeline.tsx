import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { formatDay, formatTime } from '#domain/kernel/time.ts'
import type { ChangeShown } from '#server/account/read-contacts.ts'

/** A change of the number in three steps: requested, confirmed, effective. Completed steps are filled. */
export async function Timeline({ locale, change }: { locale: Language; change: ChangeShown }) {
  const say = await getTranslations({ locale, namespace: 'account.contact.timeline' })
  const steps = [
    { key: 'requested', when: formatTime(change.requestedAt, locale), done: true },
    {
      key: 'confirmed',
      when: change.confirmedAt === undefined ? say('waiting') : formatTime(change.confirmedAt, locale),
      done: change.confirmedAt !== undefined,
    },
    {
      key: 'effective',
      when:
        change.confirmedAt === undefined
          ? say('ifNow', { day: formatDay(change.effectiveAt, locale) })
          : formatDay(change.effectiveAt, locale),
      done: change.state === 'in-force',
    },
  ] as const
  return (
    <div className="w-full">
      <h3 className="text-base font-bold">{say('heading', { contact: change.masked })}</h3>
      <ol className="mt-2">
        {steps.map(({ key, when, done }, index) => (
          <li key={key} className="flex gap-3">
            <svg width="16" height="52" viewBox="0 0 16 52" aria-hidden="true" className="shrink-0 text-accent">
              {index < steps.length - 1 && <path d="M8 18v34" stroke="currentColor" strokeWidth="2" />}
              <circle
                cx="8"
                cy="11"
                r="6"
                stroke="currentColor"
                strokeWidth="2"
                fill={done ? 'currentColor' : 'none'}
              />
            </svg>
            <p className="leading-snug">
              <span className="block font-bold">
                {say(key)}
                {done && <span className="sr-only">{say('done')}</span>}
              </span>
              <span className="block text-sm text-soft">{when}</span>
            </p>
          </li>
        ))}
      </ol>
    </div>
  )
}
