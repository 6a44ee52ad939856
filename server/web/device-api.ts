import type { IncomingMessage, ServerResponse } from 'node:http'
import { pairDevice, pairingPath } from '../account/pair-device.ts'
import {
  type Answered,
  approveFromApp,
  inquire,
  inquiryPath,
  refusalPath,
  refuseFromApp,
} from '../approval/app-calls.ts'
import { approvalPath } from '../approval/verify.ts'
import { clientNetwork } from './narrow.ts'
import { mediaTypeOf } from './read-post.ts'

/** Largest request, bytes. */
const limit = 4096

const problems = {
  'method-not-allowed': [405, 'Use POST.'],
  'media-type': [415, 'Send application/json.'],
  'too-large': [413, `Send at most ${limit} bytes.`],
  malformed: [400, 'This element is missing or malformed.'],
  'key-bad': [400, 'The public key is no point on P-256.'],
  'proof-bad': [400, 'The proof is not a signature of this key over what was asked and this address.'],
  'inquiry-old': [400, 'The proof was used before, or its time is too far from ours.'],
  'code-unknown': [403, 'The code is wrong, used, replaced or too old.'],
  'device-unknown': [403, 'There is no such device, or it has been removed.'],
  'number-wrong': [403, 'This is not the number in the window. The request has ended.'],
  'key-known': [409, 'This key is a device’s already. Make a new one.'],
  'devices-spent': [409, 'The cardholder has as many devices as one may have.'],
  'request-over': [409, 'The request was answered, withdrawn or has expired, or is not for this device.'],
  limited: [429, 'There have been too many tries.'],
} as const

type Problem = keyof typeof problems
type Said = { readonly status: number; readonly body: object }
type Refusal = { readonly kind: Problem; readonly field?: string; readonly until?: number; readonly now?: number }

/** The addresses for the issuer's app, answered here because they are not pages. docs/approval-devices.md. */
const calls: ReadonlyMap<string, (text: string, network: string) => Promise<Said>> = new Map([
  [pairingPath, pair],
  [inquiryPath, tellRequest],
  [approvalPath, async (text: string, network: string) => sayAnswered(await approveFromApp(text, network))],
  [refusalPath, async (text: string, network: string) => sayAnswered(await refuseFromApp(text, network))],
])

export function isDeviceApi(path: string): boolean {
  return calls.has(path)
}

export async function answerDeviceApi(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('cache-control', 'no-store')
  const { status, body } = await answer(path, request, response)
  response.statusCode = status
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.end(JSON.stringify(body))
}

async function answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<Said> {
  const call = calls.get(path)
  if (request.method !== 'POST' || !call) {
    response.setHeader('allow', 'POST')
    return refuse({ kind: 'method-not-allowed' })
  }
  if (mediaTypeOf(request) !== 'application/json') return refuse({ kind: 'media-type' })
  const text = await read(request)
  if (text !== undefined) return call(text, clientNetwork(request))
  response.setHeader('connection', 'close')
  return refuse({ kind: 'too-large' })
}

async function pair(text: string, network: string): Promise<Said> {
  const answer = await pairDevice(text, network)
  if (answer.kind !== 'paired') return refuse(answer)
  const { id, name, createdAt } = answer
  return { status: 201, body: { device: { id, name, createdAt: isoTime(createdAt) } } }
}

async function tellRequest(text: string, network: string): Promise<Said> {
  const answer = await inquire(text, network)
  switch (answer.kind) {
    case 'waiting':
      return { status: 200, body: { request: answer.request, nonce: answer.nonce } }
    case 'nothing-waits':
      return { status: 200, body: { request: null } }
    default:
      return refuse(answer)
  }
}

function sayAnswered(answer: Answered): Said {
  switch (answer.kind) {
    case 'approved':
    case 'declined':
    case 'reported':
      return { status: 200, body: { state: answer.kind } }
    default:
      return refuse(answer)
  }
}

function refuse({ kind, field, until, now }: Refusal): Said {
  const [status, message] = problems[kind]
  const details = {
    ...(field !== undefined && { field }),
    ...(until !== undefined && { until: isoTime(until) }),
    ...(now !== undefined && { now: isoTime(now) }),
  }
  return { status, body: { error: { code: kind, message, ...details } } }
}

function isoTime(instant: number): string {
  return new Date(instant).toISOString()
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > limit) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
