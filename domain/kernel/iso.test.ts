import { describe, expect, test } from 'vitest'
import { currencyCode, exponentOf, isCountry, isCurrency } from './iso.ts'

const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'))
const between = (from: number, to: number) => threeDigits.slice(from, to + 1)

describe('currencies', () => {
  test.each([
    { numeric: '392', code: 'JPY', exponent: 0 },
    { numeric: '410', code: 'KRW', exponent: 0 },
    { numeric: '840', code: 'USD', exponent: 2 },
    { numeric: '978', code: 'EUR', exponent: 2 },
    { numeric: '036', code: 'AUD', exponent: 2 },
    { numeric: '048', code: 'BHD', exponent: 3 },
    { numeric: '414', code: 'KWD', exponent: 3 },
  ])('$code is $numeric and has $exponent digits after the point', ({ numeric, code, exponent }) => {
    expect([isCurrency(numeric), currencyCode(numeric), exponentOf(numeric)]).toEqual([true, code, exponent])
  })

  test('metals, funds, test codes and “no currency” are not accepted', () => {
    expect([...between(955, 964), '999'].filter(isCurrency)).toEqual([])
  })

  test.each(['000', '001', '', '39', '0392', 'JPY', ' 392', '３９２'])('rejects %j', numeric => {
    expect(isCurrency(numeric)).toBe(false)
  })

  test('each have a letter code and an exponent of one digit', () => {
    const accepted = threeDigits.filter(isCurrency)
    const odd = accepted.filter(
      it => !/^[A-Z]{3}$/.test(currencyCode(it) ?? '') || !/^[0-4]$/.test(String(exponentOf(it))),
    )
    expect(accepted.length).toBeGreaterThan(150)
    expect(odd).toEqual([])
  })

  test('have neither a letter code nor an exponent if unknown', () => {
    expect([currencyCode('000'), exponentOf('000')]).toEqual([undefined, undefined])
  })
})

describe('countries', () => {
  test.each(['392', '840', '826', '156', '004', '894'])('accepts %s', numeric => {
    expect(isCountry(numeric)).toBe(true)
  })

  test('rejects 901 to 999', () => {
    expect(between(901, 999).filter(isCountry)).toEqual([])
  })

  test.each(['000', '001', '', '39', '0392', 'JPN', '４'])('rejects %j', numeric => {
    expect(isCountry(numeric)).toBe(false)
  })

  test('are about 249, as in ISO 3166-1', () => {
    const count = threeDigits.filter(isCountry).length
    expect([count > 240, count < 255]).toEqual([true, true])
  })
})
