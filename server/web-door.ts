import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import next from 'next'
import { config } from './platform/config.ts'
import { newToken } from './platform/crypto.ts'
import {
  accountPagePolicy,
  commonHeaders,
  nonceHeader,
  pathHeader,
  picturePolicy,
  publicPolicy,
  returnPolicy,
  windowPolicy,
} from './platform/csp.ts'
import { limitConnections, listenerOptions, withFewHeaders } from './platform/listener.ts'
import { log } from './platform/log.ts'
import { audienceOf } from './web/address.ts'
import { cacheControl } from './web/cache-control.ts'
import { answerDeviceApi, isDeviceApi } from './web/device-api.ts'
import { failurePage } from './web/failure-page.ts'
import { withoutFrameworkScripts } from './web/framework-scripts.ts'
import { holdBack } from './web/hold-back.ts'
import { KeptAnswers } from './web/kept-answers.ts'
import { narrow } from './web/narrow.ts'
import { asQuestion, takesMessage } from './web/posted-message.ts'
import { bodyLimit, isFromApp, mediaTypeOf, readPost } from './web/read-post.ts'
import { answerReceipt, isReceipt } from './web/receipts.ts'
import { windowFailurePage } from './web/window-failure-page.ts'
import { words } from './words.ts'

/** Public pages and files, as they left the first time. */
const kept = new KeptAnswers()

/**
 * Next.js behind a small guard: what is the caller's fault is refused here, where Next.js would answer 500; and every
 * answer gets its headers here.
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
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      for (const [name, value] of Object.entries(commonHeaders())) response.setHeader(name, value)
      const refused = refuse(request)
      if (refused) {
        log.warn('web.refused', { status: refused })
        return answerPlainly(response, refused)
      }
      const path = request.url?.split('?', 1)[0] ?? ''
      if (isReceipt(path)) return await answerReceipt(path, request, response)
      if (isDeviceApi(path)) return await answerDeviceApi(request, response)
      const whole = request.method === 'POST' ? await readPost(request) : request
      if (typeof whole === 'number') return answerPlainly(response, whole)
      narrow(whole, dev)
      if (!dev && kept.answer(whole, response)) return
      protect(whole, response, dev)
      if (whole.method !== 'POST' || !takesMessage(pathOf(whole))) return await handle(whole, response)
      const question = await asQuestion(whole)
      await handle(question.request, response).finally(question.forget)
    } catch (error) {
      log.error('web.failed', { error })
      if (!response.headersSent) answerPlainly(response, 500)
    }
  }
  const server = createServer(listenerOptions({ headers: 10_000, request: 30_000 }), withFewHeaders(listener))
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

function isKnownHost({ headers }: IncomingMessage): boolean {
  return config().hosts.has((headers.host ?? '').toLowerCase())
}

/** The status of a request that no page should see, or undefined. */
function refuse(request: IncomingMessage): Refusal | undefined {
  const { method = '', url = '', headers } = request
  const path = url.split('?', 1)[0] ?? ''
  // Whoever asks after our health may know us by address alone.
  const known = /^\/health\/(live|ready)$/.test(path) || isKnownHost(request)
  if (!known) return 421
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('\\') || !isPlain(path)) return 400
  if (!['GET', 'HEAD', 'POST'].includes(method)) return 405
  // Gateways and devices are told apart from strangers by their signatures, not by where they come from.
  if (method !== 'POST' || isReceipt(path) || isDeviceApi(path)) return undefined

  const fromMerchant = path === '/acs/challenge' || path === methodPath
  if (path === methodPath && !isFramed(headers)) return 403
  const inWindow = path.startsWith('/acs/challenge/')
  if (!fromMerchant && !isOwnOrigin(headers, inWindow)) return 403
  const type = mediaTypeOf(request)
  if (fromMerchant && type !== 'application/x-www-form-urlencoded' && !isFromApp(request)) return 415
  // A page without an action is no place to post to; Next.js would render it with status 200.
  if (!fromMerchant && !inWindow && audienceOf(path) !== 'account' && !takesMessage(path)) return 405
  if (!fromMerchant && type !== 'multipart/form-data' && type !== 'application/x-www-form-urlencoded') return 415
  if (Number(headers['content-length'] ?? 0) > bodyLimit) return 413
  return undefined
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

/** Where merchants' pages open the 3DS Method, and its own script adds to it. */
const methodPath = '/acs/method'

/** A page of its own would be a way to send people anywhere under our name. Browsers too old to say are let through. */
function isFramed(headers: IncomingMessage['headers']): boolean {
  const destination = headers['sec-fetch-dest']
  return destination === undefined || ['iframe', 'frame', 'empty'].includes(String(destination))
}

/** Percent-encoded rightly, and no way up: what is checked here is the address that Next.js serves. */
function isPlain(path: string): boolean {
  try {
    return decodeURIComponent(path)
      .split(/[/\\]/)
      .every(segment => segment !== '.' && segment !== '..' && !segment.includes('\0'))
  } catch {
    return false
  }
}

