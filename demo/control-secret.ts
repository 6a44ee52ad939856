import { createHash, timingSafeEqual } from 'node:crypto'
import { Refused } from './http-server.ts'

/**
 * Refuses a caller who does not have the secret of this start: other sites in the same browser must not move the clock,
 * set faults or use the phone.
 */
export function checkSecret(given: unknown, secret: string): void {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  if (typeof given !== 'string' || !timingSafeEqual(digest(given), digest(secret)))
    throw new Refused(403, 'The secret in X-Demo-Secret is missing or wrong; the inbox page shows it.')
}
