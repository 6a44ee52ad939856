import type { IncomingMessage } from 'node:http'
import { newToken } from '../platform/crypto.ts'

/** The public pages that take a form. Nothing is changed or kept by it, so the page is drawn as if it had been asked for. */
export function takesMessage(path: string): boolean {
  return /^\/(?:ja|en)\/merchants\/check$/.test(path)
}

/** The header in which such a page finds what to ask for; the HTTP front strips it from whatever comes in. */
export const messageHeader = 'x-posted-message'

const place = Symbol.for('safekey.posted-messages')

/** Next.js loads this module apart from the HTTP front's. */
function waiting(): Map<string, string> {
  const shared = globalThis as { [place]?: Map<string, string> }
  shared[place] ??= new Map()
  return shared[place]
}

/** Turns a post into the asking for its page, with the form's `message` at hand until `forget` is called. */
export async function asQuestion(request: IncomingMessage): Promise<{ request: IncomingMessage; forget(): void }> {
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

/** What was posted to the page that is being drawn, if anything was. */
export function postedMessage(token: string | null): string | undefined {
  return token === null ? undefined : waiting().get(token)
}
