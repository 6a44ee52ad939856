import { z } from 'zod'

// What a field of an audit event may hold. No kind of field takes a name, an address, a number or a code of a cardholder.

/** One of our own words. Complete by type, so that no word is refused when it is written. */
export function oneOf<Word extends string>(words: Readonly<Record<Word, true>>) {
  return z.enum(Object.keys(words) as [Word, ...Word[]])
}

/** How many. Smaller than any card or telephone number. */
export const count = z.int().min(0).max(999_999_999)

export const flag = z.boolean()

/** A moment, milliseconds since the epoch, between 2001 and 2286: no card number. */
export const instant = z.int().min(1_000_000_000_000).max(9_999_999_999_999)

/** SHA-256, hex. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** Keys as their settings name them. */
export const keyNames = z.string().regex(/^KEY_[A-Z_]+:\d{1,6}( KEY_[A-Z_]+:\d{1,6})*$/)

/** Nine digits or more, with what people put between the digits of a card or telephone number. */
const longNumber = /\d(?:[\s.()\-/]{0,2}\d){8}/
const address = /\S@\S/
/** Eight digits that are no number. */
const date = /\b\d{4}-\d\d-\d\d\b/g

/** Whether an operator's words hold an e-mail address, or digits that may be a card or telephone number. */
export function namesSomeone(text: string): boolean {
  const plain = text.normalize('NFKC').replace(date, 'date')
  return address.test(plain) || longNumber.test(plain)
}

/** An operator's own words: who they are, and why they did something. */
export const operatorText = z
  .string()
  .min(1)
  .max(1000)
  .refine(text => !namesSomeone(text))
