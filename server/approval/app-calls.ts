import { database } from '#db/client.ts'
import { findDevice, noteInquiry } from '#db/queries/approval-devices.ts'
import { approvalPolicy } from '#domain/approval/policy.ts'
import {
  proofTypes,
  readApprovalProof,
  readDeviceCall,
  readInquiryProof,
  readRefusalProof,
} from '#domain/approval/proof.ts'
import type { ShownContent } from '#domain/approval/request.ts'
import { signedText } from '#domain/approval/signed-text.ts'
import { now } from '../platform/clock.ts'
import { countTry } from '../platform/limits.ts'
import { answerRequest, type RequestAnswered, waitingRequest } from './answer-request.ts'
import { verifyDeviceProof } from './device-proof.ts'
import type { ApprovalDeviceRow } from './devices.ts'
import { approvalPath } from './verify.ts'

// What the issuer's app calls for a paired device. Each call is signed with the device's key. The requests and the
// responses are described in docs/approval-devices.md.

export const inquiryPath = '/api/devices/request'
export const refusalPath = '/api/devices/refuse'

type Refused =
  | { readonly kind: 'malformed'; readonly field: string }
  | { readonly kind: 'limited'; readonly until: number }
  /** No such device of the issuer's app, or it has been removed. */
  | { readonly kind: 'device-unknown' }
  /** Not a signature of this device, for this purpose and URL, over what was asked. */
  | { readonly kind: 'proof-bad' }

export type Inquired =
  /** `nonce`: base64url. */
  | { readonly kind: 'waiting'; readonly request: ShownContent; readonly nonce: string }
  | { readonly kind: 'nothing-waits' }
  /** The inquiry was used before, or the device's clock differs too much from ours. */
  | { readonly kind: 'inquiry-old'; readonly now: number }
  | Refused

/** Tells a device which request waits for it. `text`: the raw body; `network`: the sender's network, for limits. */
export async function inquire(text: string, network: string): Promise<Inquired> {
  const received = await receive(text, network, { typ: proofTypes.inquiry, path: inquiryPath, read: readInquiryProof })
  if (received.kind !== 'received') return received
  const { device, proof } = received
  const at = now()
  const isOld = Math.abs(at - proof.at) > approvalPolicy.inquiryLife
  if (isOld || !(await noteInquiry(database(), device.id, proof.at))) return { kind: 'inquiry-old', now: at }
  const waiting = await waitingRequest(device)
  return waiting ? { kind: 'waiting', request: waiting.content, nonce: waiting.nonce } : { kind: 'nothing-waits' }
}

export type Answered =
  | { readonly kind: 'approved' | 'declined' | 'reported' }
  /** The request has ended with it. */
  | { readonly kind: 'number-wrong' }
  /** Answered before, expired or withdrawn, or the device may not answer it. */
  | { readonly kind: 'request-over' }
  | Refused

/** Approves a request: the proof is over exactly what the device showed, with the number that was typed. */
export async function approveFromApp(text: string, network: string): Promise<Answered> {
  const purpose = { typ: proofTypes.approval, path: approvalPath, read: readApprovalProof }
  const received = await receive(text, network, purpose)
  if (received.kind !== 'received') return received
  const { device, proof, jws } = received
  return toAnswered(await answerRequest(device, proof.request.id, { kind: 'proof', jws }))
}

/** Declines or reports a request: the proof is over exactly what the device showed. */
export async function refuseFromApp(text: string, network: string): Promise<Answered> {
  const received = await receive(text, network, { typ: proofTypes.refusal, path: refusalPath, read: readRefusalProof })
  if (received.kind !== 'received') return received
  const { device, proof } = received
  const waiting = await waitingRequest(device)
  if (waiting?.content.id !== proof.request.id) return { kind: 'request-over' }
  const isOverShown = signedText(proof.request) === signedText(waiting.content) && proof.nonce === waiting.nonce
  if (!isOverShown) return { kind: 'proof-bad' }
  return toAnswered(await answerRequest(device, proof.request.id, { kind: proof.answer }))
}

function toAnswered({ kind }: RequestAnswered): Answered {
  switch (kind) {
    case 'approved':
    case 'declined':
    case 'reported':
      return { kind }
    case 'wrong-number':
      return { kind: 'number-wrong' }
    case 'signature-bad':
      return { kind: 'proof-bad' }
    case 'over':
      return { kind: 'request-over' }
  }
}

interface Purpose<Proof> {
  readonly typ: string
  readonly path: string
  readonly read: (payload: unknown) => Proof | undefined
}

interface Received<Proof> {
  readonly kind: 'received'
  readonly device: ApprovalDeviceRow
  readonly proof: Proof
  readonly jws: string
}

/**
 * Reads a call, authenticates its device and counts it: a right call against the device, a wrong one against the network
 * it came from. So a stranger uses up no device's calls, and no calls of other phones behind the same address.
 */
async function receive<Proof>(
  text: string,
  network: string,
  purpose: Purpose<Proof>,
): Promise<Received<Proof> | Refused> {
  const call = await authenticate(text, purpose)
  const isOurs = call.kind === 'received'
  const counted = isOurs ? countTry('callsOfDevice', call.device.id) : countTry('wrongCallsFromNetwork', network)
  const permission = await counted
  return permission.kind === 'limited' ? permission : call
}

async function authenticate<Proof>(text: string, purpose: Purpose<Proof>): Promise<Received<Proof> | Refused> {
  const read = readDeviceCall(parse(text))
  if (read.kind === 'malformed') return read
  const { proof: jws } = read.call
  const device = await findDevice(database(), read.call.device)
  if (!device?.publicKey) return { kind: 'device-unknown' }
  const proof = purpose.read(await verifyDeviceProof(device.publicKey, jws, purpose))
  return proof ? { kind: 'received', device, proof, jws } : { kind: 'proof-bad' }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
