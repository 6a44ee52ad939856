'use server'

import { unlockCodesForm } from '#domain/account/card-forms.ts'
import { unlockCodesOf } from '#server/account/cards.ts'
import { submit } from '../action.ts'

export async function unlock(form: FormData): Promise<never> {
  return submit(form, unlockCodesForm, async (actor, { lastFour }) => {
    const { kind } = await unlockCodesOf(actor, lastFour)
    if (kind === 'stronger-authentication-needed') return { kind }
    return { kind: 'done', page: 'cards', notice: kind === 'done' ? 'codes-unlocked' : 'codes-unlock-limited' }
  })
}