/** Posts come from the very origin that they go to; from a sandboxed frame the window's have none. */
function isOwnOrigin({ origin, host = '' }: IncomingMessage['headers'], inWindow: boolean): boolean {
  if (origin === undefined || origin === 'null') return inWindow
  const { hosts, publicOrigin } = config()
  const { protocol } = new URL(publicOrigin)
  const own = inWindow ? [...hosts] : [host.toLowerCase()]
  return own.some(name => origin === `${protocol}//${name}`)
}

/** Content security policy, framing and caching by address. */
function protect(request: IncomingMessage, response: ServerResponse, dev: boolean): void {
  const path = request.url?.split('?', 1)[0] ?? ''
  const audience = audienceOf(path)
  if (audience === 'window') {
    const nonce = newToken()
    request.headers[nonceHeader] = nonce
    const leadsBack = path === '/acs/challenge' || path.endsWith('/return')
    // The 3DS Method names the one origin that its form leads to, and so itself.
    if (path !== methodPath)
      response.setHeader('content-security-policy', leadsBack ? returnPolicy(nonce) : windowPolicy(nonce))
    // no-referrer would make the window's own posts come from nowhere.
    response.setHeader('referrer-policy', 'same-origin')
    response.setHeader('cache-control', 'no-store')
    keep(response, 'cache-control')
    if (!dev) tellFailure(response, () => windowFailurePage(nonce))
    return
  }
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  // Public files are for everybody: the window's own, too, whose frame may be sandboxed and so has no origin.
  response.setHeader('cross-origin-resource-policy', audience === 'account' ? 'same-origin' : 'cross-origin')
  if (audience === 'account') {
    const nonce = newToken()
    // Next.js looks for the nonce of its scripts in the request.
    const contentPolicy = accountPagePolicy(nonce)
    if (!dev) {
      request.headers['content-security-policy'] = contentPolicy
      response.setHeader('content-security-policy', contentPolicy)
    }
    request.headers[pathHeader] = path
    response.setHeader('referrer-policy', 'same-origin')
    response.setHeader('cache-control', 'no-store')
    keep(response, 'cache-control')
    if (!dev) tellFailure(response, () => accountFailure(response))
    return
  }
  response.setHeader('referrer-policy', 'strict-origin-when-cross-origin')
  if (dev) return
  response.setHeader(
    'content-security-policy',
    audience === 'picture' ? picturePolicy() : publicPolicy(takesMessage(path)),
  )
  holdBack(response, body => {
    response.setHeader('cache-control', cacheControl(path, response))
    for (const name of frameworkHeaders) response.removeHeader(name)
    const isPage = String(response.getHeader('content-type') ?? '').startsWith('text/html')
    if (!isPage || request.method === 'HEAD') return kept.keep(request, response, body)
    const html = withoutFrameworkScripts(body.toString('utf8'))
    // Where a page gives up while it is made, Next.js leaves the words to scripts.
    const told = response.statusCode < 400 || html.includes('<h1')
    const plain = Buffer.from(told ? html : failurePage(response.statusCode))
    response.setHeader('content-length', plain.length)
    return kept.keep(request, response, plain)
  })
}

/** Mostly the database does not answer: a moment's matter, for a page and for a form that is posted. */
function accountFailure(response: ServerResponse): string {
  if (response.statusCode >= 500) response.statusCode = 503
  return failurePage(response.statusCode)
}

/** Where a page cannot be made, or a form's action is none, Next.js leaves the words to scripts or says them in English. */
function tellFailure(response: ServerResponse, page: () => string): void {
  holdBack(response, body => {
    const type = String(response.getHeader('content-type') ?? '')
    const told = (type && !type.startsWith('text/')) || /<h1[ >]/.test(body.toString('utf8'))
    if (response.statusCode < 400 || told) return body
    const html = Buffer.from(page())
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (response.hasHeader('content-length')) response.setHeader('content-length', html.length)
    return html
  })
}

/** What Next.js says about its own caches. */
const frameworkHeaders = ['x-nextjs-cache', 'x-nextjs-prerender', 'x-nextjs-stale-time']

/** Next.js sets headers of its own while it answers; this one stays as it is. */
function keep(response: ServerResponse, name: string): void {
  const set = response.setHeader.bind(response)
  response.setHeader = (header, value) => (header.toLowerCase() === name ? response : set(header, value))
}

type Refusal = 400 | 403 | 405 | 413 | 415 | 421 | 500

/** A word in both languages: no page knows yet which one is wanted. */
function answerPlainly(response: ServerResponse, status: Refusal): void {
  response.statusCode = status
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (status === 405) response.setHeader('allow', 'GET, HEAD')
  if (status === 413) response.setHeader('connection', 'close')
  response.end(`${words('ja')(`door.${status}`)} / ${words('en')(`door.${status}`)}`)
}

/** Next.js prints errors with their messages, and a database driver puts values into those. */
function quietenConsole(): void {
  console.warn = () => {}
  console.error = (...parts: unknown[]) => {
    const error = parts.find(part => part instanceof Error)
    // Whoever likes can name an action that does not exist; no alert for that.
    const madeUp = error?.message.startsWith('Failed to find Server Action') === true
    if (madeUp) log.warn('web.unknown-action')
    else log.error('web.error', { error })
  }
}
