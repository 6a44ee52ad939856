import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldAddress, normaliseEmail } from './address.ts'

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

describe('an address, folded', () => {
  test('is one for every spelling by case, width and composition', () => {
    fc.assert(
      fc.property(part, part, fc.constantFrom(...spellings), (local, domain, spell) => {
        const address = `${local}@${domain}.example`
        expect(foldAddress(spell(address))).toBe(foldAddress(address))
      }),
    )
  })

  test('stays as it is when it is folded again', () => {
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

  test('is another for an address that only looks alike', () => {
    expect(foldAddress('mıke@mail.example')).not.toBe(foldAddress('mike@mail.example'))
  })
})
