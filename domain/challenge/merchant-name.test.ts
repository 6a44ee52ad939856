import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { beginningOf, plainName, shownMerchantName } from './merchant-name.ts'

describe('a merchant’s name as the cardholder sees it', () => {
  test.each([
    'Sample Shop',
    'サンプル商店',
    '株式会社テスト・ストア',
    'Café Zürich & Co.',
    'モーニング娘。',
    "L'Atelier (Ginza) 2",
    'H.I.S.',
    '7-Eleven',
    '𠮷野家',
    'AMAZON JP',
  ])('stays unchanged: %s', name => {
    expect(shownMerchantName(name)).toBe(name)
  })

  test.each([
    ['AMAZON.CO.JP', 'AMAZON·CO·JP'],
    ['Booking.com', 'Booking·com'],
    ['価格.com', '価格·com'],
    ['au PAY マーケット.jp', 'au PAY マーケット·jp'],
  ])('that is an address stays readable but cannot be tapped: %s', (name, shown) => {
    expect(shownMerchantName(name)).toBe(shown)
  })

  test.each([
    ['Sample Store for Books and Stationery Tokyo', 'Sample Store for Books and Stationery'],
    ['Supercalifragilisticexpialidocious'.repeat(2), 'SupercalifragilisticexpialidociousSuperc'],
    [`${'あ'.repeat(39)}か\u3099き`, `${'あ'.repeat(39)}が`],
    ['㍿'.repeat(11), '株式会社'.repeat(10)],
  ])('is cut between words and characters: %s', (name, shown) => {
    expect(shownMerchantName(name)).toBe(shown)
  })

  test.each([
    { what: 'half-width kana and full-width letters', name: 'ｻﾝﾌﾟﾙ　ＳＨＯＰ', shown: 'サンプル SHOP' },
    { what: 'blanks around and between', name: '  Sample \t  Shop ', shown: 'Sample Shop' },
    { what: 'more than forty characters', name: 'あ'.repeat(50), shown: 'あ'.repeat(40) },
    { what: 'more than forty wide characters', name: '𠮷'.repeat(50), shown: '𠮷'.repeat(40) },
    { what: 'a blank at the cut', name: `${'a'.repeat(39)} b`, shown: 'a'.repeat(39) },
  ])('is normalised: $what', ({ name, shown }) => {
    expect(shownMerchantName(name)).toBe(shown)
  })

  test.each([
    { what: 'a second line', name: 'Shop\nCode: 000000', shown: 'Shop Code:' },
    { what: 'a line separator', name: 'Shop\u2028Bank', shown: 'Shop Bank' },
    { what: 'a reversed text', name: 'Shop\u202e001\u202c', shown: 'Shop 001' },
    { what: 'isolates and marks', name: '\u2066Shop\u2069\u200f', shown: 'Shop' },
    { what: 'zero-width characters', name: 'Sh\u200bop', shown: 'Sh op' },
    { what: 'terminal colour codes', name: 'Shop\u001b[31m', shown: 'Shop 31m' },
    { what: 'an address with a scheme', name: 'Shop https://evil.example/x?y', shown: 'Shop' },
    { what: 'an app’s address', name: 'Shop evil-app://pay', shown: 'Shop' },
    { what: 'a bare domain', name: 'Shop evil.example', shown: 'Shop evil·example' },
    { what: 'a bare domain with a path', name: 'evil.example/login now', shown: 'evil·example login now' },
    { what: 'www', name: 'www.evil.example Shop', shown: 'www·evil·example Shop' },
    { what: 'a domain in full width', name: 'ｅｖｉｌ．ｅｘａｍｐｌｅ Shop', shown: 'evil·example Shop' },
    { what: 'a domain after Japanese letters', name: '店evil.example', shown: '店evil·example' },
    { what: 'a Japanese domain', name: '銀行.jp', shown: '銀行·jp' },
    { what: 'a domain after an underscore', name: 'my_evil.example', shown: 'my_evil·example' },
    { what: 'a domain with an ideographic dot', name: 'evil。example', shown: 'evil·example' },
    { what: 'an IP address', name: 'Shop 8.8.8.8/x', shown: 'Shop 8·8·8·8 x' },
    { what: 'an e-mail address', name: 'help@evil.example', shown: 'help evil·example' },
    { what: 'the markers by which browsers fill in codes', name: 'Shop @evil #000000', shown: 'Shop evil' },
    { what: 'a telephone number', name: '至急TEL 0120-999-999', shown: '至急TEL' },
    { what: 'another sender’s name', name: '】【銀行', shown: '銀行' },
    { what: 'an invisible letter', name: 'Sh\u3164op', shown: 'Sh op' },
    { what: 'emoji', name: '✅ Shop 🔒⚠️', shown: 'Shop' },
    { what: 'emoji of several characters', name: '👩‍👩‍👧 Shop 🇯🇵 👍🏽 1️⃣', shown: 'Shop 1' },
  ])('cannot carry $what', ({ name, shown }) => {
    expect(shownMerchantName(name)).toBe(shown)
  })

  const building = fc.constantFrom(
    ...[
      'a',
      'Z',
      '9',
      '.',
      '。',
      '．',
      '-',
      '_',
      '/',
      '\\',
      ':',
      '://',
      '@',
      '＠',
      '#',
      '＃',
      ' ',
      '\n',
      '\r',
      '\t',
      '\0',
    ],
    ...[
      'www',
      'https',
      'jp',
      'example',
      'com',
      '店',
      '銀行',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u2028',
      '\ud83d',
      '\ufe0f',
    ],
    ...['✅', '👩‍👧', '🇯🇵', '🏽', '1️⃣', '⚠️', '™', '㏂', '℀', '…', '㍿'],
  )
  const anyName = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.array(building, { maxLength: 30 }).map(parts => parts.join('')),
  )

  test.each([
    { what: 'a control, format or line character', never: /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u },
    { what: '@ or #, in any width', never: /[@＠﹫#＃﹟]/u },
    { what: 'an address', never: /:\/\/|[\p{L}\p{N}_-]\.[\p{L}\p{N}]{2}|[a-z0-9]。[a-z0-9]{2}/iu },
    {
      what: 'an emoji',
      never: /\p{Emoji_Presentation}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\ufe0e\ufe0f\u20e3]/u,
    },
    { what: 'two blanks in a row or one at an end', never: /^\s|\s\s|\s$|[^\S ]/u },
  ])('never contains $what, for any input', ({ never }) => {
    fc.assert(
      fc.property(anyName, name => !never.test(shownMerchantName(name))),
      { numRuns: 2000 },
    )
  })

  test('is never longer than forty characters, for any input', () => {
    fc.assert(fc.property(anyName, name => [...shownMerchantName(name)].length <= 40))
  })
})

test('a name with bidirectional controls reads the same on the page as in the message', () => {
  const name = '\u202Eevil\u2066 Shop\n2'
  expect(plainName(name)).toBe('evil Shop 2')
  expect(shownMerchantName(name)).toBe(plainName(name))
})

test('an emoji of several characters stays whole on the page; a joiner between letters becomes a space', () => {
  expect(plainName('パン屋 👩‍👩‍👧 ❤️‍🔥')).toBe('パン屋 👩‍👩‍👧 ❤️‍🔥')
  expect(plainName('Sh\u200dop')).toBe('Sh op')
})

test('the beginning of a text never ends within a character, for any text', () => {
  const characters = new Intl.Segmenter('ja', { granularity: 'grapheme' })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 0, max: 30 }), (text, most) => {
      const beginning = beginningOf(text, most)
      expect([...beginning].length).toBeLessThanOrEqual(most)
      const ends = [...characters.segment(text)].map(({ index, segment }) =>
        text.slice(0, index + segment.length).trim(),
      )
      expect(['', text, ...ends]).toContain(beginning)
    }),
  )
})
