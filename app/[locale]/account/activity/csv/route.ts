import { getTranslations } from 'next-intl/server'
import { csv } from '#domain/account/csv.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatForSpreadsheet } from '#domain/kernel/time.ts'
import { exportActivity } from '#server/account/activity.ts'
import { currentActor, signInFor } from '../../actor.ts'
import { wordsOf } from '../words.ts'

/** The same list as CSV, for the signed-in cardholder. */
export async function GET(_request: Request, { params }: { params: Promise<{ readonly locale: string }> }) {
  const locale: Language = (await params).locale === 'en' ? 'en' : 'ja'
  const actor = await currentActor()
  if (!actor) return redirectTo(signInFor(locale, 'activity'))
  const say = await getTranslations({ locale, namespace: 'account.activity.columns' })
  const rows = [[say('time'), say('what'), say('detail'), say('result')]]
  for (const entry of await exportActivity(actor)) {
    const { what, detail, result } = await wordsOf(locale, entry)
    rows.push([formatForSpreadsheet(entry.at), what, detail, result])
  }
  return new Response(csv(rows), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="activity.csv"',
    },
  })
}

function redirectTo(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path } })
}
