import { expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { crockfordCode, printCrockfordCode, readCrockfordCode } from './crockford-code.ts'

const codes = fc
  .array(fc.integer({ min: 0, max: 31 }), { minLength: 9, maxLength: 9 })
  .map(values => crockfordCode(values))
  .filter(code => code !== undefined)

test('a code has ten characters that are hard to confuse', () => {
  fc.assert(
    fc.property(codes, code => {
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
    }),
  )
})

test('reads a code in every spelling that people copy from paper', () => {
  const spellings: ((code: string) => string)[] = [
    printCrockfordCode,
    code => code.toLowerCase(),
    code => `  ${code.slice(0, 3)} ${code.slice(3)} `,
    code => code.replaceAll('0', 'O').replaceAll('1', 'l'),
    code => code.replaceAll('0', 'o').replaceAll('1', 'I'),
    code => code.replace(/[!-~]/g, character => String.fromCharCode(character.charCodeAt(0) + 0xfee0)),
    code => `${code.slice(0, 5)}ー${code.slice(5)}`,
    code => `${code.slice(0, 5)}−${code.slice(5)}`,
  ]
  fc.assert(
    fc.property(codes, fc.constantFrom(...spellings), (code, spell) => {
      expect(readCrockfordCode(spell(code))).toBe(code)
    }),
  )
})

test('rejects a code with one wrong character or two adjacent ones swapped', () => {
  fc.assert(
    fc.property(codes, fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 31 }), (code, place, by) => {
      const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
      const wrong = alphabet[(alphabet.indexOf(code[place] ?? '') + by) % 32] ?? ''
      expect(readCrockfordCode(code.slice(0, place) + wrong + code.slice(place + 1))).toBeUndefined()
      const swapped = [...code]
      ;[swapped[place], swapped[place + 1]] = [code[place + 1] ?? '', code[place] ?? '']
      if (code[place] !== code[place + 1]) expect(readCrockfordCode(swapped.join(''))).toBeUndefined()
    }),
  )
})

test.each(['', '1234', 'ABCDE-FGHJK-1', 'あいうえお', 'UUUUUUUUUU', '*********0'])('rejects %j', typed => {
  expect(readCrockfordCode(typed)).toBeUndefined()
})
