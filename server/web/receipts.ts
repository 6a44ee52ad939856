import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Receipt, takeHttpReceipt, takeTwilioReceipt } from '../messaging/delivery-receipt.ts'
import { type AlertReceipt, takeAlertReceipt } from '../watch/acknowledge.ts'

/** Largest receipt, bytes. */
const limit = 16_384
const status = { taken: 204, malformed: 400, foreign: 403, unknown: 404, repeated: 409 } as const satisfies Record<
  (Receipt | AlertReceipt)['kind'],
  number
>

/** The addresses for receipts: of messages by gateways, of alerts by the issuer. Answered here: they are not pages. */
export function isReceipt(path: string): boolean {
  return path.startsWith('/gateway/sms/') || path === '/gateway/alerts'
}

export async function answerReceipt(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.statusCode = await take(path, request)
  response.setHeader('cache-control', 'no-store')
  if (response.statusCode === 405) response.setHeader('allow', 'POST')
  if (response.statusCode === 413) response.setHeader('connection', 'close')
  response.end()
}

async function take(path: string, request: IncomingMessage): Promise<number> {
  if (request.method !== 'POST') return 405
  const body = await read(request)
  if (body === undefined) return 413
  const header = (name: string) => String(request.headers[name] ?? '')
  const [, id] = /^\/gateway\/sms\/twilio\/([0-9a-f-]{36})$/.exec(path) ?? []
  if (id) return status[(await takeTwilioReceipt(id, body, header('x-twilio-signature'))).kind]
  const signed = [body, header('x-signature-time'), header('x-signature')] as const
  if (path === '/gateway/alerts') return status[(await takeAlertReceipt(...signed, header('x-signature-key'))).kind]
  if (path !== '/gateway/sms/http') return 404
  return status[(await takeHttpReceipt(...signed)).kind]
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
