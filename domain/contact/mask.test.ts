import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { maskEmail, maskEmailForOwner, maskPhone } from './mask.ts'

describe('an e-mail address', () => {
  test.each([
    { address: 'hanako@mail.example.jp', shown: 'h•••@•••.jp' },
    { address: 'hanako.yamada+shop@example.com', shown: 'h•••@•••.com' },
    { address: 'h@x.jp', shown: 'h•••@•••.jp' },
    { address: '花子@例え.jp', shown: '花•••@•••.jp' },
    { address: '𠮷田@example.jp', shown: '𠮷•••@•••.jp' },
    { address: 'hanako.yamada@localhost', shown: 'h•••@•••' },
    { address: '"a@b.c"@example.jp', shown: '"•••@•••.jp' },
    { address: '', shown: '•••@•••' },
  ])('$address shows only its first letter and its ending: $shown', ({ address, shown }) => {
    expect(maskEmail(address)).toBe(shown)
  })

  test('shows nothing else of the name and domain, not even their length', () => {
    const word = fc.stringMatching(/^[a-z]{2,20}$/)
    const name = fc.array(word, { minLength: 1, maxLength: 3 }).map(words => words.join('.'))
    fc.assert(
      fc.property(name, name, fc.constantFrom('jp', 'com', 'example'), (local, domain, outcome) => {
        expect(maskEmail(`${local}@${domain}.${outcome}`)).toBe(`${local[0]}•••@•••.${outcome}`)
      }),
    )
  })
})

test.each([
  { address: 'hanako.yamada+shop@example.co.jp', shown: 'h•••@example.co.jp' },
  { address: '𠮷田@例え.jp', shown: '𠮷•••@例え.jp' },
  { address: '"a@b.c"@example.jp', shown: '"•••@example.jp' },
])('the owner of $address sees its domain: $shown', ({ address, shown }) => {
  expect(maskEmailForOwner(address)).toBe(shown)
})

describe('a telephone number', () => {
  test.each(['+81 90-1234-5678', '+819012345678', '090-1234-5678', '78', '(03) 1234 5678'])(
    '%s shows only its last two digits',
    number => {
      expect(maskPhone(number)).toBe('•••••••78')
    },
  )

  test('does not show how long it is', () => {
    const number = fc.stringMatching(/^\+[1-9][0-9]{6,14}$/)
    fc.assert(fc.property(number, any => maskPhone(any) === `•••••••${any.slice(-2)}`))
  })
})
