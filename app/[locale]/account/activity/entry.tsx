import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { formatClock, formatTime } from '#domain/kernel/time.ts'
import type { ToldReason } from '#domain/risk/told-reasons.ts'
import type { ActivityEntry } from '#server/account/activity.ts'
import { addressOf } from '../actor.ts'
import { Mark } from './mark.tsx'
import { markOf, wordsOf } from './words.ts'

/** One entry of the activity. `dated`: with its day, where no heading says it. */
export async function Entry({
  locale,
  entry,
  dated = false,
}: {
  locale: Language
  entry: ActivityEntry
  dated?: boolean
}) {
  const { what, detail, result } = await wordsOf(locale, entry)
  const say = await getTranslations({ locale, namespace: 'account.activity.report' })
  const id = `${entry.kind}-${entry.id}`
  return (
    <li className="card">
      <p className="flex flex-wrap justify-between gap-x-4 text-sm text-soft">
        <span>{what}</span>
        <time dateTime={new Date(entry.at).toISOString()}>
          {dated ? formatTime(entry.at, locale) : formatClock(entry.at, locale)}
        </time>
      </p>
      {/* A merchant's name is foreign text: it must not reverse the direction of the line. */}
      <p className="font-bold" id={id}>
        <bdi>{detail}</bdi>
      </p>
      {result && (
        <p className="flex items-start gap-2 text-sm">
          <Mark mark={markOf(entry)} />
          <span>{result}</span>
        </p>
      )}
      {entry.kind === 'payment' && entry.reasons.length > 0 && <Why locale={locale} reasons={entry.reasons} />}
      {!entry.reported && entry.kind !== 'stop' && entry.kind !== 'trust' && (
        <p className="mt-1.5 text-sm">
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

/** Why the cardholder was asked to confirm a payment. */
async function Why({ locale, reasons }: { locale: Language; reasons: readonly ToldReason[] }) {
  const say = await getTranslations({ locale, namespace: 'account.activity.why' })
  return (
    <details className="text-sm">
      <summary className="py-1">{say('summary')}</summary>
      <ul className="list-disc pl-5">
        {reasons.map(reason => (
          <li key={reason}>{say(reason)}</li>
        ))}
      </ul>
    </details>
  )
}
