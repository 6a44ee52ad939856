import type { IncomingMessage, ServerResponse } from 'node:http'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'
import { audienceOf, methodPath, pathOf } from './address.ts'
import { isDeviceApi } from './device-api.ts'
import { takesMessage } from './posted-message.ts'
import { bodyLimit, isFromApp, mediaTypeOf } from './read-post.ts'
import { isReceipt } from './receipts.ts'

type Refusal = 400 | 403 | 405 | 413 | 415 | 421 | 500

export function isKnownHost({ headers }: IncomingMessage): boolean {
  return config().hosts.has((headers.host ?? '').toLowerCase())
}

/** The status of a request that no page should see, or undefined: the caller's faults that Next.js answers with 500. */
export function refusalOf(request: IncomingMessage): Refusal | undefined {
  const { method = '', headers } = request
  const path = pathOf(request)
  // A health check may know us by address alone.
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
  // A page without an action does not take a post; Next.js would render it with status 200.
  if (!fromMerchant && !inWindow && audienceOf(path) !== 'account' && !takesMessage(path)) return 405
  if (!fromMerchant && type !== 'multipart/form-data' && type !== 'application/x-www-form-urlencoded') return 415
  if (Number(headers['content-length'] ?? 0) > bodyLimit) return 413
  return undefined
}

/** A sentence in both languages: it is not known yet which one is wanted. */
export function refuse(response: ServerResponse, status: Refusal): void {
  response.statusCode = status
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (status === 405) response.setHeader('allow', 'GET, HEAD')
  if (status === 413) response.setHeader('connection', 'close')
  response.end(`${words('ja')(`door.${status}`)} / ${words('en')(`door.${status}`)}`)
}

/** At the top of a tab it could send people anywhere under our name. Browsers too old to say are let through. */
function isFramed(headers: IncomingMessage['headers']): boolean {
  const destination = headers['sec-fetch-dest']
  return destination === undefined || ['iframe', 'frame', 'empty'].includes(String(destination))
}

/** Percent-encoded rightly, without segments that lead up: what is checked here is the address that Next.js serves. */
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
