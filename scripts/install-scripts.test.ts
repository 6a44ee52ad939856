import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))

// npm runs no install script of a dependency that is not allowed, and warns of each that is neither allowed nor denied.
test('lists every dependency with an install script as allowed or denied', () => {
  const packages: Record<string, { hasInstallScript?: boolean }> = read('package-lock.json').packages
  const withScript = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.replace(/^.*node_modules\//, '')] : [],
  )
  expect(Object.keys(read('package.json').allowScripts)).toEqual([...new Set(withScript)].sort())
})
