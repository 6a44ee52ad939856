import { namesOf, proseOf } from './prose.ts'

// Each rule returns lines for the engineer who corrects them: which file, which line, what is wrong.

/** A word that the glossary no longer permits in names. */
export interface OldName {
  readonly old: string
  readonly now: string
  /** Identifiers in which the word has another meaning. */
  readonly except?: readonly string[]
  /** Folders in which the word is right. */
  readonly outside?: readonly string[]
}

/**
 * Words that prose for engineers does not need, with replacements. Words that are also good English are not in this
 * list.
 */
const banned: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bwho(so)?ever\b/i, 'the role: cardholder, merchant, caller, operator'],
  [/\bnobody\b/i, 'no and the role: no cardholder, no caller'],
  [/\bsomebody\b/i, 'the role: a cardholder, a caller, an operator'],
  [/(?<!\bthere )\b(is|are) none\b/i, 'is not a …, is not valid'],
  [/\bgood for\b/i, 'valid for'],
  [/\bin force\b/i, 'effective'],
  [/\basked elsewhere\b/i, 'decoupled authentication, or approval out of band'],
]

export function bannedWords(file: string, text: string): string[] {
  return proseOf(file, text).flatMap(({ line, text: words }) =>
    banned.flatMap(([pattern, instead]) => {
      const [found] = pattern.exec(words) ?? []
      return found === undefined ? [] : [`${file}:${line}: “${found}” says too little: ${instead}`]
    }),
  )
}

/** Files whose prose is still to be rewritten. The list only gets shorter: a corrected file must be removed from it. */
export function onlyInListed(found: ReadonlyMap<string, readonly string[]>, listed: readonly string[]): string[] {
  const known = new Set(listed)
  const wrong = [...found].flatMap(([file, lines]) => (known.has(file) ? [] : lines))
  const mended = listed.filter(file => (found.get(file) ?? []).length === 0)
  return [
    ...wrong,
    ...mended.map(file => `${file} needs no exception any more: take it out of scripts/writing/unrevised.json`),
  ]
}

export function oldNames(file: string, text: string, names: readonly OldName[]): string[] {
  const ofPath = oldIn(file.replace(/\.[a-z.]+$/, ''), file, names).map(
    now => `${file}: is named by an old word: ${now}`,
  )
  const ofCode = namesOf(file, text).flatMap(({ line, name }) =>
    oldIn(name, file, names).map(now => `${file}:${line}: ${name} has an old word: ${now}`),
  )
  return [...ofPath, ...new Set(ofCode)]
}

function oldIn(name: string, file: string, names: readonly OldName[]): string[] {
  const words = ` ${wordsOf(name)} `
  return names
    .filter(
      ({ outside = [], except = [] }) => !except.includes(name) && !outside.some(folder => file.startsWith(folder)),
    )
    .filter(({ old }) => words.includes(` ${old} `) || words.includes(` ${old}s `))
    .map(({ old, now }) => `${old} is ${now} (docs/glossary.md)`)
}

/** `signInTag`, `sign_in_tag` and `sign-in-tag` all become `sign in tag`. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .join(' ')
    .toLowerCase()
}
