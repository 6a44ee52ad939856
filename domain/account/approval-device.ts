import { z } from 'zod'

// The request with which the issuer's app pairs an approval device: docs/approval-devices.md.

/** `typ` in the header of the proof, so that a signature made for another purpose is not accepted. */
export const pairingProofType = 'device-pairing+jwt'

/** A public key on P-256 as JWK (RFC 7518, 6.2.1), without other members. */
export interface DeviceKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export interface PairingRequest {
  /** The pairing code as the cardholder typed it. */
  readonly code: string
  readonly name: string
  readonly platform: string
  readonly publicKey: DeviceKey
  /** A JWS in compact form. */
  readonly proof: string
}

export type PairingRead =
  | { readonly kind: 'pairing'; readonly pairing: PairingRequest }
  /** `field`: the member that is missing or malformed; empty if the whole body is. */
  | { readonly kind: 'malformed'; readonly field: string }

/** A label shown in lists: one line, not empty, without invisible characters and bidirectional controls. */
const deviceLabel = z
  .string()
  .transform(text => text.trim())
  .refine(text => /^[^\p{C}\p{Zl}\p{Zp}]{1,60}$/u.test(text))

/** 32 octets as base64url. */
const coordinate = z.string().regex(/^[\w-]{43}$/)

const request = z.object({
  code: z.string().max(100),
  name: deviceLabel,
  platform: deviceLabel,
  publicKey: z
    .object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate })
    // A key whose private part has left the device is compromised.
    .and(z.object({ d: z.undefined().optional() })),
  proof: z.string().regex(/^[\w-]{1,500}\.[\w-]{1,1000}\.[\w-]{86}$/),
})

/** Reads the body of a pairing request. Accepts any value and never throws. */
export function readPairing(body: unknown): PairingRead {
  const parsed = request.safeParse(body)
  if (!parsed.success) return { kind: 'malformed', field: parsed.error.issues[0]?.path.join('.') ?? '' }
  const { kty, crv, x, y } = parsed.data.publicKey
  return { kind: 'pairing', pairing: { ...parsed.data, publicKey: { kty, crv, x, y } } }
}
