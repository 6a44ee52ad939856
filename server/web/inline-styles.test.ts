import { expect, test } from 'vitest'
import { withInlineStyles } from './inline-styles.ts'

const read = (path: string) => `/* ${path} */`

test('puts a style sheet of the build into the page, and removes its preload', () => {
  const html = [
    '<link rel="stylesheet" href="/_next/static/chunks/0a-b.css" data-precedence="next"/>',
    '<link rel="preload" href="/_next/static/chunks/0a-b.css" as="style"/>',
    '<p>text</p>',
  ].join('')
  expect(withInlineStyles(html, 'n', read)).toBe('<style nonce="n">/* static/chunks/0a-b.css */</style><p>text</p>')
})

test('keeps links to files that every build has', () => {
  const html = '<link rel="icon" href="/mark.svg"/><link rel="stylesheet" href="/brand.css" data-precedence="brand"/>'
  expect(withInlineStyles(html, 'n', read)).toBe(html)
})

test('reads no file outside the build', () => {
  const html = '<link rel="stylesheet" href="/_next/static/../../.env"/>'
  expect(withInlineStyles(html, 'n', read)).toBe(html)
})
