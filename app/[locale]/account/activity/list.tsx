import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { formatDate } from '#domain/kernel/time.ts'
import { type ActivityEntry, readActivity } from '#server/account/activity.ts'
import { config } from '#server/platform/config.ts'
import { addressOf, requireActor } from '../actor.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { Entry } from './entry.tsx'

/** One page of the activity, of what happened earlier than `before` (milliseconds). */
export async function ActivityList({ locale, before }: { locale: Language; before: number | undefined }) {
  const { entries, next } = await readActivity(await requireActor(locale), before)
  const say = await getTranslations({ locale, namespace: 'account.activity' })
  const page = before === undefined ? 'activity' : `activity/${before}`
  return (
    <AccountPage locale={locale} page={page} title={say('title')} lead={say('lead')}>
      {entries.length === 0 ? (
        <p className="text-soft">{say('none')}</p>
      ) : (
        <div className="flex max-w-[40em] flex-col gap-6">
          {byDay(entries, locale).map(({ day, entries: those }) => (
            <section key={day} aria-label={day} className="flex flex-col gap-3">
              <h2 className="text-base">{day}</h2>
              <ol className="flex flex-col gap-3">
                {those.map(entry => (
                  <Entry key={`${entry.kind}-${entry.id}`} locale={locale} entry={entry} />
                ))}
              </ol>
            </section>
          ))}
        </div>
      )}
      <p className="flex flex-wrap gap-x-6">
        {before !== undefined && (
          <a href={addressOf(locale, 'activity')} className="text-link">
            {say('newest')}
          </a>
        )}
        {next !== undefined && (
          <a href={addressOf(locale, `activity/${next}`)} className="text-link">
            {say('older')}
          </a>
        )}
        {entries.length > 0 && (
          <a href={addressOf(locale, 'activity/csv')} className="text-link" download>
            {say('csv')}
          </a>
        )}
      </p>
      <section aria-labelledby="unknown" className="note flex max-w-[40em] flex-col items-start gap-2">
        <h2 id="unknown" className="text-base">
          {say('unknown')}
        </h2>
        <p>{say('unknownText')}</p>
        <p>{config().issuer.brand.support[locale]}</p>
      </section>
    </AccountPage>
  )
}

/** The entries by day in Japan, in their order. */
function byDay(entries: readonly ActivityEntry[], locale: Language) {
  const days: { readonly day: string; readonly entries: ActivityEntry[] }[] = []
  for (const entry of entries) {
    const day = formatDate(entry.at, locale)
    if (days.at(-1)?.day !== day) days.push({ day, entries: [] })
    days.at(-1)?.entries.push(entry)
  }
  return days
}
