import { getTranslations } from 'next-intl/server'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { endOfSession } from '#server/account/sessions.ts'
import { currentToken } from '../cookies.ts'

/** Why the session that this browser had is over. Nothing after a sign-out in this browser, which the reader knows. */
export async function SessionEndNote({ locale }: { locale: Language }) {
  const token = await currentToken()
  const end = token && (await endOfSession(token))
  if (!end) return null
  const say = await getTranslations({ locale, namespace: 'account.sessionEnd' })
  const limits = { minutes: accountPolicy.idleTime / 60_000, hours: accountPolicy.sessionTime / 3_600_000 }
  return <p className="note max-w-[40em]">{say(end, limits)}</p>
}
