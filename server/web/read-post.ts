import { IncomingMessage } from 'node:http'

/** Media types that an app sends: for its CReq, and for its Erro. */
const fromApps: readonly string[] = ['application/jose', 'application/json']

export function isFromApp(request: IncomingMessage): boolean {
  return fromApps.includes(mediaTypeOf(request))
}

export function mediaTypeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** Largest body that a browser may post, bytes: a CReq with session data is a tenth of it. */
export const bodyLimit = 65_536

/**
 * Reads a whole POST before Next.js does: returns 413 if it is too large, and 400 for a broken form, where Next.js
 * would answer 500. Otherwise returns the same request with its body buffered.
 */
export async function readPost(request: IncomingMessage): Promise<IncomingMessage | 400 | 413> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length
      if (size > bodyLimit) return 413
      parts.push(part)
    }
    const body = Buffer.concat(parts)
    // An app does not send a form; the route checks its body.
    if (isFromApp(request)) return withBody(request, body)
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    const form = await new Response(new Uint8Array(body), { headers }).formData()
    if ([...form.keys()].some(isBoundAction)) return 400
    if (request.headers['next-action'] !== undefined && !isCall(form)) return 400
    return withBody(request, body)
  } catch {
    return 400
  }
}

/** A server action with bound arguments. We have none, and forged ones would reach an action in place of its form. */
function isBoundAction(field: string): boolean {
  return /^\$ACTION_(REF_|\d)/.test(field)
}

/**
 * Whether a form has the format in which our pages' scripts call an action: the form's fields as `_1_…`, with at most a
 * name before it. React's encoding of arguments allows far more, and Next.js treats every mistake in it as an error of
 * ours.
 */
function isCall(form: FormData): boolean {
  const [said, ...more] = form.getAll('0')
  const known = typeof said === 'string' && /^\[(?:"[a-z-]{1,60}",)?"\$K1"\]$/.test(said)
  return known && more.length === 0 && [...form.keys()].every(name => name === '0' || name.startsWith('_1_'))
}

function withBody(request: IncomingMessage, body: Buffer): IncomingMessage {
  const whole = new IncomingMessage(request.socket)
  const { method, url, headers, rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor } = request
  Object.assign(whole, { method, url, headers, rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor })
  whole.push(body)
  whole.push(null)
  whole.complete = true
  return whole
}
