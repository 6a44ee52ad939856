import { describe, expect, test } from 'vitest'
import { bannedWords, type OldName, oldNames, onlyInListed } from './rules.ts'

describe('banned words', () => {
  test('are found in a comment, with the line and a replacement', () => {
    expect(bannedWords('a.ts', 'const one = 1\n/** Whoever calls it. */\nconst two = 2')).toEqual([
      'a.ts:2: “Whoever” says too little: the role: cardholder, merchant, caller, operator',
    ])
  })

  test('are found in a phrase that is broken across two lines of a comment', () => {
    expect(bannedWords('a.ts', '// A code of five digits is\n// none.\nconst one = 1')).toHaveLength(1)
    expect(bannedWords('a.ts', '/**\n * A code is good\n * for ten minutes.\n */\nconst one = 1')).toHaveLength(1)
  })

  test('are found in a test title and in a document', () => {
    expect(bannedWords('a.test.ts', "test('tells nobody', () => {})")).toHaveLength(1)
    expect(bannedWords('docs/a.md', '# Title\n\nSomebody signs in.')).toEqual([
      'docs/a.md:3: “Somebody” says too little: the role: a cardholder, a caller, an operator',
    ])
  })

  test('are ignored in code, strings, and code in a document', () => {
    expect(bannedWords('a.ts', "const nobody = 'nobody'")).toEqual([])
    expect(bannedWords('a.tsx', 'const page = <p>// somebody</p>')).toEqual([])
    expect(bannedWords('docs/a.md', 'Run `whoever` or\n\n```\nnobody\n```\n')).toEqual([])
    expect(bannedWords('docs/a.md', '[why](decisions/0014-whoever-prefers-it.md)')).toEqual([])
  })
})

describe('the list of files still to be rewritten', () => {
  const found = new Map([
    ['a.ts', ['a.ts:1: …']],
    ['b.ts', ['b.ts:1: …']],
  ])

  test('hides the problems of its files only', () => {
    expect(onlyInListed(found, ['a.ts'])).toEqual(['b.ts:1: …'])
  })

  test('fails if a file on it has no problem any more', () => {
    expect(onlyInListed(found, ['a.ts', 'b.ts', 'c.ts'])).toEqual([
      'c.ts needs no exception any more: take it out of scripts/writing/unrevised.json',
    ])
  })
})

describe('old names', () => {
  const names: readonly OldName[] = [
    { old: 'tag', now: 'hmac', except: ['languageTag'] },
    { old: 'in force', now: 'effective' },
    { old: 'shop', now: 'merchant', outside: ['demo/'] },
  ]

  test('are found as a word of an identifier, in the singular and the plural', () => {
    expect(oldNames('a.ts', 'const one = 1\nconst codeTag = one', names)).toEqual([
      'a.ts:2: codeTag has an old word: tag is hmac (docs/glossary.md)',
    ])
    expect(oldNames('a.ts', 'class A { #tags = 1 }', names)).toHaveLength(1)
    expect(oldNames('a.ts', 'row.sign_in_tag', names)).toHaveLength(1)
    expect(oldNames('a.ts', 'contactsInForce()', names)).toHaveLength(1)
  })

  test('are found in the name of a file', () => {
    expect(oldNames('server/read-tag.ts', '', names)).toEqual([
      'server/read-tag.ts: is named by an old word: tag is hmac (docs/glossary.md)',
    ])
  })

  test('are not found within another word, in an exception, or in a folder where the word is right', () => {
    expect(oldNames('a.ts', 'stage(languageTag)', names)).toEqual([])
    expect(oldNames('demo/shop/index.ts', 'openShop()', names)).toEqual([])
    expect(oldNames('server/a.ts', 'openShop()', names)).toHaveLength(1)
  })
})
