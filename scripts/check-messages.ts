import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogueOf, type Language, type Pair, type Tree } from './messages/catalogue.ts'
import {
  balanced,
  nothingEmpty,
  nothingUnused,
  sameKeys,
  sameParts,
  screenWordsAllowed,
  setAsJapanese,
  translated,
  wordsAllowed,
} from './messages/rules.ts'

// Checks that both languages have the same sentences, in permitted words, and that every sentence is used
// (docs/content.md).

/** Keys that are rightly the same in both languages. One that is no longer needed fails. */
const untranslated = new Set(['languages.ja', 'languages.en', 'email.from', 'site.merchants.sizes.code'])

const problems: string[] = []
const sentences = pairAt('messages')
problems.push(...translated(sentences, untranslated), ...check(sentences), ...screenWordsAllowed(sentences))
const code = sources(['app', 'server', 'domain']).join('\n')
problems.push(...nothingUnused(sentences.ja, code))
const terms = readdirSync('messages/terms').filter(name => !name.endsWith('.ts'))
for (const version of terms) problems.push(...check(pairAt(`messages/terms/${version}`)))

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`${sentences.ja.size} sentences and ${terms.length} versions of the terms in both languages`)

function check(pair: Pair): string[] {
  return [sameKeys, nothingEmpty, sameParts, balanced, setAsJapanese, wordsAllowed].flatMap(rule => rule(pair))
}

function pairAt(folder: string): Pair {
  const files = { ja: `${folder}/ja.json`, en: `${folder}/en.json` }
  const read = (language: Language) => catalogueOf(parseFile(files[language]))
  return { ja: read('ja'), en: read('en'), files }
}

/** An error for a file that is not JSON has its name and the position. */
function parseFile(file: string): Tree {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    console.error(`${file} is no JSON: ${error instanceof Error ? error.message : ''}`)
    process.exit(1)
  }
}

function sources(folders: readonly string[]): string[] {
  return folders.flatMap(folder =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  )
}
