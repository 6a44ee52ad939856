import { expect, test } from 'vitest'
import { chooseLanguage } from './language.ts'

test('prefers the query to the browser’s languages', () => {
  expect(chooseLanguage('en', 'ja')).toBe('en')
  expect(chooseLanguage('fr', 'en-GB,en;q=0.9')).toBe('en')
})

test('chooses the language of ours that the browser ranks highest, or Japanese', () => {
  expect(chooseLanguage(undefined, 'fr;q=1, en;q=0.4, ja;q=0.8')).toBe('ja')
  expect(chooseLanguage(undefined, 'de, en-US;q=0.7')).toBe('en')
  expect(chooseLanguage(undefined, 'en;q=0')).toBe('ja')
  expect(chooseLanguage(undefined, undefined)).toBe('ja')
})
