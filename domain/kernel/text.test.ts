import { expect, test } from 'vitest'
import { isUnicodeText } from './text.ts'

test.each([
  ['', true],
  ['山田 花子 𠮟る 👩‍👩‍👧', true],
  ['line\nline', true],
  ['\0', false],
  ['a\0b', false],
  ['\ud800', false],
  ['\udc00 first', false],
])('recognises text that can be stored: %j', (text, expected) => {
  expect(isUnicodeText(text)).toBe(expected)
})
