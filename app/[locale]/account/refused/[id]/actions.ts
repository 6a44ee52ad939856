'use server'

import { confirmRefusedForm } from '#domain/account/refused-forms.ts'
import { confirmRefused } from '#server/watch/confirm-payment.ts'
import { submit } from '../../action.ts'

export async function confirm(form: FormData): Promise<never> {
  return submit(form, confirmRefusedForm, async (actor, { alertId }) => {
    const { kind } = await confirmRefused(actor, alertId)
    if (kind === 'stronger-authentication-needed') return { kind }
    // The page without an id says that there is no such payment.
    return { kind: 'done', page: kind === 'unknown' ? 'refused/unknown' : `refused/${alertId}` }
  })
}
