import { z } from 'zod'
import type { RequestContent, ShownContent } from './request.ts'

// The calls of the issuer's app, and what its device signs in them (a JWS in compact form): docs/approval-devices.md.

/** `typ` in the header of each kind of JWS, so that a signature made for another purpose is not accepted. */
export const proofTypes = {
  inquiry: 'approval-inquiry+jwt',
  approval: 'payment-approval+jwt',
  refusal: 'payment-refusal+jwt',
} as const

/** Asks which request waits. */
export interface InquiryProof {
  /** The device's time when it signed, in milliseconds since the epoch. */
  readonly at: number
}

export interface ApprovalProof {
  /** The request's nonce, base64url. */
  readonly nonce: string
  /** The content exactly as the device showed it, with the number that the cardholder typed. */
  readonly request: RequestContent
}

export interface RefusalProof {
  readonly nonce: string
  /** The content exactly as the device showed it. */
  readonly request: ShownContent
  /** `reported`: the cardholder said "this was not me". */
  readonly answer: 'declined' | 'reported'
}

const text = z.string().max(1000)
const shown = {
  id: text,
  merchant: text,
  amount: text.optional(),
  currency: text.optional(),
  exponent: text.optional(),
  country: text.optional(),
  lastFour: text,
  askedAt: text,
  expiresAt: text,
}
const inquiry = z.object({ at: z.iso.datetime({ precision: 3 }) })
const approval = z.object({ nonce: text, request: z.strictObject({ ...shown, number: text }) })
const refusal = z.object({ nonce: text, request: z.strictObject(shown), answer: z.enum(['declined', 'reported']) })

// Each accepts any value and never throws; undefined if it is not such a proof. zod's optional members are `undefined`
// where they are absent; `signedText` leaves both out.

export function readInquiryProof(payload: unknown): InquiryProof | undefined {
  const parsed = inquiry.safeParse(payload)
  return parsed.success ? { at: Date.parse(parsed.data.at) } : undefined
}

export function readApprovalProof(payload: unknown): ApprovalProof | undefined {
  const parsed = approval.safeParse(payload)
  return parsed.success ? (parsed.data as ApprovalProof) : undefined
}

export function readRefusalProof(payload: unknown): RefusalProof | undefined {
  const parsed = refusal.safeParse(payload)
  return parsed.success ? (parsed.data as RefusalProof) : undefined
}

/** A call of the issuer's app: the id that pairing gave to its device, and what the device signed. */
interface DeviceCall {
  readonly device: string
  readonly proof: string
}

export type CallRead =
  | { readonly kind: 'call'; readonly call: DeviceCall }
  /** `field`: the member that is missing or malformed; empty if the whole body is. */
  | { readonly kind: 'malformed'; readonly field: string }

const call = z.object({ device: z.guid(), proof: z.string().regex(/^[\w-]{1,500}\.[\w-]{1,3500}\.[\w-]{86}$/) })

/** Reads the body of a call. Accepts any value and never throws. */
export function readDeviceCall(body: unknown): CallRead {
  const parsed = call.safeParse(body)
  if (parsed.success) return { kind: 'call', call: parsed.data }
  return { kind: 'malformed', field: parsed.error.issues[0]?.path.join('.') ?? '' }
}
