import type { ServerResponse } from 'node:http'
import { sha256 } from '../platform/crypto.ts'

/**
 * Holds a page back until it is whole, and tells `name` the hashes of its inline scripts before the headers leave. So a
 * static page, which cannot carry a nonce, has a content security policy that names each script it really has.
 */
export function nameInlineScripts(response: ServerResponse, name: (hashes: readonly string[]) => void): void {
  const parts: Buffer[] = []
  const end = response.end.bind(response)
  const writeHead = response.writeHead.bind(response)
  const isPage = () => String(response.getHeader('content-type') ?? '').startsWith('text/html')
  let held: Parameters<typeof response.writeHead> | undefined

  response.writeHead = ((...head: Parameters<typeof response.writeHead>) => {
    held = head
    response.statusCode = head[0]
    return response
  }) as typeof response.writeHead
  response.flushHeaders = () => {}
  response.write = ((part: unknown, ...rest: unknown[]) => {
    parts.push(toBuffer(part))
    callback(rest)?.()
    return true
  }) as typeof response.write
  response.end = ((...given: unknown[]) => {
    const [part] = given
    if (part !== undefined && part !== null && typeof part !== 'function') parts.push(toBuffer(part))
    const body = Buffer.concat(parts)
    if (isPage()) name(hashesIn(body.toString('utf8')))
    response.writeHead = writeHead
    if (held) writeHead(...held)
    return end(body, () => callback(given)?.())
  }) as typeof response.end
}

const known = new Map<string, readonly string[]>()

/** Hashes of the scripts that stand in a page, remembered by the page: static ones come again and again. */
function hashesIn(html: string): readonly string[] {
  const page = sha256(html).toString('base64')
  const remembered = known.get(page)
  if (remembered) return remembered
  const scripts = html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)
  const hashes = [...new Set([...scripts].map(([, text = '']) => `sha256-${sha256(text).toString('base64')}`))]
  if (known.size >= 500) known.clear()
  known.set(page, hashes)
  return hashes
}

function toBuffer(part: unknown): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(part as Uint8Array)
}

function callback(given: readonly unknown[]): (() => void) | undefined {
  const last = given.findLast(value => typeof value === 'function')
  return last as (() => void) | undefined
}
