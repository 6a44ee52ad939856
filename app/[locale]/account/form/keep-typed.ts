'use server'

import { textsOf } from '#domain/account/form.ts'
import { saveDraft } from '#server/account/drafts.ts'
import { ensureVisit } from '../cookies.ts'

/** Keeps the input of a form, encrypted, while the reader changes the language. */
export async function keepTyped(name: string, form: FormData): Promise<void> {
  if (!(form instanceof FormData) || !/^[a-z-]{1,60}$/.test(String(name))) return
  const fields = [...new Set(form.keys())].filter(field => /^[a-zA-Z]{1,40}$/.test(field)).slice(0, 20)
  await saveDraft(await ensureVisit(), name, { values: textsOf(form, fields), errors: {} })
}
