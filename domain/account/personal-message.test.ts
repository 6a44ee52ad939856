import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { readPersonalMessage } from './personal-message.ts'

describe('a personal message', () => {
  test.each([
    ['おはよう、花子さん'],
    ['おはよう。はなこ'],
    ['Hello, Hanako! 🐦'],
    ['👨‍👩‍👧‍👦'.repeat(15)],
    ['あ'.repeat(30)],
    ['が'.repeat(30).normalize('NFD')],
    ['葛\u{e0100}城'],
    ['พี่น้อง'],
    ['שלום'],
    ['No. 7, since 2024'],
    ['1️⃣ ❤️'],
  ])('is accepted: %s', typed => {
    expect(readPersonalMessage(typed)).toEqual({ kind: 'personal-message', text: typed.normalize('NFC') })
  })

  test('is normalised to one line with single blanks and none around it', () => {
    expect(readPersonalMessage('  みなとの\n 猫　です\t')).toEqual({
      kind: 'personal-message',
      text: 'みなとの 猫 です',
    })
  })

  test.each([[''], [' 　 '], ['\ufe0f']])('is missing if nothing in it is visible: %j', typed => {
    expect(readPersonalMessage(typed)).toEqual({ kind: 'personal-message-missing' })
  })

  test.each([
    ['あ'.repeat(31)],
    ['👍🏽'.repeat(31)],
    [`${'🐦\u200d'.repeat(60)}🐦`],
    ['が'.repeat(31).normalize('NFD')],
  ])('is too long above 30 characters, however they are encoded: %s', typed => {
    expect(readPersonalMessage(typed)).toEqual({ kind: 'personal-message-long' })
  })

  test.each([
    ['\u202eolleH'],
    ['a\u2066b'],
    ['a\u200bb'],
    ['a\u200db'],
    ['\u200d🐦'],
    ['a\u0000b'],
    ['a\u00adb'],
    ['\u3164'],
    ['a\u{e0041}b'],
    ['\ue000'],
    ['\ud800'],
    ['e\u0301\u0302\u0303\u0304\u0305'],
  ])('must not contain invisible characters, bidirectional controls or stacked marks: %j', typed => {
    expect(readPersonalMessage(typed)).toEqual({ kind: 'personal-message-characters' })
  })

  test.each([
    ['http://evil.example'],
    ['evil.example'],
    ['ｅｖｉｌ．ｅｘａｍｐｌｅ'],
    ['example。jp'],
    ['日本語.jp'],
    ['hana@ko'],
    ['ｈａｎａ＠ｋｏ'],
    ['www.'],
    ['10.0.0.1'],
    ['03-1234-5678'],
    ['code 123456'],
    ['１２３４５６'],
    ['٠١٢٣٤'],
  ])('must not contain an address, a telephone number or a code: %s', typed => {
    expect(readPersonalMessage(typed)).toEqual({ kind: 'personal-message-address' })
  })

  test('that was accepted is accepted again unchanged, and is one visible line', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc
        .array(fc.constantFrom('\u200d', '\ufe0f', '🐦', 'あ', '1', '.', ' ', '\u0301', '\u202e'))
        .map(all => all.join('')),
    )
    fc.assert(
      fc.property(typed, text => {
        const read = readPersonalMessage(text)
        if (read.kind !== 'personal-message') return
        expect(readPersonalMessage(read.text)).toEqual(read)
        expect(read.text).not.toMatch(/[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]|^\s|\s$|\d{5}/u)
      }),
      { numRuns: 500 },
    )
  })
})
