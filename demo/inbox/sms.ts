import { createHmac, timingSafeEqual } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Faults, slowness } from '../faults.ts'
import { Refused } from '../http-server.ts'
import type { DemoClock } from './clock.ts'
import type { Message } from './messages.ts'

export interface SmsServerOptions {
  /** Shared with the product. */
  secret: string
  /** The product's address for delivery receipts. */
  receipts: string
  clock: DemoClock
  faults: Faults
  deliver: (message: Omit<Message, 'id' | 'sentAt'>) => void
}

const signatureLife = 5 * 60

/**
 * An SMS gateway like an issuer's own: the other side of the interface in docs/sms-gateway.md. Every message arrives,
 * unless the `sms` fault prevents it.
 */
export function openSmsServer(app: FastifyInstance, options: SmsServerOptions): void {
  const taken = new Set<string>()
  app.register(async front => {
    // The signature covers the raw body.
    front.removeContentTypeParser('application/json')
    front.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    front.post('/gateway/sms', async (request, reply) => take(request, reply, taken, options))
  })
}

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  taken: Set<string>,
  { secret, receipts, clock, faults, deliver }: SmsServerOptions,
) {
  if (faults.of('sms') === 'down') return hangUp(request, reply)
  const body = String(request.body)
  const now = Math.floor(clock.now().getTime() / 1000)
  const time = String(request.headers['x-signature-time'] ?? '')
  const signed = same(String(request.headers['x-signature'] ?? ''), signature(secret, time, body))
  if (!signed || Math.abs(now - Number(time)) > signatureLife)
    throw new Refused(401, 'The signature is missing, wrong or old.')
  const message = readMessage(body)
  if (faults.of('sms') === 'slow') await wait(slowness, undefined, { ref: false })
  if (faults.of('sms') === 'down') return hangUp(request, reply)
  if (taken.has(message.id)) return reply.status(409).send({ error: 'This message was taken before.' })
  taken.add(message.id)
  deliver({ channel: 'sms', to: message.to, from: 'SafeKey', subject: '', text: message.text, html: null })
  void tellArrival(receipts, secret, message.id, clock)
  return reply.status(202).send({})
}

function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.raw.socket.destroy()
  return reply.hijack()
}

function readMessage(body: string): { id: string; to: string; text: string } {
  const { id, to, text } = parse(body) as { id?: unknown; to?: unknown; text?: unknown }
  if (typeof id !== 'string' || id === '') throw new Refused(400, 'id must be a text.', 'id')
  if (typeof to !== 'string' || !/^\+\d{8,15}$/.test(to)) throw new Refused(400, 'to must be a number in E.164.', 'to')
  if (typeof text !== 'string' || text === '' || text.length > 134)
    throw new Refused(422, 'text must have 1 to 134 UTF-16 units.', 'text')
  return { id, to, text }
}

function parse(body: string): object {
  try {
    return Object(JSON.parse(body)) as object
  } catch {
    throw new Refused(400, 'The body must be JSON.')
  }
}

/**
 * Reports that the message was delivered. No caller waits for the receipt, and a product that is down does not get it.
 */
async function tellArrival(url: string, secret: string, id: string, clock: DemoClock): Promise<void> {
  const body = JSON.stringify({ id, state: 'delivered' })
  const time = String(Math.floor(clock.now().getTime() / 1000))
  const headers = { 'content-type': 'application/json', 'x-signature-time': time }
  await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'x-signature': signature(secret, time, body) },
    body,
  }).catch(() => {})
}

function signature(secret: string, time: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}

function same(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
