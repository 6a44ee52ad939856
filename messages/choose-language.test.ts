import { describe, expect, test } from 'vitest'
import { chooseLanguage } from './choose-language.ts'

describe('an address without a language opens in the reader’s preferred one', () => {
  test.each([
    [undefined, null, 'ja'],
    [undefined, 'en', 'en'],
    [undefined, 'en-GB,ja;q=0.5', 'en'],
    [undefined, 'fr,ja;q=0.5,en;q=0.8', 'en'],
    [undefined, 'fr, de;q=0.3', 'ja'],
    [undefined, 'en;q=0', 'ja'],
    [undefined, 'ja-JP, en', 'ja'],
    [undefined, 'EN-us', 'en'],
    [undefined, ';;,q=,*', 'ja'],
    ['ja', 'en', 'ja'],
    ['en', 'ja', 'en'],
    ['nonsense', 'en', 'en'],
  ])('chosen before: %s, preferred: %s → %s', (chosen, preferred, language) => {
    expect(chooseLanguage(chosen, preferred)).toBe(language)
  })
})
