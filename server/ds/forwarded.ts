import { X509Certificate } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { certificatesIn } from './chains.ts'
import type { Presented } from './trust.ts'

/** Longest header that is parsed, in characters: a certificate has two or three thousand. */
const longest = 16_384

/**
 * The client certificate that a proxy forwards: RFC 9440 (`Client-Cert: :BASE64:`, the rest in `Client-Cert-Chain`), or
 * percent-encoded PEM, as in nginx's `$ssl_client_escaped_cert` and others. Undefined if there is no certificate, or
 * more than one: Node.js joins repeated headers with commas, and no certificate contains a comma.
 */
export function forwardedCertificate(headers: IncomingHttpHeaders, header: string): Presented | undefined {
  const [certificate, ...others] = readHeader(headers[header])
  if (!certificate || others.length > 0) return undefined
  return { certificate, more: header === 'client-cert' ? readHeader(headers['client-cert-chain']) : [] }
}

function readHeader(value: string | string[] | undefined): X509Certificate[] {
  if (typeof value !== 'string' || value.length > longest) return []
  try {
    if (value.startsWith('-----BEGIN')) return certificatesIn(decodeURIComponent(value))
    const items = value.split(',').map(item => /^\s*:([A-Za-z0-9+/]+={0,2}):\s*$/.exec(item)?.[1])
    return items.map(item => new X509Certificate(Buffer.from(item ?? '', 'base64')))
  } catch {
    return []
  }
}
