import type { IncomingMessage } from 'node:http'
import { newToken } from '../platform/crypto.ts'

/** Public pages that accept a form. It changes and stores nothing, so the page is rendered as for a GET. */
export function acceptsPostedMessage(path: string): boolean {
  return /^\/(?:ja|en)\/merchants\/check$/.test(path)
}

/**
 * The header in which such a page finds the key of the posted message; the HTTP front removes it from incoming
 * requests.
 */
export const messageHeader = 'x-posted-message'

const place = Symbol.for('safekey.posted-messages')

/** Next.js loads its own copy of this module, so both share this map. */
function waiting(): Map<string, string> {
  const shared = globalThis as { [place]?: Map<string, string> }
  shared[place] ??= new Map()
  return shared[place]
}

/** Turns a POST into a GET of its page, and keeps the form's `message` available until `forget` is called. */
export async function postAsGet(request: IncomingMessage): Promise<{ request: IncomingMessage; forget(): void }> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const form = await new Response(new Uint8Array(Buffer.concat(parts)), { headers }).formData()
  const message = form.get('message')
  const token = newToken()
  waiting().set(token, typeof message === 'string' ? message : '')
  request.method = 'GET'
  for (const name of ['content-type', 'content-length', 'transfer-encoding']) delete request.headers[name]
  request.headers[messageHeader] = token
  return { request, forget: () => waiting().delete(token) }
}

/** The message that was posted to the page being rendered, if there is one. */
export function postedMessage(token: string | null): string | undefined {
  return token === null ? undefined : waiting().get(token)
}
