import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

// Every form of the account is one of these components, whose button is `SubmitButton`: it is busy while its form is
// being sent, and that ends with the answer. e2e/forms.spec.ts shows it in a browser.

const account = join(import.meta.dirname, '..')

const components = [
  'form/account-form.tsx',
  'form/choice-form.tsx',
  'form/rename-form.tsx',
  'form/step-button.tsx',
  // The ceremony of a passkey, which posts nothing itself.
  'passkey-button.tsx',
]

const files = readdirSync(account, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.tsx'))
const sourceOf = (name: string) => readFileSync(join(account, name), 'utf8')

test('every form of the account is in one of the components', () => {
  const withForm = files.filter(name => /<form\b/.test(sourceOf(name)))
  expect(withForm.toSorted()).toEqual(components.toSorted())
})

test('every form that posts has the one button', () => {
  const submits = files.filter(name => /type="submit"/.test(sourceOf(name)))
  expect(submits.toSorted()).toEqual(['form/submit-button.tsx', 'passkey-button.tsx'])
  const posting = components.filter(name => name !== 'passkey-button.tsx')
  for (const name of posting) expect(sourceOf(name), relative('.', name)).toMatch(/<SubmitButton\b/)
})
