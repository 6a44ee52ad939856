import { crockfordCharacters } from './policy.ts'

// Crockford base 32 (https://www.crockford.com/base32.html): no I, L, O or U, so that letters on paper are not misread.
// The last character is Crockford's check symbol: the value modulo 37. Values whose check symbol would be one of his
// five extra symbols are not used.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const valueLength = crockfordCharacters - 1

/**
 * Makes a code from random numbers of 0 to 31. Undefined if their check symbol is not in the alphabet: the caller draws
 * again.
 */
export function crockfordCode(values: readonly number[]): string | undefined {
  const text = values
    .slice(0, valueLength)
    .map(value => alphabet[value] ?? '')
    .join('')
  const check = text.length === valueLength ? alphabet[checkOf(text)] : undefined
  return check === undefined ? undefined : text + check
}

/**
 * Reads a code as people copy it from paper: in any case and width, with spaces and hyphens, with O for 0 and I or L
 * for 1. Undefined if it is not a code, for example because of a typing error.
 */
export function readCrockfordCode(typed: string): string | undefined {
  const code = typed
    .slice(0, 100)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Cf}\p{Pd}ーｰ−]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  const wellFormed = code.length === valueLength + 1 && [...code].every(character => alphabet.includes(character))
  return wellFormed && alphabet[checkOf(code.slice(0, valueLength))] === code[valueLength] ? code : undefined
}

/** Formats a code as the letter prints it: two groups of five. */
export function printCrockfordCode(code: string): string {
  return `${code.slice(0, 5)}-${code.slice(5)}`
}

function checkOf(text: string): number {
  return [...text].reduce((rest, character) => (rest * 32 + alphabet.indexOf(character)) % 37, 0)
}
