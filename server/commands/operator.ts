import { userInfo } from 'node:os'
import { namesSomeone } from '#domain/audit/fields.ts'
import { ConfigError } from '../platform/variable.ts'

/** The operator's name if none is given: the name of the system account. */
export function operatorName(): string {
  try {
    const { username } = userInfo()
    return namesSomeone(username) ? 'unnamed' : username
  } catch {
    // A container may run under a user id without a name.
    return 'unnamed'
  }
}

/** An operator's name or reason for the audit log: trimmed; empty if not given. */
export function operatorText(option: '--by' | '--reason', value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : ''
  if (text.length > 1000 || namesSomeone(text))
    throw new ConfigError(
      `${option} must be at most 1000 characters without an e-mail address, card number or telephone number: it is kept for years`,
    )
  return text
}
