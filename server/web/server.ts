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
import { acceptsPostedMessage, postAsGet } from './posted-message.ts'
import { readPost } from './read-post.ts'
import { answerReceipt, isReceipt } from './receipts.ts'
import { isKnownHost, refusalOf, refuse } from './refuse.ts'
import { FrontResponse } from './response.ts'
import { beginVisit } from './visit-cookie.ts'
import { answerWindowStep, isWindowStep } from './window-step.ts'

/**
 * Starts the HTTP front, a small guard in front of Next.js. It refuses faulty requests that Next.js would answer with
 * 500, reduces each request to what our pages read, and sets the headers of every answer.
 */
export async function startWeb(dev: boolean): Promise<{ stop(): Promise<void> }> {
  const { host, port } = config()
  // On its first request Next.js adds a listener for upgrades to the server that it finds, which would bypass our
  // checks; it is given a server that no caller can reach.
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
      if (isDeviceApi(path)) return await answerDeviceApi(path, request, response)
      if (isWindowStep(path)) return await answerWindowStep(path, request, response)
      const whole = request.method === 'POST' ? await readPost(request) : request
      if (typeof whole === 'number') return refuse(response, whole)
      narrow(whole, dev)
      prepareAnswer(whole, response, dev)
      beginVisit(whole, response)
      if (whole.method !== 'POST' || !acceptsPostedMessage(path)) return await handle(whole, response)
      const question = await postAsGet(whole)
      await handle(question.request, response).finally(question.forget)
    } catch (error) {
      log.error('web.failed', { error })
      if (!response.headersSent) refuse(response, 500)
    }
  }
  const options = { ...listenerOptions({ headers: 10_000, request: 30_000 }), ServerResponse: FrontResponse }
  const server = createServer(options, withFewHeaders(listener))
  limitConnections(server, 'web')
  // Without a listener an upgrade is handled like any other request. Only development tools need one.
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

/** The web socket that notifies pages of changed sources. Next.js leaves sockets open that it does not recognise. */
function developmentUpgrade(behind: Server): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    const isOurs = isKnownHost(request) && pathOf(request).startsWith('/_next/')
    if (isOurs && behind.emit('upgrade', request, socket, head)) return
    socket.end('HTTP/1.1 421 Misdirected Request\r\nconnection: close\r\n\r\n')
  }
}

/** Next.js prints errors with their messages, in which the database driver puts values. */
function quietenConsole(): void {
  console.warn = () => {}
  console.error = (...parts: unknown[]) => {
    const error = parts.find(part => part instanceof Error)
    // Any caller can send an action that does not exist, so this is not an error.
    const isUnknownAction = error?.message.startsWith('Failed to find Server Action') === true
    if (isUnknownAction) log.warn('web.unknown-action')
    else log.error('web.error', { error })
  }
}
