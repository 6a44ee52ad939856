import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Faults, slowness } from '../faults.ts'
import { Refused } from '../http-server.ts'
import { checkVapid } from './vapid.ts'

/** A subscription as its push service knows it. */
export interface Subscriber {
  /** The VAPID key to which it is restricted (RFC 8292, section 4), base64url. */
  readonly applicationServerKey: string
  /** Passes a message on to the device, still encrypted. */
  receive(body: Buffer): void
}

export interface PushServiceOptions {
  /** The origin in the endpoints of subscriptions: what a sender's token must name. */
  readonly origin: string
  readonly faults: Faults
  /** `gone`: there was such a subscription, and the device gave it up. */
  find(id: string): Subscriber | 'gone' | undefined
}

/** Largest body that a push service must accept (RFC 8030, section 7.2), octets. */
const largestMessage = 4096
/** Messages to one subscription within a minute; more are refused (RFC 8030, section 8.4). */
const mostInMinute = 60
const minute = 60_000
const urgencies = ['very-low', 'low', 'normal', 'high']

export const endpointOf = (origin: string, id: string): string => `${origin}/push/${id}`

/**
 * A push service as browsers have one of their vendor: the other side of RFC 8030. It answers as those services do, and
 * its refusals say what is wrong. Unlike them it accepts plain HTTP, because it listens on loopback only.
 */
export function openPushService(app: FastifyInstance, options: PushServiceOptions): void {
  const recent = new Map<string, number[]>()
  app.register(async front => {
    front.removeAllContentTypeParsers()
    front.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    front.post<{ Params: { id: string } }>('/push/:id', { bodyLimit: largestMessage }, async (request, reply) => {
      if (options.faults.of('push') === 'down') return hangUp(request, reply)
      if (options.faults.of('push') === 'slow') await wait(slowness, undefined, { ref: false })
      const { id } = request.params
      const subscriber = options.faults.of('push') === 'gone' ? 'gone' : options.find(id)
      if (!subscriber) throw new Refused(404, 'There is no such subscription.')
      if (subscriber === 'gone') throw new Refused(410, 'The subscription has ended.')
      await checkSender(request, reply, options.origin, subscriber.applicationServerKey)
      checkHeaders(request)
      if (!countMessage(recent, id)) {
        reply.header('retry-after', minute / 1000)
        throw new Refused(429, `A subscription gets at most ${mostInMinute} messages a minute.`)
      }
      subscriber.receive(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))
      return reply
        .status(201)
        .headers({ location: `${options.origin}/push/messages/${randomUUID()}`, ttl: String(request.headers.ttl) })
        .send()
    })
  })
}

async function checkSender(request: FastifyRequest, reply: FastifyReply, audience: string, publicKey: string) {
  // The sender's tokens live by the real time, whatever the demo's clock shows.
  const fault = await checkVapid(request.headers.authorization, { audience, publicKey, now: new Date() })
  if (fault?.status === 401) reply.header('www-authenticate', 'vapid')
  if (fault) throw new Refused(fault.status, fault.reason, 'Authorization')
}

/** RFC 8030, sections 5.2 to 5.4; RFC 8291, section 4. */
function checkHeaders({ headers }: FastifyRequest): void {
  const { ttl, urgency = 'normal', topic, 'content-encoding': encoding } = headers
  if (typeof ttl !== 'string' || !/^\d{1,10}$/.test(ttl))
    throw new Refused(400, 'TTL must be a number of seconds, and is required.', 'TTL')
  if (!urgencies.includes(String(urgency)))
    throw new Refused(400, `Urgency must be one of ${urgencies.join(', ')}.`, 'Urgency')
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(String(topic)))
    throw new Refused(400, 'Topic must have at most 32 characters of base64url.', 'Topic')
  if (encoding !== 'aes128gcm') throw new Refused(415, 'Content-Encoding must be aes128gcm.', 'Content-Encoding')
}

function countMessage(recent: Map<string, number[]>, id: string): boolean {
  const now = Date.now()
  const times = (recent.get(id) ?? []).filter(time => now - time < minute)
  if (times.length >= mostInMinute) return false
  recent.set(id, [...times, now])
  return true
}

function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.raw.socket.destroy()
  return reply.hijack()
}
