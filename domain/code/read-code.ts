import { codeDigits } from './policy.ts'

export type TypedCode =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'code-missing' }
  | { readonly kind: 'code-malformed' }

/** Maximum characters examined: enough for a whole pasted message, including its sender's footer. */
const longest = 2000

const separators = /[\s\p{Cf}\p{Pd}ーｰ−.・]/gu
/** Amounts, times, dates and versions: digits joined by punctuation that no code contains. */
const figures = /\p{Nd}+(?:[.,:/⁄]\p{Nd}+)+/gu
/** Money without punctuation: ¥128000, 128000円, JPY 128000. */
const money = /(?:\p{Sc}|\b(?:JPY|USD|EUR)) ?\p{Nd}+|\p{Nd}+ ?(?:円|\p{Sc}|(?:yen|JPY|USD|EUR)\b)/giu
const dash = '[\\p{Pd}ーｰ−]'

/**
 * Reads a code as people type and paste it: with full-width digits, spaces and dashes of any width, and invisible
 * marks. It also reads a pasted message with words around the code, if exactly one distinct group of six digits can be
 * the code.
 */
export function readCode(typed: string): TypedCode {
  if (typed.length > longest) return { kind: 'code-malformed' }
  const text = typed.normalize('NFKC').replace(/\p{Cf}/gu, '')
  const plain = text.replace(separators, '')
  if (plain === '') return { kind: 'code-missing' }
  if (/^[0-9]+$/.test(plain)) return codeOf([plain])
  return codeOf(groupsIn(text.replace(figures, ' . ').replace(money, ' . ')))
}

/**
 * Whether what was typed may be stored and shown again, to be corrected: a code with a digit or two too few or too many.
 * Three or four digits may be a card's security code, and more than eight most of a card number; neither may be stored.
 */
export function isKept(typed: string): boolean {
  return typed.length <= 30 && /^[0-9]{5,8}$/.test(typed.normalize('NFKC').replace(separators, ''))
}

/** A message may contain its code twice. */
function codeOf(groups: readonly string[]): TypedCode {
  const [code, other] = new Set(groups.filter(isCode))
  return code !== undefined && other === undefined ? { kind: 'code', code } : { kind: 'code-malformed' }
}

function isCode(group: string): boolean {
  return group.length === codeDigits && /^[0-9]+$/.test(group)
}

const joined = new RegExp(`\\p{Nd}+(?:(?:${dash}|\\s)\\p{Nd}+)*`, 'gu')
const dashes = new RegExp(dash, 'gu')

/**
 * Groups of digits, possibly separated by single dashes or spaces. Where a space separates a code from a number after
 * it (`012345 10 minutes`), each part is its own group; dashes keep a telephone number in one group.
 */
function groupsIn(text: string): string[] {
  return (text.match(joined) ?? []).flatMap(run => {
    const parts = run.replace(dashes, '').split(/\s/)
    const whole = parts.join('')
    return whole.length === codeDigits ? [whole] : parts
  })
}
