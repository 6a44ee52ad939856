import { afterEach, expect, test, vi } from 'vitest'
import { termsVersions } from '#domain/terms/versions.ts'
import type { Mode } from '#server/platform/demo-mode.ts'
import { Terms } from './terms.tsx'

// The page's elements with the keys of its sentences: what it says is decided before it is rendered.
vi.mock('../said.tsx', () => ({
  sayOf: async () => Object.assign((key: string) => key, { link: (key: string) => key }),
  fillIn: (sentence: string) => sentence,
}))

const place = globalThis as { [key: symbol]: Mode | undefined }
const mode = Symbol.for('safekey.mode')
afterEach(() => {
  place[mode] = undefined
})

test.each([
  ['is in the demo', 'demo', true],
  ['is not in production', 'production', false],
] as const)('the note that the terms are a model %s', async (_, name, expected) => {
  place[mode] = { name }
  const page = JSON.stringify(await Terms({ language: 'en', version: termsVersions[0], heading: 'Terms' }))
  expect(page).toContain('"effective"')
  expect(page.includes('"model"')).toBe(expected)
})
