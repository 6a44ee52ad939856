import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLoopbackName } from '#domain/emv/check.ts'
import { config } from '../platform/config.ts'
import { demoMode } from '../platform/demo-mode.ts'
import { words } from '../platform/words.ts'
import { audienceOf, methodPath, pathOf } from './address.ts'
import { isDeviceApi } from './device-api.ts'
import { acceptsPostedMessage } from './posted-message.ts'
import { bodyLimit, isFromApp, mediaTypeOf } from './read-post.ts'
import { isReceipt } from './receipts.ts'

type Refusal = 400 | 403 | 405 | 413 | 415 | 421 | 500

export function isKnownHost({ headers }: IncomingMessage): boolean {
  return config().hosts.has((headers.host ?? '').toLowerCase())
}

/**
 * The status for a request that must not reach a page, or undefined. These are the caller's faults that Next.js would
 * answer with 500.
 */
export function refusalOf(request: IncomingMessage): Refusal | undefined {
  const { method = '', headers } = request
  const path = pathOf(request)
  // A health check may know only our address, not our host name.
  const known = /^\/health\/(live|ready)$/.test(path) || isKnownHost(request)
  if (!known) return 421
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('\\') || !isPlain(path)) return 400
  if (!['GET', 'HEAD', 'POST'].includes(method)) return 405
  // Gateways and devices are authenticated by their signatures, not by their origin.
  if (method !== 'POST' || isReceipt(path) || isDeviceApi(path)) return undefined

  const fromMerchant = path === '/acs/challenge' || path === methodPath
  if (path === methodPath && !isFramed(headers)) return 403
  const inWindow = path.startsWith('/acs/challenge/')
  const fromDemo = acceptsPostedMessage(path) && isOfDemo(headers)
  if (!fromMerchant && !fromDemo && !isOwnOrigin(headers, inWindow)) return 403
  const type = mediaTypeOf(request)
  if (fromMerchant && type !== 'application/x-www-form-urlencoded' && !isFromApp(request)) return 415
  // A page without an action does not accept a POST, but Next.js would render it with status 200.
  if (!fromMerchant && !inWindow && audienceOf(path) !== 'account' && !acceptsPostedMessage(path)) return 405
  if (!fromMerchant && type !== 'multipart/form-data' && type !== 'application/x-www-form-urlencoded') return 415
  if (Number(headers['content-length'] ?? 0) > bodyLimit) return 413
  return undefined
}

/** Answers with a sentence in both languages, because the caller's language is not known yet. */
export function refuse(response: ServerResponse, status: Refusal): void {
  response.statusCode = status
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (status === 405) response.setHeader('allow', 'GET, HEAD')
  if (status === 413) response.setHeader('connection', 'close')
  response.end(`${words('ja')(`httpErrors.${status}`)} / ${words('en')(`httpErrors.${status}`)}`)
}

/** In the demo, the shop's page of an order posts its messages to the checker. */
function isOfDemo({ origin = '' }: IncomingMessage['headers']): boolean {
  return demoMode() && URL.canParse(origin) && isLoopbackName(new URL(origin).hostname)
}

/**
 * Outside a frame, the 3DS Method could redirect people anywhere under our name. Browsers too old to send the header
 * are let through.
 */
function isFramed(headers: IncomingMessage['headers']): boolean {
  const destination = headers['sec-fetch-dest']
  return destination === undefined || ['iframe', 'frame', 'empty'].includes(String(destination))
}

/**
 * Whether the path is correctly percent-encoded and has no segments that lead up, so that the address checked here is
 * the one that Next.js serves.
 */
function isPlain(path: string): boolean {
  try {
    return decodeURIComponent(path)
      .split(/[/\\]/)
      .every(segment => segment !== '.' && segment !== '..' && !segment.includes('\0'))
  } catch {
    return false
  }
}

/**
 * Whether a POST comes from the origin that it goes to. Posts of the window have no origin if its frame is sandboxed.
 */
function isOwnOrigin({ origin, host = '' }: IncomingMessage['headers'], inWindow: boolean): boolean {
  if (origin === undefined || origin === 'null') return inWindow
  const { hosts, publicOrigin } = config()
  const { protocol } = new URL(publicOrigin)
  const own = inWindow ? [...hosts] : [host.toLowerCase()]
  return own.some(name => origin === `${protocol}//${name}`)
}
