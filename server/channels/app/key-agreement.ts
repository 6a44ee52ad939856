import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto'
import type { JsonObject } from '#domain/emv/field.ts'
import { newKeyPair, sha256 } from '../../platform/crypto.ts'

/** A point on P-256 as a JWK, with only the members that the messages specify. */
interface EphemeralPublicKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export interface Agreement {
  /** QT: our key, for this transaction only. */
  readonly acsEphemPubKey: EphemeralPublicKey
  /** QC: the SDK's key, as the signed content repeats it. */
  readonly sdkEphemPubKey: EphemeralPublicKey
  /** 256 bits shared with the SDK. Our private key is not kept. */
  readonly secret: Buffer
}

/**
 * Agrees on the key of one app challenge. EMV 3DS 6.2.3: ECDH on P-256, Concat KDF (NIST SP 800-56A) with SHA-256 and
 * the SDK's reference number as PartyVInfo. Undefined if the SDK's key is not a point on the curve.
 */
export async function agree(sdkKey: JsonObject, sdkReferenceNumber: string): Promise<Agreement | undefined> {
  const sdkEphemPubKey = { kty: 'EC', crv: 'P-256', x: unpadded(sdkKey.x), y: unpadded(sdkKey.y) } as const
  let publicKey: KeyObject
  try {
    publicKey = createPublicKey({ key: sdkEphemPubKey, format: 'jwk' })
  } catch {
    return undefined
  }
  const own = await newKeyPair()
  const { x = '', y = '' } = own.publicKey.export({ format: 'jwk' })
  const sharedSecret = diffieHellman({ privateKey: own.privateKey, publicKey })
  return {
    acsEphemPubKey: { kty: 'EC', crv: 'P-256', x, y },
    sdkEphemPubKey,
    secret: concatKdf(sharedSecret, { partyVInfo: Buffer.from(sdkReferenceNumber, 'utf8'), bits: 256 }),
  }
}

/** Concat KDF, RFC 7518 4.6.2, for at most 256 bits: one round of SHA-256. */
export function concatKdf(
  sharedSecret: Uint8Array,
  { algorithmId = none, partyUInfo = none, partyVInfo = none, bits }: KdfInput,
): Buffer {
  const round = sha256(
    Buffer.concat([
      number(1),
      sharedSecret,
      ...[algorithmId, partyUInfo, partyVInfo].flatMap(part => [number(part.length), part]),
      number(bits),
    ]),
  )
  return round.subarray(0, bits / 8)
}

interface KdfInput {
  readonly algorithmId?: Uint8Array
  readonly partyUInfo?: Uint8Array
  readonly partyVInfo?: Uint8Array
  readonly bits: 128 | 256
}

const none = new Uint8Array()

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function unpadded(coordinate: unknown): string {
  return String(coordinate).replace(/=+$/, '')
}
