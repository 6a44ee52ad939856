import type { IncomingMessage } from 'node:http'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { sha256 } from '../platform/crypto.ts'
import type { FrontResponse } from './response.ts'

const compressible = /^(text\/|application\/(json|manifest\+json|xml|javascript)|image\/svg\+xml)/

/**
 * Prepares a public answer for sending: its entity tag, an encoding that the caller accepts, or 304 if the caller
 * already has it. Caches in front of us use these (`cache-control.ts`); we cache nothing ourselves
 * (docs/decisions/0031).
 */
export function encodeForCaller({ headers }: IncomingMessage, response: FrontResponse, body: Buffer): Buffer {
  // Next.js lists headers that narrow.ts removes.
  response.removeHeader('vary')
  if (response.statusCode !== 200 || response.hasHeader('content-encoding')) return sized(response, body)
  const packs = compressible.test(String(response.getHeader('content-type') ?? ''))
  const encoding = packs ? encodingFor(String(headers['accept-encoding'] ?? '')) : 'identity'
  const tag = sha256(body).toString('base64url').slice(0, 22)
  response.setHeader('etag', `"${tag}${encoding === 'identity' ? '' : `-${encoding}`}"`)
  if (packs) response.setHeader('vary', 'Accept-Encoding')
  // A cache sends all tags that it has; they differ only by encoding.
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

/**
 * Answers are compressed while being sent, and brotli's default quality, meant for stored files, takes thirty times as
 * long.
 */
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
