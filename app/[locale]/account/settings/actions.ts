'use server'

import { askedForm, greetingForm, languageForm, removeGreetingForm } from '#domain/account/settings-forms.ts'
import { chooseAsked, chooseGreeting, chooseLanguage } from '#server/account/preferences.ts'
import { submit } from '../action.ts'

// A thief who only reads the mailbox must not choose where the question goes, nor the language of notices.

export async function saveLanguage(form: FormData): Promise<never> {
  return submit(form, languageForm, async (actor, { language }) => {
    const { kind } = await chooseLanguage(actor, language === 'none' ? undefined : language)
    return kind === 'done' ? { kind, page: 'settings', notice: 'language-chosen' } : { kind }
  })
}

const askedNotices = { done: 'asked-chosen', watched: 'asked-watched', limited: 'asked-limited' } as const

export async function saveAsked(form: FormData): Promise<never> {
  return submit(form, askedForm, async (actor, { asked }) => {
    const { kind } = await chooseAsked(actor, asked)
    if (kind === 'stronger-authentication-needed') return { kind }
    return { kind: 'done', page: 'settings', notice: askedNotices[kind] }
  })
}

// The greeting tells the real window from a false one: whoever only read a mailbox must not choose it.

export async function saveGreeting(form: FormData): Promise<never> {
  return submit(form, greetingForm, async (actor, { greeting }) => {
    const { kind } = await chooseGreeting(actor, greeting)
    return kind === 'done' ? { kind, page: 'settings', notice: 'greeting-chosen' } : { kind }
  })
}

export async function removeGreeting(form: FormData): Promise<never> {
  return submit(form, removeGreetingForm, async actor => {
    const { kind } = await chooseGreeting(actor, undefined)
    return kind === 'done' ? { kind, page: 'settings', notice: 'greeting-removed' } : { kind }
  })
}
