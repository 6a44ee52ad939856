import type { Outcome } from './outcome.ts'

/**
 * The authentication value (CAVV, AEVV …) that an authenticated purchase carries to authorisation: our own layout,
 * because the payment systems' layouts are not public (docs/decisions/0005). Twenty bytes, 28 characters of base64:
 *
 * | bytes | content                                                                              |
 * | ----- | ------------------------------------------------------------------------------------ |
 * | 0     | high nibble: layout (1); low nibble: key id modulo 16                                |
 * | 1     | high nibble: outcome (1 challenge, 2 without challenge, 3 attempt); low nibble: 0     |
 * | 2–5   | time of authentication, seconds since 2020-01-01T00:00:00Z, big-endian                |
 * | 6–13  | card HMAC: first 8 bytes of HMAC-SHA-256 over "card", bytes 0–5 and the HMAC of the card number |
 * | 14–19 | purchase HMAC: first 6 bytes of HMAC-SHA-256 over "purchase", bytes 0–13, amount, currency, merchant |
 *
 * There are two HMACs so that the authorisation host can distinguish a forged value from a genuine one with a different
 * amount.
 */

export type AuthenticationOutcome = 'challenge' | 'frictionless' | 'attempt'

const inARes: { readonly [outcome in Outcome]?: AuthenticationOutcome } = {
  frictionless: 'frictionless',
  attempted: 'attempt',
  // By secure payment confirmation, whose assertion the second AReq brings.
  authenticated: 'challenge',
}

/** The kind of authentication value for an outcome in an ARes; undefined if it has none (EMV 3DS: Y and A have one). */
export function valueOutcomeOf(outcome: Outcome): AuthenticationOutcome | undefined {
  return inARes[outcome]
}

export interface BoundPurchase {
  /** Minor units, decimal digits as in purchaseAmount; leading zeros are ignored. */
  readonly amount: string
  /** ISO 4217 number. */
  readonly currency: string
  /** acquirerMerchantID. */
  readonly merchantID: string
}

export interface AuthenticationFacts {
  readonly outcome: AuthenticationOutcome
  /** HMAC of the card number, so that the number itself is not needed when a challenge ends. */
  readonly card: Uint8Array
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly purchase: BoundPurchase
}

/** A key of the card's range. `mac` returns an HMAC of at least 8 bytes. */
export interface RangeKey {
  readonly id: number
  mac(data: Uint8Array): Promise<Uint8Array>
}
/** The HMAC under the key whose id modulo 16 is `nibble`; undefined if there is no such key any more. */
export type MacByNibble = (nibble: number, data: Uint8Array) => Promise<Uint8Array | undefined>

export type Verification =
  /** This card and this purchase were authenticated. */
  | { readonly kind: 'valid'; readonly outcome: AuthenticationOutcome; readonly at: number }
  /** Genuine and for this card, but for a different amount, currency or merchant. */
  | { readonly kind: 'other-purchase'; readonly outcome: AuthenticationOutcome; readonly at: number }
  | { readonly kind: 'invalid' }

const layout = 1
const epoch = Date.UTC(2020, 0, 1)
const outcomes: readonly AuthenticationOutcome[] = ['challenge', 'frictionless', 'attempt']
const encoder = new TextEncoder()

/** Makes an authentication value: 28 characters of base64. */
export async function makeAuthenticationValue(facts: AuthenticationFacts, key: RangeKey): Promise<string> {
  const value = new Uint8Array(20)
  value[0] = (layout << 4) | (key.id & 0x0f)
  value[1] = (outcomes.indexOf(facts.outcome) + 1) << 4
  new DataView(value.buffer).setUint32(2, Math.floor((facts.at - epoch) / 1000))
  value.set((await key.mac(cardInput(value, facts.card))).subarray(0, 8), 6)
  value.set((await key.mac(purchaseInput(value, facts.purchase))).subarray(0, 6), 14)
  return Buffer.from(value).toString('base64')
}

/** Verifies a value that the authorisation host received. `sameBytes` compares in constant time. */
export async function verifyAuthenticationValue(
  authenticationValue: string,
  claimed: { readonly card: Uint8Array; readonly purchase: BoundPurchase },
  mac: MacByNibble,
  sameBytes: (a: Uint8Array, b: Uint8Array) => boolean,
): Promise<Verification> {
  // The last character carries only four bits: any other encoding of the same bytes is not canonical, so it is not
  // ours.
  if (!/^[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]=$/.test(authenticationValue)) return { kind: 'invalid' }
  const value = new Uint8Array(Buffer.from(authenticationValue, 'base64'))
  const [head = 0, kind = 0] = value
  const outcome = outcomes[(kind >> 4) - 1]
  if (value.length !== 20 || head >> 4 !== layout || !outcome || (kind & 0x0f) !== 0) return { kind: 'invalid' }

  const cardHmac = await mac(head & 0x0f, cardInput(value, claimed.card))
  if (!cardHmac || !sameBytes(cardHmac.subarray(0, 8), value.subarray(6, 14))) return { kind: 'invalid' }
  const purchaseHmac = await mac(head & 0x0f, purchaseInput(value, claimed.purchase))
  const at = epoch + new DataView(value.buffer).getUint32(2) * 1000
  const same = purchaseHmac !== undefined && sameBytes(purchaseHmac.subarray(0, 6), value.subarray(14, 20))
  return { kind: same ? 'valid' : 'other-purchase', outcome, at }
}

function cardInput(value: Uint8Array, card: Uint8Array): Uint8Array {
  return join(encoder.encode('card\0'), value.subarray(0, 6), card)
}

function purchaseInput(value: Uint8Array, { amount, currency, merchantID }: BoundPurchase): Uint8Array {
  const words = `${amount.replace(/^0+(?=.)/, '')}\0${currency}\0${merchantID.trim()}`
  return join(encoder.encode('purchase\0'), value.subarray(0, 14), encoder.encode(words))
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
