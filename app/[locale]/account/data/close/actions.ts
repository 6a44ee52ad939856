'use server'

import { closeAccountForm } from '#domain/account/close-account-forms.ts'
import { closeAccount } from '#server/account/close-account.ts'
import { submit } from '../../action.ts'
import { currentVisit, dropSession } from '../../cookies.ts'

export async function close(form: FormData): Promise<never> {
  return submit(form, closeAccountForm, async actor => {
    const { kind } = await closeAccount(actor, await currentVisit())
    if (kind !== 'closed') return { kind }
    await dropSession()
    return { kind: 'done', page: 'sign-in', notice: 'account-closed' }
  })
}
