import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { sha256 } from '../platform/crypto.ts'

/** An answer that is the same for everybody: kept as bytes, so that Next.js renders and hashes it once per process. */
interface KeptAnswer {
  readonly etag: string
  readonly headers: ReadonlyMap<string, number | string | readonly string[]>
  readonly bodies: Readonly<Record<Encoding, Buffer>>
}

type Encoding = 'identity' | 'gzip' | 'br'

/** More than the public site has, with every language and version; beyond it the oldest goes. */
const mostAnswers = 500
const largestBody = 1_048_576
const compressible = /^(text\/|application\/(json|manifest\+json|xml|javascript)|image\/svg\+xml)/

export class KeptAnswers {
  readonly #answers = new Map<string, KeptAnswer>()

  /**
   * Keeps what is about to leave, if its headers let anybody keep it, and answers the body that leaves now. Addresses that
   * could be spelt otherwise are not kept: there is no end to their spellings.
   */
  keep(request: IncomingMessage, response: ServerResponse, body: Buffer): Buffer {
    const { method, url = '' } = request
    const open = /\b(s-maxage|immutable)\b/.test(String(response.getHeader('cache-control') ?? ''))
    if (method !== 'GET' || response.statusCode !== 200 || !open || !/^\/[\w/.-]*$/.test(url)) return body
    if (body.length > largestBody || response.hasHeader('set-cookie') || response.hasHeader('content-encoding'))
      return body
    const headers = new Map<string, number | string | readonly string[]>()
    for (const [name, value] of Object.entries(response.getHeaders()))
      if (value !== undefined && !perAnswer.has(name)) headers.set(name, value)
    const packed = compressible.test(String(response.getHeader('content-type') ?? ''))
    const [oldest] = this.#answers.keys()
    if (this.#answers.size >= mostAnswers && oldest !== undefined) this.#answers.delete(oldest)
    const kept: KeptAnswer = {
      etag: sha256(body).toString('base64url').slice(0, 22),
      headers,
      bodies: {
        identity: body,
        gzip: packed ? gzipSync(body, { level: 9 }) : body,
        br: packed ? brotliCompressSync(body) : body,
      },
    }
    this.#answers.set(url, kept)
    return dress(kept, request, response)
  }

  /** Answers from what is kept; false when nothing is. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '' } = request
    const kept = this.#answers.get(url)
    if (!kept || (method !== 'GET' && method !== 'HEAD')) return false
    for (const [name, value] of kept.headers) response.setHeader(name, value)
    const body = dress(kept, request, response)
    response.end(method === 'HEAD' ? undefined : body)
    return true
  }
}

/** Sets what depends on who asks: the encoding, and whether the asker has it already. */
function dress(kept: KeptAnswer, { headers }: IncomingMessage, response: ServerResponse): Buffer {
  const encoding = encodingFor(String(headers['accept-encoding'] ?? ''))
  const body = kept.bodies[encoding]
  const packed = body !== kept.bodies.identity
  response.setHeader('etag', `"${kept.etag}${packed ? `-${encoding}` : ''}"`)
  response.setHeader('vary', 'Accept-Encoding')
  // A cache asks with every tag that it has; they differ by encoding alone.
  if (String(headers['if-none-match'] ?? '').includes(`"${kept.etag}`)) {
    response.statusCode = 304
    response.removeHeader('content-type')
    response.removeHeader('content-length')
    return nothing
  }
  if (packed) response.setHeader('content-encoding', encoding)
  response.setHeader('content-length', body.length)
  return body
}

const nothing = Buffer.alloc(0)

/** Set anew at each answer, or by Node.js itself. */
const perAnswer = new Set(['content-length', 'date', 'connection', 'keep-alive', 'etag', 'vary', 'transfer-encoding'])

function encodingFor(accepted: string): Encoding {
  const refused = (name: string) => new RegExp(`\\b${name}\\s*;\\s*q=0(\\.0*)?\\s*(,|$)`).test(accepted)
  return (
    (['br', 'gzip'] as const).find(name => new RegExp(`\\b${name}\\b`).test(accepted) && !refused(name)) ?? 'identity'
  )
}
