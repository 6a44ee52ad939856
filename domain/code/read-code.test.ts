import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { codeDigits } from './policy.ts'
import { isKept, readCode } from './read-code.ts'

const anyCode = fc
  .array(fc.constantFrom(...'0123456789'), { minLength: codeDigits, maxLength: codeDigits })
  .map(digits => digits.join(''))
const fullWidth = (digits: string) =>
  digits.replace(/[0-9]/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))

describe('reads a code as people type and paste it', () => {
  test.each([
    '012345',
    ' 012345 ',
    '012 345',
    '012-345',
    '0 1 2 3 4 5',
    '０１２３４５',
    '０１２　３４５',
    '０１２－３４５',
    '０１２ー３４５',
    '０１２ｰ３４５',
    '012–345',
    '012—345',
    '012−345',
    '012‐345',
    '012・345',
    '012.345',
    '012\u00a0345',
    '012345\r\n',
    '\t012345',
    '\ufeff012345',
  ])('%j is 012345', typed => {
    expect(readCode(typed)).toEqual({ kind: 'code', code: '012345' })
  })

  test('reads any code, in either width, with any gaps between its digits', () => {
    const gap = fc.constantFrom('', ' ', '\u3000', '-', 'ー', '−', '\n')
    fc.assert(
      fc.property(anyCode, fc.boolean(), gap, (code, wide, between) => {
        const typed = [...(wide ? fullWidth(code) : code)].join(between)
        expect(readCode(typed)).toEqual({ kind: 'code', code })
      }),
    )
  })
})

describe('reads a code from a pasted message', () => {
  test.each([
    'Your code is 012 345!',
    '認証コード 012345',
    '認証コード012345',
    'G-012345',
    '「012-345」です。',
    '＃０１２３４５',
    '012345 is your code',
    'code: 012345.',
    '認証コード012345(10分間有効)',
    '認証コード 012345 10分間有効',
    '【SafeKey】サンプル商店 12,800円のお支払い(カード末尾0005) 認証コード012345(10分間有効)。お心当たりがなければ入力せず、だれにも教えないでください',
    '[SafeKey] Sample, ¥12,800: verification code 012345, valid 10 minutes. Not your payment? Do not enter it.',
    'Sample, ¥128000: code 012345',
    '128000円 コード 012345',
    '128000 JPY, code 012345',
    'JPY 128000, code 012345',
    '012345 IS YOUR CODE',
    '11/27 15:04:59 code 012345, card ending in 0005',
    '2026-11-27 code 012345',
    'code 012345. Questions? 0120-123456',
    '認証コード012345 (10分間有効)\n店名: サンプル商店\n金額: 12,800円\nカード: 末尾 0005\n認証コード: 012345',
  ])('%j is 012345', typed => {
    expect(readCode(typed)).toEqual({ kind: 'code', code: '012345' })
  })

  test.each([
    'code 012345 or 543210',
    '012 345 and 543-210',
    'code 0123456',
    '0120-123456',
    '¥128000',
    '128000円',
    '12,345.67',
    'code 012:345',
    'no code here',
  ])('%j is malformed: it contains no code, or it is ambiguous', typed => {
    expect(readCode(typed)).toEqual({ kind: 'code-malformed' })
  })

  const words = fc.stringMatching(/^[a-z ぁ-ん。、!?()「」]{0,40}$/)
  const gap = fc.constantFrom('', ' ', '-', '\u3000', 'ー')
  const otherNumbers = fc.constantFrom('', '12,800円 ', '¥1,280,000 ', '15:04 ', '10分 ', '2026/11/27 ', '(0005) ')

  test('among any words, amounts and times', () => {
    fc.assert(
      fc.property(anyCode, gap, words, words, otherNumbers, otherNumbers, (code, between, before, after, one, two) => {
        const group = code.slice(0, 3) + between + code.slice(3)
        expect(readCode(`${one}${before}:${group}。${after}!${two}`)).toEqual({ kind: 'code', code })
      }),
    )
  })

  test('never beside a second, different code', () => {
    fc.assert(
      fc.property(anyCode, anyCode, gap, words, (one, two, between, word) => {
        fc.pre(one !== two)
        const group = (code: string) => code.slice(0, 3) + between + code.slice(3)
        expect(readCode(`${group(one)}。${word}。${group(two)}!`)).toEqual({ kind: 'code-malformed' })
      }),
    )
  })

  test('a pasted page is malformed and is not read in part', () => {
    expect(readCode(`${'a'.repeat(1994)}1234567`)).toEqual({ kind: 'code-malformed' })
  })
})

describe('an input that cannot be a code uses no attempt', () => {
  test.each(['', ' ', '\u3000\u3000', '---', 'ーーー', '\r\n'])('%j is missing', typed => {
    expect(readCode(typed)).toEqual({ kind: 'code-missing' })
  })

  test.each([
    '12345',
    '1234567',
    '12345a',
    'abcdef',
    '１２３４５',
    '+12345',
    '1e5000',
    '0x1234',
    '一二三四五六',
    '١٢٣٤٥٦',
    '12345½',
  ])('%j is malformed', typed => {
    expect(readCode(typed)).toEqual({ kind: 'code-malformed' })
  })

  test('megabytes are malformed, as a few letters are', () => {
    expect(readCode('1'.repeat(5_000_000))).toEqual({ kind: 'code-malformed' })
  })

  test('a code that is read always has six ASCII digits', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9０-９ ー-]{4,12}$/)), typed => {
        const read = readCode(typed)
        return read.kind !== 'code' || /^[0-9]{6}$/.test(read.code)
      }),
    )
  })
})

describe('what was typed is kept for correction', () => {
  test.each(['12345', '123456', '１２３-４５', '1234 5678'])('%j', typed => {
    expect(isKept(typed)).toBe(true)
  })

  test.each([
    ...['', '123', '1234', '123456789', '400000000000', '4222222222222', '378282246310005', '3782 822463 10005'],
    ...['my code', '1'.repeat(5_000_000)],
  ])('but never a card number or most of one, a security code, nor anything else: %#', typed => {
    expect(isKept(typed)).toBe(false)
  })
})
