import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  isArgumentElement,
  isPluralElement,
  isSelectElement,
  isTagElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser'

// Both languages say the same: same keys in the same order, same arguments and tags, nothing empty, nothing copied over
// untranslated, nothing that no page says. Exceptions are listed here, and one that is no longer needed fails as well.

/** The same in both languages, and rightly so. */
const untranslated = new Set(['languages.ja', 'languages.en', 'email.from', 'site.merchants.sizes.code'])
/** Said by a key that is put together: the code holds the part before the last dot and the names elsewhere. */
const composed = [
  'cardholderInfo.',
  'challenge.ended.',
  'check.codes.',
  'check.reasons.',
  'check.forms.',
  'check.page.',
  'challenge.notice.',
  'challenge.help.',
  'challenge.error.',
  'languages.',
  'site.',
  'challenge.time.',
  'door.',
  'account.errors.',
  'account.notices.',
  'account.pages.',
  'account.overview.about.',
  'account.sessions.methods.',
  'account.enrol.',
  'message.code.',
  'account.report.',
  'account.contact.',
  'account.activity.',
  'message.notice.',
]

type Tree = { readonly [key: string]: string | Tree }

const problems: string[] = []
const ja = new Map(leaves(read('ja')))
const en = new Map(leaves(read('en')))

if ([...ja.keys()].join() !== [...en.keys()].join()) {
  const missing = [...ja.keys()].filter(key => !en.has(key)).map(key => `en.json lacks ${key}`)
  const extra = [...en.keys()].filter(key => !ja.has(key)).map(key => `ja.json lacks ${key}`)
  problems.push(...missing, ...extra)
  if (missing.length + extra.length === 0) problems.push('ja.json and en.json have their keys in different orders')
}

const usedExceptions = new Set<string>()
for (const [key, japanese] of ja) {
  const english = en.get(key)
  if (english === undefined) continue
  if (japanese.trim() === '' || english.trim() === '') problems.push(`${key} is empty`)
  const parts = { ja: partsOf('ja', key, japanese), en: partsOf('en', key, english) }
  if (parts.ja !== parts.en) problems.push(`${key} has {${parts.ja}} in ja.json and {${parts.en}} in en.json`)
  if (japanese === english) {
    if (untranslated.has(key)) usedExceptions.add(key)
    else problems.push(`${key} is the same in both languages`)
  }
  for (const [open, close] of ['「」', '（）', '『』', '【】', '“”', '()']) {
    if (
      open &&
      close &&
      (count(japanese, open) !== count(japanese, close) || count(english, open) !== count(english, close))
    ) {
      problems.push(`${key} opens and closes ${open}${close} unequally`)
    }
  }
}
for (const key of untranslated)
  if (!usedExceptions.has(key)) problems.push(`${key} needs no exception any more (scripts/check-messages.ts)`)

const code = sources(['app', 'server']).join('\n')
for (const key of ja.keys()) {
  const last = key.slice(key.lastIndexOf('.') + 1)
  const said = code.includes(`'${key}'`) || [...suffixes(key)].some(suffix => code.includes(`'${suffix}'`))
  const isComposed = composed.some(prefix => key.startsWith(prefix))
  if (!said && !(isComposed && new RegExp(`\\b${last}\\b|\`[^\`]*\\$\\{[^\`]*\``).test(code)))
    problems.push(`${key} is said nowhere`)
}
for (const prefix of composed)
  if (![...ja.keys()].some(key => key.startsWith(prefix)))
    problems.push(`${prefix} is no part of the messages any more`)

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`${ja.size} sentences in both languages`)

function read(language: 'ja' | 'en'): Tree {
  return JSON.parse(readFileSync(new URL(`../messages/${language}.json`, import.meta.url), 'utf8'))
}

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  )
}

/** Arguments and tags of a sentence, sorted; a sentence that is no ICU message is a problem of its own. */
function partsOf(language: string, key: string, sentence: string): string {
  try {
    const names = new Set<string>()
    collect(parse(sentence), names)
    return [...names].sort().join(', ')
  } catch (error) {
    problems.push(`${key} in ${language}.json is no ICU message: ${error instanceof Error ? error.message : ''}`)
    return ''
  }
}

function collect(elements: readonly MessageFormatElement[], names: Set<string>): void {
  for (const element of elements) {
    if (isTagElement(element)) {
      names.add(`<${element.value}>`)
      collect(element.children, names)
    } else if (isPluralElement(element) || isSelectElement(element)) {
      names.add(element.value)
      for (const option of Object.values(element.options)) collect(option.value, names)
    } else if (isArgumentElement(element)) {
      names.add(element.value)
    }
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}

function* suffixes(key: string): Generator<string> {
  for (let at = key.indexOf('.'); at >= 0; at = key.indexOf('.', at + 1)) yield key.slice(at + 1)
}

function sources(folders: readonly string[]): string[] {
  return folders.flatMap(folder =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  )
}
