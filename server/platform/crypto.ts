import {
  createECDH,
  createHash,
  createHmac,
  generateKeyPair,
  randomBytes,
  randomInt,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'

// Nothing else draws random values.

/** An id that other parties see (a UUIDv4): it says nothing, not even when it was made. */
export function newRandomId(): string {
  return randomUUID()
}

/**
 * The last UUIDv7 of this process. Next.js loads this module more than once in a process, and all copies share one
 * sequence.
 */
const place = Symbol.for('safekey.last-time-ordered-id')
const shared = globalThis as { [place]?: { milliseconds: number; counter: number } }

/**
 * An id of a row of ours: a UUIDv7 (RFC 9562, 5.7): ids sort by the time at which they were made. Within a process each is greater than the one
 * before, even in the same millisecond and after the clock was set back: `rand_a` is a counter that starts at random in
 * its lower half (6.2, method 1), and the time runs ahead when the counter is used up. `at`: milliseconds since the
 * epoch.
 */
export function newId(at: number): string {
  shared[place] ??= { milliseconds: 0, counter: 0 }
  const last = shared[place]
  if (at <= last.milliseconds && last.counter < 0xfff) last.counter += 1
  else {
    last.milliseconds = Math.max(at, last.milliseconds + 1)
    last.counter = randomInt(0x800)
  }
  const time = last.milliseconds.toString(16).padStart(12, '0')
  const counter = last.counter.toString(16).padStart(3, '0')
  // From its variant on, a UUIDv7 is as random as a UUIDv4.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}${randomUUID().slice(18)}`
}

/** 256 random bits as 43 characters that need no escaping in an address. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Random decimal digits, each combination equally likely: `randomInt` rejects values that would cause a bias. */
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

/** A private key on P-256 as its scalar, 32 bytes in base64url. */
export function newPrivateKey(): string {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  // Node.js leaves out leading zeros.
  return Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()])
    .subarray(-32)
    .toString('base64url')
}

/** Compares in constant time. Values of different lengths are not equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

export function sha256(data: Uint8Array | string): Buffer {
  return createHash('sha256').update(data).digest()
}

export function hmacSha256(secret: string, data: string): Buffer {
  return createHmac('sha256', secret).update(data).digest()
}
