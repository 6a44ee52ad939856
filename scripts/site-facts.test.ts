import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { siteFacts } from '../e2e/site-facts.ts'

// The facts of the public site (docs/content.md): each that a page says names the tests that show the product do it.

const folder = 'app/[locale]/(site)'

function factsOnPages(): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
    /page\.tsx|carriers|questions\.ts$/.test(file),
  )
  const found = files.flatMap(file => readFileSync(join(folder, file), 'utf8').match(/(?<=['"])F\d\d(?=['"])/g) ?? [])
  return [...new Set(found)].sort()
}

test('every fact is on a page', () => {
  const all = Array.from({ length: 31 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`)
  expect(factsOnPages()).toEqual(all)
})

test('each fact on a page is in the table, and has a test unless it is the issuer’s word', () => {
  expect(Object.keys(siteFacts)).toEqual(factsOnPages())
  const unshown = Object.entries(siteFacts).filter(
    ([, { shownBy = [], saidBy }]) => shownBy.length > 0 === (saidBy !== undefined),
  )
  expect(unshown).toEqual([])
})

test.each(
  Object.entries(siteFacts).flatMap(([fact, { shownBy = [] }]) => shownBy.map(([file, title]) => [fact, title, file])),
)('%s: %s', (_fact, title = '', file = '') => {
  const titles = readFileSync(file, 'utf8')
  expect(
    ["'", '`'].some(quote => titles.includes(`(${quote}${title}`) || titles.includes(`    ${quote}${title}`)),
  ).toBe(true)
})
