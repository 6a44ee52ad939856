'use server'

import { redirect } from 'next/navigation'
import { reportToken } from '#domain/account/report-token.ts'
import { reportByLink } from '#server/account/report-change.ts'
import { localeOf } from '../../action.ts'
import { addressOf } from '../../actor.ts'
import { networkOfReader } from '../../visitor.ts'

/** "This was not me", by the holder of the link. It needs no session, and affects only what the link is about. */
export async function report(form: FormData): Promise<never> {
  const locale = localeOf(form)
  const token = form instanceof FormData ? form.get('token') : undefined
  const given = reportToken(typeof token === 'string' ? token : '')
  await reportByLink(given, await networkOfReader())
  return redirect(addressOf(locale, `report/${given}`))
}
