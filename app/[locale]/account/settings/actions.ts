'use server'

import {
  askedForm,
  languageForm,
  personalMessageForm,
  removePersonalMessageForm,
} from '#domain/account/settings-forms.ts'
import { chooseAsked, chooseLanguage, choosePersonalMessage } from '#server/account/preferences.ts'
import { submit } from '../action.ts'

// These need strong authentication: a thief who only reads the mailbox must choose neither the method for payments nor
// the language of notices.

export async function saveLanguage(form: FormData): Promise<never> {
  return submit(form, languageForm, async (actor, { language }) => {
    const { kind } = await chooseLanguage(actor, language === 'none' ? undefined : language)
    return kind === 'done' ? { kind, page: 'settings', notice: 'language-chosen' } : { kind }
  })
}

const askedNotices = { done: 'asked-chosen', restricted: 'asked-restricted', limited: 'asked-limited' } as const

export async function saveAsked(form: FormData): Promise<never> {
  return submit(form, askedForm, async (actor, { asked }) => {
    const { kind } = await chooseAsked(actor, asked)
    if (kind === 'stronger-authentication-needed') return { kind }
    return { kind: 'done', page: 'settings', notice: askedNotices[kind] }
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
