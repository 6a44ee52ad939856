import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bannedWords, type OldName, oldNames, onlyInListed } from './writing/rules.ts'

// Checks that names and prose follow docs/glossary.md. `scripts/writing/unrevised.json` lists the files whose prose is
// still to be rewritten; `old-names.json` has the words that must not be in a name any more.

/** Decisions are history, and the glossary names the words that it replaces. */
const exempt = ['docs/decisions/', 'docs/glossary.md', 'scripts/writing/']
const folders = [
  'app',
  'bench',
  'bin',
  'db',
  'demo',
  'docs',
  'domain',
  'e2e',
  'embedded',
  'messages',
  'scripts',
  'server',
]

const unrevised: readonly string[] = readJson('unrevised.json')
const names: readonly OldName[] = readJson('old-names.json')

const files = [...readdirSync('.').filter(name => /\.(md|ts|mjs)$/.test(name)), ...folders.flatMap(filesIn)]
  .filter(file => /\.(md|tsx?|mjs)$/.test(file))
  .filter(file => !exempt.some(place => file.startsWith(place)))
const texts = files.map(file => [file, readFileSync(file, 'utf8')] as const)
const problems = [
  ...onlyInListed(new Map(texts.map(([file, text]) => [file, bannedWords(file, text)])), unrevised),
  ...texts.flatMap(([file, text]) => oldNames(file, text, names)),
]

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`${files.length} files in the glossary’s words, ${unrevised.length} of them with prose to be rewritten`)

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}

function readJson(name: string) {
  return JSON.parse(readFileSync(join('scripts/writing', name), 'utf8'))
}
