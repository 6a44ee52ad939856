import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import type { ActivityEntry } from '#server/account/activity.ts'
import { readActivity } from '#server/account/activity.ts'
import { config } from '#server/platform/config.ts'
import { addressOf, requireActor } from '../actor.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { wordsOf } from './words.ts'

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
        <ol className="flex max-w-[44em] flex-col gap-3">
          {entries.map(entry => (
            <Item key={`${entry.kind}-${entry.id}`} locale={locale} entry={entry} />
          ))}
        </ol>
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
      <section aria-labelledby="unknown" className="note flex max-w-[44em] flex-col items-start gap-2">
        <h2 id="unknown" className="text-base">
          {say('unknown')}
        </h2>
        <p>{say('unknownText')}</p>
        <p>{config().issuer.brand.support[locale]}</p>
      </section>
    </AccountPage>
  )
}

async function Item({ locale, entry }: { locale: Language; entry: ActivityEntry }) {
  const { what, detail, result } = await wordsOf(locale, entry)
  const say = await getTranslations({ locale, namespace: 'account.activity.report' })
  const id = `${entry.kind}-${entry.id}`
  return (
    <li className="card">
      <p className="flex flex-wrap justify-between gap-x-4 text-sm text-soft">
        <span>{what}</span>
        <time dateTime={new Date(entry.at).toISOString()}>{formatTime(entry.at, locale)}</time>
      </p>
      {/* A merchant's name is foreign text: it must not reverse the direction of the line. */}
      <p className="font-bold" id={id}>
        <bdi>{detail}</bdi>
      </p>
      {result && <p className="text-sm">{result}</p>}
      {!entry.reported && entry.kind !== 'stop' && entry.kind !== 'trust' && (
        <p className="text-sm">
          <a
            href={addressOf(locale, `activity/report/${entry.kind}/${entry.id}`)}
            className="text-link"
            aria-describedby={id}
          >
            {say('link')}
          </a>
        </p>
      )}
    </li>
  )
}
