'use server'

import { removePasskeyForm, renamePasskeyForm } from '#domain/account/passkey-forms.ts'
import { removePasskey, renamePasskey } from '#server/account/passkeys.ts'
import { submit } from '../action.ts'

export async function rename(form: FormData): Promise<never> {
  return submit(form, renamePasskeyForm, async (actor, { passkeyId, name }) => {
    const { kind } = await renamePasskey(actor, passkeyId, name)
    return { kind: 'done', page: 'passkeys', ...(kind === 'done' && { notice: 'passkey-renamed' }) }
  })
}

export async function remove(form: FormData): Promise<never> {
  return submit(form, removePasskeyForm, async (actor, { passkeyId }) => {
    const { kind } = await removePasskey(actor, passkeyId)
    if (kind === 'stronger-authentication-needed') return { kind }
    return { kind: 'done', page: 'passkeys', ...(kind === 'done' && { notice: 'passkey-removed' }) }
  })
}
