'use server'

import { endOtherSessionsForm, endSessionForm } from '#domain/account/session-forms.ts'
import { endOtherSessions, endSession } from '#server/account/sessions.ts'
import { submit } from '../action.ts'

/** Ending a session only makes the account safer, so it needs no strong authentication. */
export async function endOne(form: FormData): Promise<never> {
  return submit(form, endSessionForm, async (actor, { sessionId }) => {
    const { kind } = await endSession(actor, sessionId)
    return { kind: 'done', page: 'sessions', ...(kind === 'ended' && { notice: 'session-ended' }) }
  })
}

export async function endOthers(form: FormData): Promise<never> {
  return submit(form, endOtherSessionsForm, async actor => {
    await endOtherSessions(actor)
    return { kind: 'done', page: 'sessions', notice: 'sessions-ended' }
  })
}
