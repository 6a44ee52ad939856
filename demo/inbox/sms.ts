import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Faults, slowness } from '../faults.ts'
import { Refused } from '../http-server.ts'
import { signatureHeaders, signedBody } from '../signed-request.ts'
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
  const body = signedBody(request, secret, clock.now())
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
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signatureHeaders(body, secret, clock.now()) },
    body,
  }).catch(() => {})
}
