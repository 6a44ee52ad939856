import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Paired, pairDevice, pairingPath } from '../account/pair-device.ts'
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
  'proof-bad': [400, 'The proof is not a signature of this key over this code and address.'],
  'code-unknown': [403, 'The code is wrong, used, replaced or too old.'],
  'key-known': [409, 'This key is a device’s already. Make a new one.'],
  'devices-spent': [409, 'The cardholder has as many devices as one may have.'],
  limited: [429, 'There have been too many tries from this network.'],
} as const

/** The address for the issuer's app, which is answered here because it is not a page. docs/approval-devices.md. */
export function isDeviceApi(path: string): boolean {
  return path === pairingPath
}

export async function answerDeviceApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('cache-control', 'no-store')
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST')
    return refuse(response, 'method-not-allowed')
  }
  if (mediaTypeOf(request) !== 'application/json') return refuse(response, 'media-type')
  const body = await read(request)
  if (body === undefined) {
    response.setHeader('connection', 'close')
    return refuse(response, 'too-large')
  }
  const answer = await pairDevice(body, clientNetwork(request))
  if (answer.kind !== 'paired') return refuse(response, answer.kind, more(answer))
  const { id, name, createdAt } = answer
  say(response, 201, { device: { id, name, createdAt: new Date(createdAt).toISOString() } })
}

function more(answer: Paired): object {
  if (answer.kind === 'malformed') return { field: answer.field }
  return answer.kind === 'limited' ? { until: new Date(answer.until).toISOString() } : {}
}

function refuse(response: ServerResponse, problem: keyof typeof problems, details: object = {}): void {
  const [status, message] = problems[problem]
  say(response, status, { error: { code: problem, message, ...details } })
}

function say(response: ServerResponse, status: number, body: object): void {
  response.statusCode = status
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.end(JSON.stringify(body))
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
