import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Faults, slowness } from '../faults.ts'
import { Refused } from '../http-server.ts'
import type { DemoClock } from '../inbox/clock.ts'
import { signedBody } from '../signed-request.ts'

const notification = z.object({
  id: z.guid(),
  device: z.guid(),
  request: z.guid(),
  title: z.string().min(1),
  body: z.string().min(1),
  language: z.enum(['ja', 'en']),
  expiresAt: z.iso.datetime({ precision: 3 }),
})
export type AppNotification = z.infer<typeof notification>

export interface AppPushOptions {
  /** Shared with the product. */
  readonly secret: string
  readonly clock: DemoClock
  readonly faults: Faults
  /** Shows a notification on the device of that id. `unknown`: no device has it. */
  readonly show: (notification: AppNotification) => 'shown' | 'unknown'
}

/** The push service of an issuer's app: the other side of the interface in docs/approval-devices.md. */
export function openAppPush(app: FastifyInstance, options: AppPushOptions): void {
  const taken = new Set<string>()
  app.register(async front => {
    // The signature covers the raw body.
    front.removeContentTypeParser('application/json')
    front.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    front.post('/push/app', (request, reply) => take(request, reply, taken, options))
  })
}

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  taken: Set<string>,
  { secret, clock, faults, show }: AppPushOptions,
): Promise<FastifyReply> {
  if (faults.of('push') === 'down') {
    request.raw.socket.destroy()
    return reply.hijack()
  }
  const body = signedBody(request, secret, clock.now())
  if (faults.of('push') === 'slow') await wait(slowness, undefined, { ref: false })
  const read = notification.safeParse(parse(body))
  if (!read.success) throw new Refused(400, z.prettifyError(read.error))
  if (taken.has(read.data.id)) return reply.status(409).send({ error: 'This notification was taken before.' })
  if (faults.of('push') === 'gone' || show(read.data) === 'unknown')
    throw new Refused(410, 'The app is no longer on this device.', 'device')
  taken.add(read.data.id)
  return reply.status(202).send({})
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
