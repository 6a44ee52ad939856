import { policy } from './policy.ts'

export type TypedCode =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'code-missing' }
  | { readonly kind: 'code-malformed' }

/**
 * Reads a code as people type and paste it: full-width digits, spaces and dashes of any width, marks that nobody sees.
 * NFKC turns １２３ into 123; what is left besides digits makes it malformed.
 */
export function readCode(typed: string): TypedCode {
  const code = typed
    .slice(0, 100)
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Pd}ーｰ−.・]/gu, '')
  if (code === '') return { kind: 'code-missing' }
  return /^[0-9]+$/.test(code) && code.length === policy.codeDigits
    ? { kind: 'code', code }
    : { kind: 'code-malformed' }
}
