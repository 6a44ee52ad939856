import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokenLinks, type Project, unknownNames } from './writing/references.ts'
import { bannedWords, type OldName, oldNames, onlyInListed } from './writing/rules.ts'

// Checks that names and prose follow docs/glossary.md, and that what the documents name exists.
// `scripts/writing/unrevised.json` lists the files whose prose is still to be rewritten; `old-names.json` has the words
// that must not be in a name any more.

/** The glossary names the words that it replaces. */
const exempt = ['docs/glossary.md', 'scripts/writing/']
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
const documents = ['README.md', ...filesIn('docs').filter(file => file.endsWith('.md'))].map(
  file => [file, readFileSync(file, 'utf8')] as const,
)
const code = texts.filter(([file]) => !file.endsWith('.md')).map(([, text]) => text)
const project = thisProject([...code, readFileSync('.env.example', 'utf8')])
const problems = [
  ...onlyInListed(new Map(texts.map(([file, text]) => [file, bannedWords(file, text)])), unrevised),
  ...texts.flatMap(([file, text]) => oldNames(file, text, names)),
  ...documents.flatMap(([file, text]) => brokenLinks(file, text, project)),
  ...documents.filter(([file]) => !isHistory(file)).flatMap(([file, text]) => unknownNames(file, text, project)),
]

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`${files.length} files in the glossary’s words, ${unrevised.length} of them with prose to be rewritten`)

/** Decisions name what there was when they were made. */
function isHistory(file: string): boolean {
  return file.startsWith('docs/decisions/')
}

function thisProject(code: readonly string[]): Project {
  const usages = readdirSync('server/commands').map(
    file => [file.replace('.ts', ''), readFileSync(join('server/commands', file), 'utf8')] as const,
  )
  const subCommands = usages.flatMap(([name, text]) =>
    [...text.matchAll(/safekey ([a-z]+) ([a-z]+)\b/g)].flatMap(([, command, sub]) =>
      command === name ? [`${command} ${sub}`] : [],
    ),
  )
  return {
    read: path => (existsSync(path) ? (path.endsWith('.md') ? readFileSync(path, 'utf8') : undefined) : null),
    scripts: Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts),
    commands: new Set(['start', ...usages.map(([name]) => name), ...subCommands]),
    hasOption: (command, option) =>
      new RegExp(`\\b${option}\\b`).test(
        readFileSync(command === 'start' ? 'server/main.ts' : join('server/commands', `${command}.ts`), 'utf8'),
      ),
    constants: new Set(code.flatMap(text => text.match(/\b[A-Z]+_[A-Z_]*[A-Z]\b/g) ?? [])),
  }
}

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
