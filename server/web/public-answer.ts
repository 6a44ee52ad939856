import type { IncomingMessage } from 'node:http'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { sha256 } from '../platform/crypto.ts'
import type { FrontResponse } from './response.ts'

const compressible = /^(text\/|application\/(json|manifest\+json|xml|javascript)|image\/svg\+xml)/

/**
 * A public answer as it leaves: its entity tag, the encoding that the caller takes, or 304 where the caller has it. Caches in
 * front of us keep it by these (`cache-control.ts`); we keep nothing (docs/decisions/0031).
 */
export function forCaller({ headers }: IncomingMessage, response: FrontResponse, body: Buffer): Buffer {
  // Next.js names headers that narrow.ts keeps from it.
  response.removeHeader('vary')
  if (response.statusCode !== 200 || response.hasHeader('content-encoding')) return sized(response, body)
  const packs = compressible.test(String(response.getHeader('content-type') ?? ''))
  const encoding = packs ? encodingFor(String(headers['accept-encoding'] ?? '')) : 'identity'
  const tag = sha256(body).toString('base64url').slice(0, 22)
  response.setHeader('etag', `"${tag}${encoding === 'identity' ? '' : `-${encoding}`}"`)
  if (packs) response.setHeader('vary', 'Accept-Encoding')
  // A cache asks with every tag that it has; they differ by encoding alone.
  if (String(headers['if-none-match'] ?? '').includes(`"${tag}`)) {
    response.statusCode = 304
    response.removeHeader('content-type')
    response.removeHeader('content-length')
    return Buffer.alloc(0)
  }
  if (encoding === 'identity') return sized(response, body)
  response.setHeader('content-encoding', encoding)
  return sized(response, encoding === 'br' ? brotliCompressSync(body, quick) : gzipSync(body))
}

/** Each answer is compressed when it leaves: brotli's default effort, meant for files that are kept, takes thirty times as long. */
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

function sized(response: FrontResponse, body: Buffer): Buffer {
  response.setHeader('content-length', body.length)
  return body
}

function encodingFor(accepted: string): 'identity' | 'gzip' | 'br' {
  const refused = (name: string) => new RegExp(`\\b${name}\\s*;\\s*q=0(\\.0*)?\\s*(,|$)`).test(accepted)
  return (
    (['br', 'gzip'] as const).find(name => new RegExp(`\\b${name}\\b`).test(accepted) && !refused(name)) ?? 'identity'
  )
}
