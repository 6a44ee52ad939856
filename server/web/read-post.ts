import { IncomingMessage } from 'node:http'

/** Media types of what an app sends: its CReq, and its Erro. */
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
 * Reads a whole post before Next.js sees it: too large is 413, and a broken form 400, where Next.js would answer 500. The
 * answer is the same request with its body in hand.
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
    // Of an app it is no form: what it is, the route finds out.
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

/** A server action with bound arguments. None of ours has any, and made-up ones reach an action in the form's place. */
function isBoundAction(field: string): boolean {
  return /^\$ACTION_(REF_|\d)/.test(field)
}

/**
 * What scripts of our pages send to call an action: its form as `_1_` fields, with a name before it at most. React's encoding of
 * arguments can say far more, and whatever it says wrongly is an error of ours to Next.js.
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
