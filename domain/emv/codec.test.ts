import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { encodeMessage, parseEncodedMessage, parseMessage } from './codec.ts'
import { fullAReq } from './testing/sample-areq.ts'

const anyMessage = fc.dictionary(fc.string(), fc.jsonValue({ stringUnit: 'grapheme' }), { noNullPrototype: true })

describe('base64url', () => {
  test('a message is decoded from a form field unchanged', () => {
    fc.assert(
      fc.property(anyMessage, message => {
        const parsed = parseEncodedMessage(encodeMessage(message))
        expect(JSON.stringify(parsed.kind === 'message' && parsed.message)).toBe(JSON.stringify(message))
      }),
    )
  })

  test('what we send has no padding, and no character that a form or URL would escape', () => {
    fc.assert(fc.property(anyMessage, message => /^[A-Za-z0-9_-]+$/.test(encodeMessage(message))))
  })

  test('padding makes no difference', () => {
    fc.assert(
      fc.property(anyMessage, message => {
        const bare = encodeMessage(message)
        const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
        expect(parseEncodedMessage(padded)).toEqual(parseEncodedMessage(bare))
      }),
    )
  })

  test('[Req 192] white space is ignored wherever it stands: line breaks of a wrapped text, blanks, in the padding too', () => {
    const whiteSpace = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
    fc.assert(
      fc.property(anyMessage, fc.array(whiteSpace, { minLength: 1 }), (message, between) => {
        const bare = encodeMessage(message)
        const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
        const wrapped = [...padded].map((char, index) => char + between[index % between.length]).join('')
        expect(parseEncodedMessage(`\r\n${wrapped}`)).toEqual(parseEncodedMessage(bare))
      }),
    )
  })

  test.each(['', '=', '====', 'e30===', 'e3=0', ' \n', 'e3+0', 'e3/0', '%7B%7D', '{}', 'ｅ30'])(
    '%j is not base64url',
    encoded => {
      expect(parseEncodedMessage(encoded)).toEqual({ kind: 'unreadable', reason: 'not base64url' })
    },
  )

  test('any other input gets an answer', () => {
    const isAnswer = (encoded: string) => ['message', 'unreadable'].includes(parseEncodedMessage(encoded).kind)
    fc.assert(fc.property(fc.string(), isAnswer))
    fc.assert(fc.property(fc.base64String(), isAnswer))
    fc.assert(fc.property(fc.uint8Array(), bytes => isAnswer(Buffer.from(bytes).toString('base64url'))))
  })
})

describe('JSON', () => {
  test('bytes and text of the same message give the same result', () => {
    const json = JSON.stringify(fullAReq('2.2.0', { cardholderName: '山田 花子 🌸' }))
    expect(parseMessage(Buffer.from(json))).toEqual(parseMessage(json))
    expect(parseMessage(json)).toMatchObject({ kind: 'message', message: { cardholderName: '山田 花子 🌸' } })
  })

  test('a reason never contains the input', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), secret => {
        const reasons = ['not UTF-8', 'not JSON', 'not a JSON object', 'nested too deeply', 'not Unicode text']
        const parsed = parseMessage(`{"acctNumber":${secret}:`)
        expect(reasons).toContain(parsed.kind === 'unreadable' ? parsed.reason : 'read')
      }),
    )
  })

  test('32 levels are accepted, 33 are not', () => {
    const levels = (count: number) => `${'{"a":'.repeat(count)}1${'}'.repeat(count)}`
    expect([parseMessage(levels(32)).kind, parseMessage(levels(33)).kind]).toEqual(['message', 'unreadable'])
  })

  test('brackets inside strings are not levels', () => {
    expect(parseMessage(JSON.stringify({ a: '[{'.repeat(100), ['{['.repeat(50)]: 1 })).kind).toBe('message')
  })
})

describe('duplicate names', () => {
  type Tree = { leaf: string | number | boolean | null } | { list: Tree[] } | { members: [string, Tree][] }
  type Members = Extract<Tree, { members: unknown }>

  const name = fc.constantFrom('a', 'b', 'é', '語', '🌸', '"', '\\', '\\"', '{', '],', 'a:', ' ', '')
  const leaf = fc
    .oneof(fc.string(), name, fc.integer(), fc.boolean(), fc.constant(null))
    .map(value => ({ leaf: value }))
  const { members: anyMembers } = fc.letrec<{ tree: Tree; list: Tree; members: Members }>(tie => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, tie('list'), tie('members')),
    list: fc.array(tie('tree'), { maxLength: 4 }).map(list => ({ list })),
    members: fc.array(fc.tuple(name, tie('tree')), { maxLength: 5 }).map(members => ({ members })),
  }))
  /** How JSON is written: with or without escapes, with or without spaces. */
  const spelling = fc.record({ escaped: fc.boolean(), gap: fc.constantFrom('', ' ', '\n\t') })

  function spell(tree: Tree, { escaped, gap }: { escaped: boolean; gap: string }): string {
    const word = (text: string) =>
      escaped
        ? `"${text.replace(/./gs, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
        : JSON.stringify(text)
    const write = (at: Tree): string => {
      if ('leaf' in at) return typeof at.leaf === 'string' ? word(at.leaf) : String(at.leaf)
      if ('list' in at) return `[${gap}${at.list.map(write).join(`${gap},${gap}`)}${gap}]`
      return `{${gap}${at.members.map(([of, value]) => `${word(of)}${gap}:${gap}${write(value)}`).join(`${gap},${gap}`)}${gap}}`
    }
    return write(tree)
  }

  function twice(tree: Tree, path = ''): string[] {
    if ('leaf' in tree) return []
    if ('list' in tree) return tree.list.flatMap(item => twice(item, path))
    return tree.members.flatMap(([of, value], index) => [
      ...(tree.members.findIndex(([other]) => other === of) < index ? [path + of] : []),
      ...twice(value, `${path}${of}.`),
    ])
  }

  test('are found exactly where they were written', () => {
    fc.assert(
      fc.property(anyMembers, spelling, (tree, spelled) => {
        expect(parseMessage(spell(tree, spelled))).toMatchObject({ kind: 'message', duplicates: twice(tree) })
      }),
      { numRuns: 500 },
    )
  })

  test('are never found in the output of JSON.stringify', () => {
    fc.assert(
      fc.property(anyMessage, message => {
        expect(parseMessage(JSON.stringify(message, null, 1))).toMatchObject({ kind: 'message', duplicates: [] })
      }),
    )
  })
})
