import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type FormDefinition, fieldsOf, textsOf } from './form.ts'

// What the forms of the account accept, checked for every form.

const folder = new URL('./', import.meta.url)

async function allForms(): Promise<FormDefinition[]> {
  const files = readdirSync(folder).filter(file => /forms\.ts$/.test(file))
  const modules = await Promise.all(files.map(file => import(new URL(file, folder).href)))
  return modules.flatMap(module => Object.values(module as Record<string, unknown>)).filter(isForm)
}

function isForm(value: unknown): value is FormDefinition {
  return typeof value === 'object' && value !== null && 'schema' in value && 'page' in value
}

test('no form accepts text that cannot be stored in any of its fields', async () => {
  const forms = await allForms()
  expect(forms.length).toBeGreaterThan(30)
  for (const { schema, name } of forms)
    for (const field of fieldsOf(schema))
      for (const odd of ['\0', 'Taro\0', 'a\ud800b', 'taro\0@mail.example', '123456\0']) {
        const form = new FormData()
        // FormData replaces lone surrogates, so `get` is overridden to return them.
        form.get = key => (key === field ? odd : null)
        expect(textsOf(form, fieldsOf(schema))[field], `${name} ${field}`).toBe('')
      }
})

test('a form reads other text unchanged, up to 2,000 characters', () => {
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
