import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCode } from './code.ts'
import { policy } from './policy.ts'

const anyCode = fc
  .array(fc.constantFrom(...'0123456789'), { minLength: policy.codeDigits, maxLength: policy.codeDigits })
  .map(digits => digits.join(''))
const fullWidth = (digits: string) =>
  digits.replace(/[0-9]/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))

describe('a code is read as people type and paste it', () => {
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

  test('any code, in either width, with any gaps between its digits', () => {
    const gap = fc.constantFrom('', ' ', '\u3000', '-', 'ー', '−', '\n')
    fc.assert(
      fc.property(anyCode, fc.boolean(), gap, (code, wide, between) => {
        const typed = [...(wide ? fullWidth(code) : code)].join(between)
        expect(readCode(typed)).toEqual({ kind: 'code', code })
      }),
    )
  })
})

describe('what is no code costs no try', () => {
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

  test('megabytes are malformed like a few letters', () => {
    expect(readCode('1'.repeat(5_000_000))).toEqual({ kind: 'code-malformed' })
  })

  test('whatever is read as a code has six plain digits', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9０-９ ー-]{4,12}$/)), typed => {
        const read = readCode(typed)
        return read.kind !== 'code' || /^[0-9]{6}$/.test(read.code)
      }),
    )
  })
})
