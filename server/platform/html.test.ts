import { expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { Html, html } from './html.ts'

test('escapes every value, in text and in attributes with either quote', () => {
  const hostile = `"'><script>alert('&')</script>`
  const page = String(html`<p title="${hostile}" lang='${hostile}'>${hostile}</p>`)
  expect(page).not.toContain('<script>')
  expect(page.match(/"/g)).toHaveLength(2)
  expect(page.match(/'/g)).toHaveLength(2)
})

test('escapes an ampersand once, even if the text is already an entity', () => {
  expect(String(html`${'&amp;'}`)).toBe('&#38;amp;')
})

test('keeps markup inside markup unchanged, at any depth', () => {
  const cell = html`<td>${'1 < 2'}</td>`
  expect(String(html`<table>${html`<tr>${cell}</tr>`}</table>`)).toBe('<table><tr><td>1 &#60; 2</td></tr></table>')
})

test('keeps the caller’s markup unchanged', () => {
  expect(String(html`<p${new Html(' hidden')}></p>`)).toBe('<p hidden></p>')
})

test('joins lists without a separator and escapes their texts', () => {
  expect(String(html`<ul>${['<', html`<li>${2}</li>`, ['&']]}</ul>`)).toBe('<ul>&#60;<li>2</li>&#38;</ul>')
})

test('renders nothing for false, null and undefined, and keeps 0 and the empty text', () => {
  expect(String(html`[${false}${null}${undefined}${''}${0}]`)).toBe('[0]')
})

test('does not accept as markup an object that only looks like it', () => {
  const forged = { toString: () => '<script>' } as never
  expect(String(html`${forged}`)).toBe('&#60;script&#62;')
})

test('encodes any text so that a browser reads the same text', () => {
  const entity = (markup: string) => markup.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const markup = String(html`${text}`)
      expect(markup).not.toMatch(/[<>"']/)
      expect(entity(markup)).toBe(text)
    }),
  )
})
