import { z } from 'zod'

// What the issuer's app says when it becomes a device that may approve: docs/approval-devices.md.

/** `typ` of the proof's header: a signature made for something else is not valid here. */
export const pairingProofType = 'device-pairing+jwt'

/** A public key on P-256 as JWK (RFC 7518, 6.2.1), without anything else. */
export interface DeviceKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export interface PairingRequest {
  /** As it was typed. */
  readonly code: string
  readonly name: string
  readonly platform: string
  readonly publicKey: DeviceKey
  /** A JWS in compact form. */
  readonly proof: string
}

export type PairingRead =
  | { readonly kind: 'pairing'; readonly pairing: PairingRequest }
  /** `field`: what is missing or malformed; empty where it is the whole. */
  | { readonly kind: 'malformed'; readonly field: string }

/** What people read in a list: one line that neither is empty nor turns the text around. */
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
    // A private key has left its device: it is no longer valid.
    .and(z.object({ d: z.undefined().optional() })),
  proof: z.string().regex(/^[\w-]{1,500}\.[\w-]{1,1000}\.[\w-]{86}$/),
})

/** Reads the body of a request, whatever it is. */
export function readPairing(body: unknown): PairingRead {
  const parsed = request.safeParse(body)
  if (!parsed.success) return { kind: 'malformed', field: parsed.error.issues[0]?.path.join('.') ?? '' }
  const { kty, crv, x, y } = parsed.data.publicKey
  return { kind: 'pairing', pairing: { ...parsed.data, publicKey: { kty, crv, x, y } } }
}
