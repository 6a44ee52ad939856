import { describe, expect, test } from 'vitest'
import { type Autofill, autofills, boundLine, boundTo, type OpenedAs } from './bound-line.ts'
import { readCode } from './read-code.ts'

const notificationURL = 'https://pay.shop.example:8443/back?id=1'
const own = 'acs.issuer.example'
const page = { page: own }
const frame = { page: 'pay.shop.example', frame: own }

describe('the code of a text message', () => {
  const expected: Readonly<Record<Autofill, Readonly<Record<OpenedAs | 'unknown', object | undefined>>>> = {
    off: { page: undefined, frame: undefined, unknown: undefined },
    page: { page, frame: undefined, unknown: undefined },
    'page-and-frame': { page, frame, unknown: undefined },
  }
  const cases = autofills.flatMap(autofill =>
    (['page', 'frame', 'unknown'] as const).map(opened => [autofill, opened] as const),
  )
  test.each(cases)('with the setting %s in a window opened as %s is bound to its pages', (autofill, opened) => {
    const openedAs = opened === 'unknown' ? null : opened
    expect(boundTo(autofill, { openedAs, notificationURL }, own)).toEqual(expected[autofill][opened])
  })

  test('of an app is bound to nothing', () => {
    expect(boundTo('page-and-frame', { openedAs: null, notificationURL: '' }, own)).toBeUndefined()
  })
})

test('the line names the page, the code and the frame within the page', () => {
  expect(boundLine(page, '012345')).toBe('@acs.issuer.example #012345')
  expect(boundLine(frame, '012345')).toBe('@pay.shop.example #012345 @acs.issuer.example')
})

test('a message that is pasted with its line is one code', () => {
  const text = `SafeKey: verification code 012345, valid 10 minutes.\n${boundLine(frame, '012345')}`
  expect(readCode(text)).toEqual({ kind: 'code', code: '012345' })
})
