import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withStyles } from './window-styles.ts'

const folder = mkdtempSync(join(tmpdir(), 'safekey-styles-'))
const build = join(folder, 'build')

beforeAll(() => {
  mkdirSync(join(build, 'static', 'chunks'), { recursive: true })
  writeFileSync(join(build, 'static', 'chunks', '0~a-b.css'), '.a{content:"$&"}')
  writeFileSync(join(folder, 'secret.css'), 'secret')
})

afterAll(() => rmSync(folder, { recursive: true }))

test('replaces a style sheet of the build with its text and the nonce, where it stands', () => {
  const link = '<link rel="stylesheet" href="/_next/static/chunks/0~a-b.css" data-precedence="next"/>'
  const style = '<style nonce="n">.a{content:"$&"}</style>'
  expect(withStyles(`<head><meta/>${link}</head>${link}`, 'n', build)).toBe(`<head><meta/>${style}</head>${style}`)
})

test.each([
  ['that the build does not have', '/_next/static/chunks/other.css'],
  ['of the site', '/plain.css'],
  ['outside the build', '/_next/static/../../secret.css'],
  ['of another host', 'https://other.example/_next/static/chunks/0~a-b.css'],
])('leaves a style sheet %s as it is', (_which, href) => {
  const html = `<link rel="stylesheet" href="${href}"/>`
  expect(withStyles(html, 'n', build)).toBe(html)
})

test('leaves other links as they are', () => {
  const html =
    '<link rel="icon" href="/mark.svg"/><link rel="preload" as="style" href="/_next/static/chunks/0~a-b.css"/>'
  expect(withStyles(html, 'n', build)).toBe(html)
})
