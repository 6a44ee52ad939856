import type { Server as HttpServer, IncomingMessage, ServerOptions, ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { now } from './clock.ts'
import { config } from './config.ts'
import { log } from './log.ts'
import { readText } from './variable.ts'

// Limits on what callers may use of a listening server: connections, headers, time. Both roles listen through this.

/** Milliseconds. */
export interface ListenerTimes {
  /** From the connection, or the first byte of a later request, to the last header. */
  readonly headers: number
  /** From the same moment to the last byte of the body. */
  readonly request: number
}

/**
 * How long a connection may pass no byte in either direction, milliseconds, such as when a caller does not read its
 * answer.
 */
const stalledFor = 60_000

/** How long an idle connection stays open, milliseconds: longer than proxies keep theirs, so that they close first. */
const keptFor = 72_000

/** Most headers of a request. By default Node.js silently drops those above its limit, possibly a proxy's. */
const mostHeaders = 100

/** File descriptors reserved for everything but callers' connections: database, mail, files, libraries. */
const descriptorsKept = 256

/** Milliseconds between two log lines of one kind, so that a flood of connections does not flood the log. */
const logEvery = 60_000

/** Options for `createServer` of `http` and `https`. */
export function listenerOptions({ headers, request }: ListenerTimes): ServerOptions {
  return {
    headersTimeout: headers,
    requestTimeout: request,
    keepAliveTimeout: keptFor,
    maxHeaderSize: 16_384,
    // How late the first two time-outs may be noticed.
    connectionsCheckingInterval: 1000,
  }
}

/** Refuses a request with too many headers before it reaches `handler`. */
export function withFewHeaders<Response extends ServerResponse>(
  handler: (request: IncomingMessage, response: Response) => void,
): (request: IncomingMessage, response: Response) => void {
  return (request, response) => {
    if (request.rawHeaders.length <= 2 * mostHeaders) return handler(request, response)
    response.writeHead(431, { connection: 'close', 'cache-control': 'no-store' }).end()
  }
}

/**
 * Limits the connections of a server. At the limit new ones are closed at once, open ones continue, and this is logged.
 * Idle connections of `web` are closed to make room: a browser or a proxy opens another. Those of `ds` have presented a
 * certificate, and stay.
 */
export function limitConnections(server: HttpServer | HttpsServer, role: 'web' | 'ds'): void {
  const wanted = config().maxConnections
  const possible = descriptorLimit() - descriptorsKept
  server.maxConnections = Math.max(10, Math.min(wanted, possible))
  if (possible < wanted) log.warn('connections.few-descriptors', { role, count: server.maxConnections })
  server.timeout = stalledFor
  // No headers are dropped: their number and size are limited instead.
  server.maxHeadersCount = 0
  const full = rateLimited(() => log.warn('connections.full', { role, count: server.maxConnections }))
  server.on('drop', () => {
    full()
    if (role === 'web') server.closeIdleConnections()
  })
  const failed = rateLimited((error: Error) => log.error('connections.failed', { role, error }))
  // Until the server listens, the start reports errors.
  server.once('listening', () => server.on('error', failed))
}

/** How many file descriptors this process may have; infinite if the system does not say. */
function descriptorLimit(): number {
  const [, soft] = /^Max open files +(\d+)/m.exec(readText('/proc/self/limits') ?? '') ?? []
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
}

function rateLimited<Given extends unknown[]>(say: (...given: Given) => void): (...given: Given) => void {
  let nextAt = 0
  return (...given) => {
    if (now() < nextAt) return
    nextAt = now() + logEvery
    say(...given)
  }
}
