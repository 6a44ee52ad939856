import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { foldAddress, mailboxOf, normaliseEmail } from './address.ts'

const fullWidth = (text: string) => text.replace(/[!-~]/g, each => String.fromCodePoint(each.charCodeAt(0) + 0xfee0))
const spellings = [
  (text: string) => text,
  (text: string) => text.toUpperCase(),
  (text: string) => text.toLowerCase(),
  fullWidth,
  (text: string) => fullWidth(text.toUpperCase()),
  (text: string) => `\u3000 ${text}\t`,
  (text: string) => text.normalize('NFD'),
]
const part = fc.stringMatching(/^[a-zA-Zéがà0-9._-]{1,20}$/)

describe('a folded address', () => {
  test('is the same for every spelling by case, width and composition', () => {
    fc.assert(
      fc.property(part, part, fc.constantFrom(...spellings), (local, domain, spell) => {
        const address = `${local}@${domain}.example`
        expect(foldAddress(spell(address))).toBe(foldAddress(address))
      }),
    )
  })

  test('does not change when it is folded again', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => foldAddress(foldAddress(text)) === foldAddress(text)))
  })

  test('is the same before and after the form’s own normalisation', () => {
    fc.assert(
      fc.property(part, part, fc.constantFrom(...spellings), (local, domain, spell) => {
        const typed = spell(`${local}@${domain}.example`)
        const address = normaliseEmail(typed)
        fc.pre(address !== undefined)
        expect(foldAddress(address ?? '')).toBe(foldAddress(typed))
      }),
    )
  })

  test('differs for an address that only looks alike', () => {
    expect(foldAddress('mıke@mail.example')).not.toBe(foldAddress('mike@mail.example'))
  })
})

describe('reads an e-mail address as people type it', () => {
  test.each([
    ['hanako@cardholder.example', 'hanako@cardholder.example'],
    [' hanako@CardHolder.Example\n', 'hanako@cardholder.example'],
    ['ｈａｎａｋｏ＠ｃａｒｄｈｏｌｄｅｒ．ｅｘａｍｐｌｅ', 'hanako@cardholder.example'],
    ['xxx.yyy.@docomo.ne.jp', 'xxx.yyy.@docomo.ne.jp'],
    ['"xxx.yyy."@docomo.ne.jp', 'xxx.yyy.@docomo.ne.jp'],
    ['a..b@docomo.ne.jp', 'a..b@docomo.ne.jp'],
    ['.x@ezweb.ne.jp', '.x@ezweb.ne.jp'],
    ["o'brien+shop@mail.example", "o'brien+shop@mail.example"],
    ['山田@メール.example', '山田@メール.example'],
    ['hanako@xn--wgv71a119e.jp', 'hanako@xn--wgv71a119e.jp'],
    [`${'x'.repeat(64)}@mail.example`, `${'x'.repeat(64)}@mail.example`],
  ])('%s', (typed, address) => {
    expect(normaliseEmail(typed)).toBe(address)
  })

  test.each([
    '',
    '@',
    'hanako',
    'hanako@',
    '@mail.example',
    'hanako@example',
    'a b@mail.example',
    'a@b@mail.example',
    'a@-mail.example',
    'a@mail..example',
    'a@127.0.0.1',
    'a@mail.example/x',
    'a\u0000@mail.example',
    'a@b.example\r\nBcc: x@evil.example',
    `${'x'.repeat(65)}@mail.example`,
    // With quotation marks it exceeds the maximum length of a local part.
    `${'x'.repeat(62)}.@mail.example`,
    `${'山'.repeat(22)}@mail.example`,
    `a@${'x'.repeat(64)}.example`,
    `a@${'x.'.repeat(126)}example`,
    'x'.repeat(1_000_000),
  ])('rejects %j', typed => {
    expect(normaliseEmail(typed)).toBeUndefined()
  })
})

describe('formats an address for a mail server as RFC 5321 requires', () => {
  test.each([
    ['hanako@mail.example', 'hanako@mail.example'],
    ['xxx.yyy.@docomo.ne.jp', '"xxx.yyy."@docomo.ne.jp'],
    ['a..b@docomo.ne.jp', '"a..b"@docomo.ne.jp'],
    ['.x@ezweb.ne.jp', '".x"@ezweb.ne.jp'],
    ["o'brien+shop@mail.example", "o'brien+shop@mail.example"],
    ['hanako@日本語.jp', 'hanako@xn--wgv71a119e.jp'],
    ['山田@mail.example', '山田@mail.example'],
  ])('%s: %s', (address, mailbox) => {
    expect(mailboxOf(address)).toBe(mailbox)
    expect(normaliseEmail(mailbox)).toBe(address.replace('日本語', 'xn--wgv71a119e'))
  })

  test('gives any address that is read one form, with or without quotation marks', () => {
    const local = fc.stringMatching(/^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]{1,60}$/)
    fc.assert(
      fc.property(local, name => {
        const address = normaliseEmail(`${name}@mail.example`)
        if (address === undefined) throw new Error('none')
        expect(normaliseEmail(address)).toBe(address)
        expect(normaliseEmail(`"${name}"@mail.example`)).toBe(address)
        expect(normaliseEmail(mailboxOf(address))).toBe(address)
      }),
    )
  })
})
