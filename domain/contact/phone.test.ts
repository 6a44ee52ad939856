import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { readMobile } from './phone.ts'

describe('reads a mobile number as people write it', () => {
  test.each([
    '090-1234-5678',
    '09012345678',
    '090 1234 5678',
    '(090)1234-5678',
    '+81 90-1234-5678',
    '+81 090-1234-5678',
    '+819012345678',
    '０９０ー１２３４ー５６７８',
    '０９０－１２３４－５６７８',
    '090−1234‐5678',
    '０９０　１２３４　５６７８',
    '＋８１ ９０ １２３４ ５６７８',
    '090.1234.5678',
    '0081 90 1234 5678',
    '\u202a090-1234-5678\u202c',
  ])('%s', typed => {
    expect(readMobile(typed)).toEqual({ kind: 'mobile', number: '+819012345678' })
  })

  test('in any of the four ranges, with hyphens of any kind between any digits', () => {
    const digits = fc.tuple(fc.constantFrom('060', '070', '080', '090'), fc.stringMatching(/^[1-9][0-9]{7}$/))
    const hyphen = fc.constantFrom('', '-', 'ー', '−', '‐', ' ', '\u3000', '–', 'ｰ')
    fc.assert(
      fc.property(digits, hyphen, fc.boolean(), ([range, rest], between, wide) => {
        const plain = [range, rest.slice(0, 4), rest.slice(4)].join(between)
        const typed = wide ? plain.replace(/[0-9]/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)) : plain
        expect(readMobile(typed)).toEqual({ kind: 'mobile', number: `+81${range.slice(1)}${rest}` })
      }),
    )
  })
})

describe('gives the reason why an input is not an accepted mobile number', () => {
  test.each([
    ['', 'mobile-missing'],
    [' ー ', 'mobile-missing'],
    ['03-1234-5678', 'mobile-no-sms'],
    ['06-6123-4567', 'mobile-no-sms'],
    ['050-1234-5678', 'mobile-no-sms'],
    ['0120-999-999', 'mobile-no-sms'],
    ['090-1234-567', 'mobile-malformed'],
    ['090-1234-56789', 'mobile-malformed'],
    ['090-0234-5678', 'mobile-malformed'],
    ['hanako', 'mobile-malformed'],
    ['090-1234-567a', 'mobile-malformed'],
    ['+1 202 555 0123', 'mobile-country'],
    ['+44 7400 123456', 'mobile-country'],
    ['9'.repeat(5000), 'mobile-malformed'],
  ])('%s: %s', (typed, kind) => {
    expect(readMobile(typed, ['JP'])).toEqual({ kind })
  })

  test('accepts a foreign number if the issuer sends to its country', () => {
    expect(readMobile('+44 7400 123456', ['JP', 'GB'])).toEqual({ kind: 'mobile', number: '+447400123456' })
  })

  test('always reads a number in E.164', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[+0-9０-９ ー-]{0,20}$/)), typed => {
        const read = readMobile(typed, ['JP'])
        return read.kind !== 'mobile' || /^\+81[6-9]0[1-9][0-9]{7}$/.test(read.number)
      }),
    )
  })
})
