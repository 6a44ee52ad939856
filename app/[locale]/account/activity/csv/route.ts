import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/challenge/machine.ts'
import { exportActivity } from '#server/account/activity.ts'
import { currentActor, signInFor } from '../../actor.ts'
import { wordsOf } from '../words.ts'

/** The same list as a table, for whoever is signed in. A mark of byte order, for Excel takes Japanese for something else without. */
export async function GET(_request: Request, { params }: { params: Promise<{ readonly locale: string }> }) {
  const locale: Language = (await params).locale === 'en' ? 'en' : 'ja'
  const actor = await currentActor()
  if (!actor) return redirectTo(signInFor(locale, 'activity'))
  const say = await getTranslations({ locale, namespace: 'account.activity.columns' })
  const rows = [[say('time'), say('what'), say('detail'), say('result')]]
  for (const happening of await exportActivity(actor)) {
    const { what, detail, result } = await wordsOf(locale, happening)
    rows.push([new Date(happening.at).toISOString(), what, detail, result])
  }
  const text = rows.map(row => row.map(cell).join(',')).join('\r\n')
  return new Response(`\uFEFF${text}\r\n`, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="activity.csv"',
    },
  })
}

/** A cell that begins like a formula would be reckoned by the table program: a quote before it keeps it text. */
function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return `"${text.replaceAll('"', '""')}"`
}

function redirectTo(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path } })
}
