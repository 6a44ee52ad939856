import { z } from 'zod'
import type { RequestContent } from './request.ts'

// The JWS with which the issuer's app approves a request: docs/approval-devices.md.

/** `typ` in its header, so that a signature made for another purpose is not accepted. */
export const approvalProofType = 'payment-approval+jwt'

export interface ApprovalProof {
  /** The URL that it is sent to. */
  readonly aud: string
  /** The request's nonce, base64url. */
  readonly nonce: string
  /** The content exactly as the device showed it, with the number that the cardholder typed. */
  readonly request: RequestContent
}

const text = z.string().max(1000)
const proof = z.object({
  aud: text,
  nonce: text,
  request: z.strictObject({
    id: text,
    merchant: text,
    amount: text.optional(),
    currency: text.optional(),
    exponent: text.optional(),
    country: text.optional(),
    lastFour: text,
    number: text,
    askedAt: text,
    expiresAt: text,
  }),
})

/** Reads the payload of the JWS. Accepts any value and never throws; undefined if it is not a proof. */
export function readApprovalProof(payload: unknown): ApprovalProof | undefined {
  const parsed = proof.safeParse(payload)
  // zod's optional members are `undefined` where they are absent; `signedText` leaves both out.
  return parsed.success ? (parsed.data as ApprovalProof) : undefined
}
