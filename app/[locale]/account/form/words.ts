import { getTranslations } from 'next-intl/server'
import type { Draft, FieldError, FormDefinition } from '#domain/account/form.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { codeDigits } from '#domain/code/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatClock } from '#domain/kernel/time.ts'
import { draftOf } from '../draft.ts'

/** What a form needs besides its fields: the earlier input, its errors, and the words for possible errors. */
export interface FormState {
  readonly locale: Language
  readonly values: Readonly<Record<string, string>>
  /** Error sentences by field; `form` is about the whole form. */
  readonly errors: Readonly<Record<string, string>>
  /** Error sentences by id, for errors that the browser finds. */
  readonly sentences: Readonly<Record<string, string>>
  readonly summaryHeading: string
  readonly errorPrefix: string
  readonly working: string
  /** Shown if the request failed: the server does not respond, or not as expected. */
  readonly failure: { readonly heading: string; readonly text: string }
  readonly stamp: number
}

export async function formState(locale: Language, definition: FormDefinition): Promise<FormState> {
  const draft = await draftOf(definition.name)
  const say = await getTranslations({ locale, namespace: 'account' })
  const sentences = await Promise.all(
    definition.complaints.map(async id => [id, await sentenceOf(locale, { id })] as const),
  )
  return {
    locale,
    values: draft?.values ?? {},
    errors: await sentencesOf(locale, draft),
    sentences: Object.fromEntries(sentences),
    summaryHeading: say('form.summary'),
    errorPrefix: say('form.errorPrefix'),
    working: say('form.working'),
    failure: { heading: say('form.failure.heading'), text: say('form.failure.text') },
    stamp: draft?.stamp ?? 0,
  }
}

/** The title of a page, with a prefix if one of its forms has errors. */
export async function titleOf(
  locale: Language,
  title: string,
  definitions: readonly FormDefinition[],
): Promise<string> {
  const say = await getTranslations({ locale, namespace: 'account' })
  const drafts = await Promise.all(definitions.map(({ name }) => draftOf(name)))
  const wrong = drafts.some(draft => draft && Object.keys(draft.errors).length > 0)
  return wrong ? say('form.errorPrefix') + title : title
}

async function sentencesOf(locale: Language, draft: Draft | undefined): Promise<Record<string, string>> {
  const entries = Object.entries(draft?.errors ?? {})
  return Object.fromEntries(
    await Promise.all(entries.map(async ([field, error]) => [field, await sentenceOf(locale, error)])),
  )
}

/**
 * The sentence of an error. Error ids come from our own code and drafts only; an id without a sentence gets a general
 * one.
 */
async function sentenceOf(locale: Language, { id, values }: FieldError): Promise<string> {
  const say = await getTranslations({ locale, namespace: 'account.errors' })
  const known = say.has(id as never) ? (id as 'general') : 'general'
  const time = typeof values?.until === 'number' ? formatClock(values.until, locale) : ''
  const numbers = { digits: codeDigits, characters: accountPolicy.personalMessageCharacters }
  return say(known, { ...numbers, time, ...values } as never)
}
