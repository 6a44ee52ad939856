import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type FormDefinition, fieldsOf, textsOf } from './form.ts'

// What the account's forms let through, over every form that there is.

const folder = new URL('./', import.meta.url)

async function allForms(): Promise<FormDefinition[]> {
  const files = readdirSync(folder).filter(file => /forms\.ts$/.test(file))
  const modules = await Promise.all(files.map(file => import(new URL(file, folder).href)))
  return modules.flatMap(module => Object.values(module as Record<string, unknown>)).filter(isForm)
}

function isForm(value: unknown): value is FormDefinition {
  return typeof value === 'object' && value !== null && 'schema' in value && 'page' in value
}

test('no form reads text that cannot be stored from any of its fields', async () => {
  const forms = await allForms()
  expect(forms.length).toBeGreaterThan(30)
  for (const { schema, name } of forms)
    for (const field of fieldsOf(schema))
      for (const odd of ['\0', 'Taro\0', 'a\ud800b', 'taro\0@mail.example', '123456\0']) {
        const form = new FormData()
        // A posted form has no lone surrogates; one that is made otherwise may.
        form.get = key => (key === field ? odd : null)
        expect(textsOf(form, fieldsOf(schema))[field], `${name} ${field}`).toBe('')
      }
})

test('a form reads the rest as it was typed, up to 2,000 characters', () => {
  const form = new FormData()
  form.set('name', ' 鍵 🔑 ')
  form.set('long', 'x'.repeat(2001))
  form.set('file', new File(['x'], 'x'))
  expect(textsOf(form, ['name', 'long', 'file', 'missing'])).toEqual({
    name: ' 鍵 🔑 ',
    long: '',
    file: '',
    missing: '',
  })
})
