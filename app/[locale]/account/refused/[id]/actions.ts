'use server'

import { confirmRefusedForm } from '#domain/account/refused-forms.ts'
import { confirmRefused } from '#server/watch/confirm-payment.ts'
import { submit } from '../../action.ts'

export async function confirm(form: FormData): Promise<never> {
  return submit(form, confirmRefusedForm, async (actor, { alertId }) => {
    const { kind } = await confirmRefused(actor, alertId)
    return kind === 'stronger-authentication-needed' ? { kind } : { kind: 'done', page: `refused/${alertId}` }
  })
}
