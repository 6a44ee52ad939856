/** A place in a text: both from 1, the column in characters. */
export interface Place {
  readonly line: number
  readonly column: number
}

// The tokens of RFC 8259. A string's token ends before its closing quote, so that a fault in it has its own place.
const space = /[ \t\n\r]*/y
const string = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy
const scalar = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end'

/**
 * Where a text stops being JSON; undefined if it is JSON. The messages of `JSON.parse` differ between versions of Node.js,
 * and some have no place.
 */
export function jsonFault(text: string): Place | undefined {
  const ends: ('}' | ']')[] = []
  let expected: Expected = 'value'
  let at = 0
  const take = (token: RegExp) => {
    token.lastIndex = at
    const length = token.exec(text)?.[0].length ?? 0
    at += length
    return length > 0
  }
  while (true) {
    take(space)
    const char = text[at]
    if (ends.length === 0 && expected === 'comma or end') return char === undefined ? undefined : placeOf(text, at)
    if (char !== undefined && char === ends.at(-1) && expected.endsWith('or end')) {
      ends.pop()
      at++
      expected = 'comma or end'
    } else if (expected === 'comma or end' && char === ',') {
      at++
      expected = ends.at(-1) === '}' ? 'name' : 'value'
    } else if (expected === 'colon' && char === ':') {
      at++
      expected = 'value'
    } else if (expected.startsWith('name') && char === '"') {
      take(string)
      if (text[at++] !== '"') return placeOf(text, at - 1)
      expected = 'colon'
    } else if (expected.startsWith('value') && (char === '{' || char === '[')) {
      at++
      ends.push(char === '{' ? '}' : ']')
      expected = char === '{' ? 'name or end' : 'value or end'
    } else if (expected.startsWith('value') && char === '"') {
      take(string)
      if (text[at++] !== '"') return placeOf(text, at - 1)
      expected = 'comma or end'
    } else if (expected.startsWith('value') && take(scalar)) {
      expected = 'comma or end'
    } else return placeOf(text, at)
  }
}

function placeOf(text: string, at: number): Place {
  const lines = text.slice(0, at).split(/\r\n|\n|\r/)
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 }
}
