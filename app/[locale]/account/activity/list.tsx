import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/challenge/machine.ts'
import { formatTime } from '#domain/challenge/purchase.ts'
import type { Happening } from '#server/account/activity.ts'
import { readActivity } from '#server/account/activity.ts'
import { config } from '#server/platform/config.ts'
import { addressOf, requireActor } from '../actor.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { wordsOf } from './words.ts'

/** One page of what has happened, from a moment back. */
export async function ActivityList({ locale, before }: { locale: Language; before: number | undefined }) {
  const { happenings, next } = await readActivity(await requireActor(locale), before)
  const say = await getTranslations({ locale, namespace: 'account.activity' })
  const page = before === undefined ? 'activity' : `activity/${before}`
  return (
    <AccountPage locale={locale} page={page} title={say('title')} lead={say('lead')}>
      {happenings.length === 0 ? (
        <p className="text-soft">{say('none')}</p>
      ) : (
        <ol className="flex max-w-[44em] flex-col gap-3">
          {happenings.map(happening => (
            <Item key={`${happening.kind}-${happening.id}`} locale={locale} happening={happening} />
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
        {happenings.length > 0 && (
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

async function Item({ locale, happening }: { locale: Language; happening: Happening }) {
  const { what, detail, result } = await wordsOf(locale, happening)
  const say = await getTranslations({ locale, namespace: 'account.activity.report' })
  const id = `${happening.kind}-${happening.id}`
  return (
    <li className="card">
      <p className="flex flex-wrap justify-between gap-x-4 text-sm text-soft">
        <span>{what}</span>
        <time dateTime={new Date(happening.at).toISOString()}>{formatTime(happening.at, locale)}</time>
      </p>
      {/* A merchant's name comes from outside: it may not turn the line around. */}
      <p className="font-bold" id={id}>
        <bdi>{detail}</bdi>
      </p>
      {result && <p className="text-sm">{result}</p>}
      {!happening.reported && happening.kind !== 'stop' && happening.kind !== 'trust' && (
        <p className="text-sm">
          <a
            href={addressOf(locale, `activity/report/${happening.kind}/${happening.id}`)}
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
