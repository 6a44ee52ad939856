import {
  isArgumentElement,
  isPluralElement,
  isSelectElement,
  isTagElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser'

export type Language = 'ja' | 'en'
export type Tree = { readonly [key: string]: string | Tree }

/** Sentences by their dotted keys, in the order of the file. */
export type Catalogue = ReadonlyMap<string, string>

/** The same sentences in both languages, with the names of their files for error messages. */
export interface Pair {
  readonly ja: Catalogue
  readonly en: Catalogue
  readonly files: Readonly<Record<Language, string>>
}

export function catalogueOf(tree: Tree): Catalogue {
  return new Map(leaves(tree, ''))
}

function leaves(tree: Tree, path: string): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  )
}

/** Arguments and tags of an ICU message, sorted. Throws the parser's error if the message is invalid. */
export function partsOf(sentence: string): string {
  const names = new Set<string>()
  collect(parse(sentence), names)
  return [...names].sort().join(', ')
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
