import type { Server as HttpServer, IncomingMessage, ServerOptions, ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { now } from './clock.ts'
import { config } from './config.ts'
import { log } from './log.ts'
import { readText } from './variable.ts'

// What callers may hold of a server that listens: connections, headers, time. Both roles listen through this.

/** Milliseconds. */
export interface ListenerTimes {
  /** From the connection, or the first byte of a later request, to the last header. */
  readonly headers: number
  /** The same to the last byte of the body. */
  readonly request: number
}

/** Milliseconds without a byte in either direction, such as a caller that does not read its answer. */
const stalledFor = 60_000

/** Milliseconds for which an idle connection stays: longer than proxies keep theirs, so that they close first. */
const keptFor = 72_000

/** Most headers of a request. Node.js by itself drops those above a limit in silence, the one of a proxy among them. */
const mostHeaders = 100

/** File descriptors for everything that is not a caller's connection: database, mail, files, libraries. */
const descriptorsKept = 256

/** Milliseconds between two log lines of one kind: a flood of connections is not a flood of lines. */
const logEvery = 60_000

/** For `createServer`, of `http` and of `https`. */
export function listenerOptions({ headers, request }: ListenerTimes): ServerOptions {
  return {
    headersTimeout: headers,
    requestTimeout: request,
    keepAliveTimeout: keptFor,
    maxHeaderSize: 16_384,
    // How late the first two may be.
    connectionsCheckingInterval: 1000,
  }
}

/** Refuses a request with too many headers before `handler` sees it. */
export function withFewHeaders<Response extends ServerResponse>(
  handler: (request: IncomingMessage, response: Response) => void,
): (request: IncomingMessage, response: Response) => void {
  return (request, response) => {
    if (request.rawHeaders.length <= 2 * mostHeaders) return handler(request, response)
    response.writeHead(431, { connection: 'close', 'cache-control': 'no-store' }).end()
  }
}

/**
 * Limits the connections of a server. At the limit new ones are closed at once, those that are open go on, and the log says so.
 * Idle ones of `web` make room: a browser or a proxy opens another. Those of `ds` have shown a certificate, and stay.
 */
export function limitConnections(server: HttpServer | HttpsServer, role: 'web' | 'ds'): void {
  const wanted = config().maxConnections
  const possible = descriptorLimit() - descriptorsKept
  server.maxConnections = Math.max(10, Math.min(wanted, possible))
  if (possible < wanted) log.warn('connections.few-descriptors', { role, count: server.maxConnections })
  server.timeout = stalledFor
  // None are dropped: they are counted, and their size is limited.
  server.maxHeadersCount = 0
  const full = seldom(() => log.warn('connections.full', { role, count: server.maxConnections }))
  server.on('drop', () => {
    full()
    if (role === 'web') server.closeIdleConnections()
  })
  const failed = seldom((error: Error) => log.error('connections.failed', { role, error }))
  // Before it listens, an error is the start's to tell.
  server.once('listening', () => server.on('error', failed))
}

/** How many file descriptors this process may have; no limit where the system does not say. */
function descriptorLimit(): number {
  const [, soft] = /^Max open files +(\d+)/m.exec(readText('/proc/self/limits') ?? '') ?? []
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
}

function seldom<Given extends unknown[]>(say: (...given: Given) => void): (...given: Given) => void {
  let nextAt = 0
  return (...given) => {
    if (now() < nextAt) return
    nextAt = now() + logEvery
    say(...given)
  }
}
