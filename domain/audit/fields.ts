import { z } from 'zod'

// Schemas for the fields of audit events. None of them accepts a name, address, number or code of a cardholder.

/** One word of a union type. The type requires every word of the union, so that no word is rejected at run time. */
export function oneOf<Word extends string>(words: Readonly<Record<Word, true>>) {
  return z.enum(Object.keys(words) as [Word, ...Word[]])
}

/** A count. The maximum is smaller than any card or telephone number. */
export const count = z.int().min(0).max(999_999_999)

export const flag = z.boolean()

/**
 * An instant in milliseconds since the epoch, between 2001 and 2286: card numbers of 14 digits or more are rejected.
 */
export const instant = z.int().min(1_000_000_000_000).max(9_999_999_999_999)

/** SHA-256, hex. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** Names of keys, as in the settings. */
export const keyNames = z.string().regex(/^KEY_[A-Z_]+:\d{1,6}( KEY_[A-Z_]+:\d{1,6})*$/)

/** Id and version of a risk policy. */
export const policyName = z.string().regex(/^[a-z][a-z0-9-]{0,63} \d{1,9}$/)

/** A signer of risk policies, by the name in the issuer's file. */
export const signerName = z.string().regex(/^[\w-]{1,32}$/)

/** Nine digits or more, possibly with the separators that people use in card and telephone numbers. */
const longNumber = /\d(?:[\s.()\-/]{0,2}\d){8}/
const address = /\S@\S/
/** A date: eight digits that are neither a card number nor a telephone number. */
const date = /\b\d{4}-\d\d-\d\d\b/g

/** Whether a text contains an e-mail address, or digits that may be a card or telephone number. */
export function namesSomeone(text: string): boolean {
  const plain = text.normalize('NFKC').replace(date, 'date')
  return address.test(plain) || longNumber.test(plain)
}

/** Free text of an operator: their name, or the reason for what they did. */
export const operatorText = z
  .string()
  .min(1)
  .max(1000)
  .refine(text => !namesSomeone(text))
