import { type RequestContent, readNumber, shownContent } from './request.ts'
import { signedText } from './signed-text.ts'

// What the cardholder answers on a device of the web app. Its cookie lists requests and answers none: each answer is
// signed by the device's passkey. docs/approval-devices.md has what the issuer's app signs.

export type SignedAnswer =
  /** `number`: what the cardholder typed, two digits. */
  | { readonly kind: 'approved'; readonly number: string }
  | { readonly kind: 'declined' }
  /** "This was not me". */
  | { readonly kind: 'reported' }

export type AnswerRead =
  | { readonly kind: 'answer'; readonly answer: SignedAnswer }
  /** It cannot be the number; asking for the signature would end the request. */
  | { readonly kind: 'number-malformed' }
  | { readonly kind: 'failed' }

/** Reads an answer from the fields of a form. Accepts any text. */
export function readAnswer(kind: string, typed: string): AnswerRead {
  if (kind === 'declined' || kind === 'reported') return { kind: 'answer', answer: { kind } }
  if (kind !== 'approved') return { kind: 'failed' }
  const number = readNumber(typed)
  return number === undefined ? { kind: 'number-malformed' } : { kind: 'answer', answer: { kind, number } }
}

/**
 * The text that a passkey signs about a request: the whole request with the number that was typed, which says nothing
 * about the right one; or what the device showed, and the answer.
 */
export function textOfAnswer(content: RequestContent, answer: SignedAnswer): string {
  if (answer.kind === 'approved') return signedText({ ...content, number: answer.number })
  return signedText({ ...shownContent(content), answer: answer.kind })
}
