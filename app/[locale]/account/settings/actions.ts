'use server'

import {
  languageForm,
  personalMessageForm,
  preferredMethodForm,
  removePersonalMessageForm,
} from '#domain/account/settings-forms.ts'
import { chooseLanguage, choosePersonalMessage, choosePreferredMethod } from '#server/account/preferences.ts'
import { submit } from '../action.ts'

// These need strong authentication: a thief who only reads the mailbox must choose neither the method for payments nor
// the language of notices.

export async function saveLanguage(form: FormData): Promise<never> {
  return submit(form, languageForm, async (actor, { language }) => {
    const { kind } = await chooseLanguage(actor, language === 'none' ? undefined : language)
    return kind === 'done' ? { kind, page: 'settings', notice: 'language-chosen' } : { kind }
  })
}

const preferredMethodNotices = {
  done: 'preferred-method-chosen',
  restricted: 'preferred-method-restricted',
  limited: 'preferred-method-limited',
} as const

export async function savePreferredMethod(form: FormData): Promise<never> {
  return submit(form, preferredMethodForm, async (actor, { preferredMethod }) => {
    const { kind } = await choosePreferredMethod(actor, preferredMethod)
    if (kind === 'stronger-authentication-needed') return { kind }
    return { kind: 'done', page: 'settings', notice: preferredMethodNotices[kind] }
  })
}

// By the personal message a cardholder recognises the real window, so a person who only reads the mailbox must not set
// it.

export async function savePersonalMessage(form: FormData): Promise<never> {
  return submit(form, personalMessageForm, async (actor, { personalMessage }) => {
    const { kind } = await choosePersonalMessage(actor, personalMessage)
    return kind === 'done' ? { kind, page: 'settings', notice: 'personal-message-chosen' } : { kind }
  })
}

export async function removePersonalMessage(form: FormData): Promise<never> {
  return submit(form, removePersonalMessageForm, async actor => {
    const { kind } = await choosePersonalMessage(actor, undefined)
    return kind === 'done' ? { kind, page: 'settings', notice: 'personal-message-removed' } : { kind }
  })
}
