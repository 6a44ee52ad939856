import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import next from 'next'
import { config } from '../platform/config.ts'
import { commonHeaders } from '../platform/csp.ts'
import { limitConnections, listenerOptions, withFewHeaders } from '../platform/listener.ts'
import { log } from '../platform/log.ts'
import { pathOf } from './address.ts'
import { prepareAnswer } from './answer.ts'
import { answerDeviceApi, isDeviceApi } from './device-api.ts'
import { narrow } from './narrow.ts'
import { asQuestion, takesMessage } from './posted-message.ts'
import { readPost } from './read-post.ts'
import { answerReceipt, isReceipt } from './receipts.ts'
import { isKnownHost, refusalOf, refuse } from './refuse.ts'
import { FrontResponse } from './response.ts'
import { beginVisit } from './visit-cookie.ts'

/**
 * The HTTP front: Next.js behind a small guard. What is the caller's fault is refused here, where Next.js would answer 500; a
 * request is narrowed to what our pages read; and every answer gets its headers here.
 */
export async function startWeb(dev: boolean): Promise<{ stop(): Promise<void> }> {
  const { host, port } = config()
  // On its first request Next.js puts a listener for upgrades on the server it finds, past our checks; it gets one that no
  // caller reaches.
  const unreachable = createServer()
  const app = next({ dev, hostname: host, port, httpServer: unreachable })
  const handle = app.getRequestHandler()
  await app.prepare()
  if (!dev) quietenConsole()
  const listener = async (request: IncomingMessage, response: FrontResponse) => {
    try {
      for (const [name, value] of Object.entries(commonHeaders())) response.setHeader(name, value)
      const refusal = refusalOf(request)
      if (refusal) {
        log.warn('web.refused', { status: refusal })
        return refuse(response, refusal)
      }
      const path = pathOf(request)
      if (isReceipt(path)) return await answerReceipt(path, request, response)
      if (isDeviceApi(path)) return await answerDeviceApi(request, response)
      const whole = request.method === 'POST' ? await readPost(request) : request
      if (typeof whole === 'number') return refuse(response, whole)
      narrow(whole, dev)
      prepareAnswer(whole, response, dev)
      beginVisit(whole, response)
      if (whole.method !== 'POST' || !takesMessage(path)) return await handle(whole, response)
      const question = await asQuestion(whole)
      await handle(question.request, response).finally(question.forget)
    } catch (error) {
      log.error('web.failed', { error })
      if (!response.headersSent) refuse(response, 500)
    }
  }
  const options = { ...listenerOptions({ headers: 10_000, request: 30_000 }), ServerResponse: FrontResponse }
  const server = createServer(options, withFewHeaders(listener))
  limitConnections(server, 'web')
  // Without a listener an upgrade is a request like any other. Only the tools of development have one.
  if (dev) server.on('upgrade', developmentUpgrade(unreachable))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    stop: async () => {
      server.close()
      server.closeIdleConnections()
      await app.close()
    },
  }
}

/** The socket over which pages hear of changed sources. Next.js leaves those open that it does not know. */
function developmentUpgrade(behind: Server): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    const isOurs = isKnownHost(request) && pathOf(request).startsWith('/_next/')
    if (isOurs && behind.emit('upgrade', request, socket, head)) return
    socket.end('HTTP/1.1 421 Misdirected Request\r\nconnection: close\r\n\r\n')
  }
}

/** Next.js prints errors with their messages, and a database driver puts values into those. */
function quietenConsole(): void {
  console.warn = () => {}
  console.error = (...parts: unknown[]) => {
    const error = parts.find(part => part instanceof Error)
    // Any caller can name an action that does not exist; no alert for that.
    const isUnknownAction = error?.message.startsWith('Failed to find Server Action') === true
    if (isUnknownAction) log.warn('web.unknown-action')
    else log.error('web.error', { error })
  }
}
