import { crockfordCharacters } from './policy.ts'

// Crockford base 32 (https://www.crockford.com/base32.html): no I, L, O, U, so that nothing is misread in a letter. The last
// character is his check: the value modulo 37. Codes whose check would be one of his five extra signs are not made.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const valueLength = crockfordCharacters - 1

/** A code from random numbers of 0 to 31, or undefined when they have no check character in the alphabet: draw again. */
export function crockfordCode(values: readonly number[]): string | undefined {
  const text = values
    .slice(0, valueLength)
    .map(value => alphabet[value] ?? '')
    .join('')
  const check = text.length === valueLength ? alphabet[checkOf(text)] : undefined
  return check === undefined ? undefined : text + check
}

/**
 * A code as people copy it from paper: any case and width, spaces and hyphens, O for 0, I and L for 1. Undefined when it is
 * not one, a typing error among them.
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

/** As the letter prints it: two groups of five. */
export function printCrockfordCode(code: string): string {
  return `${code.slice(0, 5)}-${code.slice(5)}`
}

function checkOf(text: string): number {
  return [...text].reduce((rest, character) => (rest * 32 + alphabet.indexOf(character)) % 37, 0)
}
