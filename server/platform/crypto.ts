import {
  createHash,
  createHmac,
  generateKeyPair,
  randomBytes,
  randomInt,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'

// The one place that draws randomness.

export function newId(): string {
  return randomUUID()
}

/** 256 random bits as 43 characters that stand in an address unescaped. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Decimal digits, each combination as likely as another: `randomInt` rejects what would lean to one side. */
export function newCode(digits: number): string {
  return String(randomInt(0, 10 ** digits)).padStart(digits, '0')
}

export function randomOctets(length: number): Buffer {
  return randomBytes(length)
}

/** A key pair on P-256 for one use. */
export function newKeyPair() {
  return promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
}

/** Compares in constant time; different lengths are different. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

export function sha256(data: Uint8Array | string): Buffer {
  return createHash('sha256').update(data).digest()
}

export function hmacSha256(secret: string, data: string): Buffer {
  return createHmac('sha256', secret).update(data).digest()
}
