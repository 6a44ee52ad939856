import { Agent, request } from 'node:https'
import type { Certificate } from './certificates.ts'

export interface DsCall {
  readonly certificate?: Certificate | undefined
  /** The chain that the client sends after its certificate, PEM. */
  readonly chain?: string
  readonly method?: string
  readonly path?: string
  readonly type?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  /** The server name in the client's hello (SNI). */
  readonly servername?: string
  /** Keeps its connection between calls. */
  readonly agent?: Agent
}

export interface DsAnswer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
  /** Common name of the server's certificate. */
  readonly shown: unknown
  readonly localPort: number | undefined
}

/** Calls the `ds` role once over TLS, as a directory server does. */
export function callDs(port: number, ca: string, call: DsCall = {}): Promise<DsAnswer> {
  const { certificate, chain = '', method = 'POST', path = '/acs/areq', body, agent = false, servername } = call
  const { type = 'application/json; charset=utf-8', maxVersion = 'TLSv1.3' } = call
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, method, path, ca, agent, maxVersion },
        ...(servername && { servername, checkServerIdentity: () => undefined }),
        headers: { ...(type && body !== undefined && { 'content-type': type }), ...call.headers },
        ...(certificate && { cert: certificate.cert + chain, key: certificate.key }),
      },
      response => {
        const socket = sent.socket as import('node:tls').TLSSocket
        const shown: unknown = socket.getPeerCertificate().subject?.CN
        const { localPort } = socket
        let text = ''
        response.setEncoding('utf8').on('data', part => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, shown, localPort })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

export function keptConnection(ca: string, certificate: Certificate): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1, ca, cert: certificate.cert, key: certificate.key })
}
