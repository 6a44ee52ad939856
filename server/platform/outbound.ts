import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { demoMode } from './demo-mode.ts'

export interface OutboundRequest {
  readonly url: string
  /**
   * Hosts (with port unless 443) that may be called, whatever the party that gave us the address says; `*.example.com`
   * is any host below.
   */
  readonly hosts: readonly string[]
  readonly body: string | Uint8Array
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  /** The operator has configured the address, so it may be internal. */
  readonly ours?: boolean
  /** The hosts may have private addresses: 10/8, 172.16/12, 192.168/16, fc00::/7. */
  readonly allowPrivate?: boolean
  /** Milliseconds from the call to the last byte of the answer; with `connectTimeout`, from the last byte sent. */
  readonly timeout: number
  /** Milliseconds for connecting, with the TLS handshake, on a connection that no other call has used. */
  readonly connectTimeout?: number
  /** Our client certificate, and the only authorities that may have signed the server's; PEM. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly serverCA?: string }
}

export type OutboundAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly why: Failure }

/** Our own words, safe to log. After the first two the host has received nothing. */
type Failure = 'not-allowed' | 'no-connection' | 'connection-lost' | 'timeout' | 'too-large'

/** Whether the host gave no answer at all. */
export function gotNoAnswer(answer: OutboundAnswer): boolean {
  return answer.kind === 'failed' && ['no-connection', 'connection-lost', 'timeout'].includes(answer.why)
}

/** Largest answer that is read, bytes. */
const answerLimit = 65_536

/**
 * All outbound calls: POST over https to a host on the list, at a public address unless the operator permits otherwise,
 * without following redirects, limited in size and time. The address is checked when connecting, so that a name cannot
 * point inside afterwards. Never throws.
 */
export function post(call: OutboundRequest): Promise<OutboundAnswer> {
  const url = allowed(call)
  if (!url) return Promise.resolve({ kind: 'failed', why: 'not-allowed' })
  return new Promise(resolve => {
    let settled = false
    const settle = (answer: OutboundAnswer) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      resolve(answer)
      request.destroy()
    }
    let connected = false
    const fail = (why: Failure) => settle({ kind: 'failed', why })
    let timer = setTimeout(
      () => fail(call.connectTimeout === undefined ? 'timeout' : 'no-connection'),
      call.connectTimeout ?? call.timeout,
    )
    const { cert, key, serverCA } = call.tls ?? {}
    const options: RequestOptions = {
      method: 'POST',
      // Overrides NODE_TLS_REJECT_UNAUTHORIZED.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(cert && key && { cert, key }),
      ...(serverCA && { ca: serverCA }),
      ...(!call.ours && { lookup: checkedLookup(call.allowPrivate) }),
      ...(call.connectTimeout !== undefined && { agent: false }),
      headers: {
        ...call.headers,
        'content-type': call.contentType,
        'content-length': Buffer.byteLength(call.body),
        accept: 'application/json',
      },
    }
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const request = send(url, options, response => {
      const parts: Buffer[] = []
      let size = 0
      response.on('data', (part: Buffer) => {
        size += part.length
        if (size > answerLimit) fail('too-large')
        else parts.push(part)
      })
      response.on('end', () =>
        settle({ kind: 'answered', status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
      )
      response.on('error', () => fail('connection-lost'))
    })
    request.on('socket', socket => {
      // A connection that an earlier call has used.
      connected = !socket.connecting
      if (connected) return
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected = true
      })
    })
    // The whole request has been passed to the connection, which is then complete.
    request.once('finish', () => {
      if (settled || call.connectTimeout === undefined) return
      clearTimeout(timer)
      timer = setTimeout(() => fail('timeout'), call.timeout)
    })
    request.on('error', error => fail(connected && !isHandshakeAlert(error) ? 'connection-lost' : 'no-connection'))
    request.end(call.body)
  })
}

/** In TLS 1.3 a server refuses our certificate only after our side of the handshake is complete. */
function isHandshakeAlert(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith('ERR_SSL_') === true
}

/** Whether an address may be called, as far as can be said before its name is looked up. */
export function mayCall(call: Pick<OutboundRequest, 'url' | 'hosts' | 'ours' | 'allowPrivate'>): boolean {
  return allowed(call) !== undefined
}

function allowed({
  url,
  hosts,
  ours,
  allowPrivate,
}: Pick<OutboundRequest, 'url' | 'hosts' | 'ours' | 'allowPrivate'>): URL | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  const scheme = parsed.protocol === 'https:' || (demoMode() && parsed.protocol === 'http:')
  const literal = parsed.hostname.replace(/^\[|\]$/g, '')
  if (!scheme || parsed.username || parsed.password || !isListed(parsed.host, hosts)) return undefined
  return !ours && isIP(literal) && addressProblem(literal, allowPrivate) ? undefined : parsed
}

/** Whether a host (with port unless 443) is on a list; `*.example.com` is any host below. */
function isListed(host: string, hosts: readonly string[]): boolean {
  return hosts.some(listed => (listed.startsWith('*.') ? host.endsWith(listed.slice(1)) : host === listed))
}

/** Why an address must not be called; undefined if it may be. The demo may also call its own machine. */
export function addressProblem(
  address: string,
  allowPrivate = false,
): 'private-address' | 'forbidden-address' | undefined {
  const parsed = ipaddr.process(address)
  // ipaddr.js takes ::127.0.0.1, an old notation for an IPv4 address, for unicast.
  const oldForm = parsed instanceof ipaddr.IPv6 && parsed.parts.slice(0, 6).every(part => part === 0)
  const range = parsed.range()
  if ((range === 'unicast' && !oldForm) || (demoMode() && range === 'loopback')) return undefined
  if (range === 'private' || range === 'uniqueLocal') return allowPrivate ? undefined : 'private-address'
  return 'forbidden-address'
}

/** Thrown for a name whose addresses must not be called. */
export class AddressError extends Error {
  readonly why: 'private-address' | 'forbidden-address'

  constructor(why: AddressError['why']) {
    super(why)
    this.why = why
  }
}

/** Checks the very address that is then used, so that the name cannot point elsewhere in between. */
export function checkedLookup(allowPrivate = false): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const problems = addresses?.map(({ address }) => addressProblem(address, allowPrivate)) ?? []
      const open = addresses?.filter((_, index) => problems[index] === undefined) ?? []
      const [first] = open
      if (error || !first) callback(error ?? new AddressError(problems.find(why => why) ?? 'forbidden-address'), '', 4)
      else if (options.all) callback(null, open)
      else callback(null, first.address, first.family)
    })
  }
}
