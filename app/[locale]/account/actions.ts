'use server'

import { redirect } from 'next/navigation'
import { signsInHere } from '#server/account/identity.ts'
import { endSession } from '#server/account/sessions.ts'
import { localeOf } from './action.ts'
import { addressOf, currentActor, signInFor } from './actor.ts'
import { dropSession } from './cookies.ts'

/** Ends the session on the server too, not only in this browser. */
export async function signOut(form: FormData): Promise<never> {
  const actor = await currentActor()
  if (actor) await endSession(actor, actor.sessionId)
  await dropSession()
  const locale = localeOf(form)
  return redirect(signsInHere() ? signInFor(locale, '') : addressOf(locale, 'identity-provider/signed-out'))
}
