import { userInfo } from 'node:os'
import { namesSomeone } from '#domain/audit/fields.ts'
import { ConfigError } from '../platform/variable.ts'

/** Who types, if they do not say: the system's name of the account. */
export function operatorName(): string {
  try {
    const { username } = userInfo()
    return namesSomeone(username) ? 'unnamed' : username
  } catch {
    // A container may run under a number that has no name.
    return 'unnamed'
  }
}

/** What an operator says of themselves or of a reason, for the audit log: trimmed; empty where they said nothing. */
export function operatorText(option: '--by' | '--reason', value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : ''
  if (text.length > 1000 || namesSomeone(text))
    throw new ConfigError(
      `${option} must be at most 1000 characters without an e-mail address, card number or telephone number: it is kept for years`,
    )
  return text
}
