import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createEncrypted, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'

export interface RReqReceived {
  readonly body: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly message: Readonly<Record<string, string>>
  /** Common name of the client certificate. */
  readonly from?: unknown
}

/** How the directory server reacts to an RReq. */
export type Reaction = (rreq: RReqReceived, response: ServerResponse) => void

/** A directory server that receives results: records each RReq, and answers with `react`. */
export class DirectoryServerDouble {
  readonly rreqs: RReqReceived[] = []
  /** The Erros that it has received about its answers, and the headers of the last one. */
  readonly erros: Readonly<Record<string, string>>[] = []
  erroHeaders: IncomingHttpHeaders = {}
  react: Reaction = receipt()
  readonly #server: ReturnType<typeof createServer>
  readonly #scheme: 'http' | 'https'
  #port = 0
  /** How many connections came, and how many of the next ones are closed before their TLS handshake. */
  connections = 0
  refuses = 0

  /** With a certificate it uses TLS, and requires ours. */
  constructor(tls?: Pick<ServerOptions, 'cert' | 'key' | 'ca'>) {
    this.#scheme = tls ? 'https' : 'http'
    const take: RequestListener = (request, response) => {
      const parts: Buffer[] = []
      request.on('data', part => parts.push(part))
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8')
        const { socket } = request
        const from: unknown = socket instanceof TLSSocket ? socket.getPeerCertificate().subject?.CN : undefined
        const message = JSON.parse(body || '{}')
        if (message.messageType === 'Erro') {
          this.erros.push(message)
          this.erroHeaders = request.headers
          response.writeHead(204).end()
          return
        }
        const rreq = { body, path: request.url ?? '', headers: request.headers, message, from }
        this.rreqs.push(rreq)
        this.react(rreq, response)
      })
    }
    this.#server = tls
      ? createEncrypted({ ...tls, requestCert: true, rejectUnauthorized: true }, take)
      : createServer(take)
    this.#server.on('connection', socket => {
      this.connections += 1
      if (this.refuses === 0) return
      this.refuses -= 1
      socket.destroy()
    })
  }

  /** Starts to listen: after a stop, at the same address as before. */
  async start(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`
  }

  get url(): string {
    return `${this.#scheme}://${this.host}/rreq`
  }

  /** The RReqs of one transaction, in the order in which they came. */
  rreqsOf(acsTransID: string): Readonly<Record<string, string>>[] {
    return this.rreqs.map(({ message }) => message).filter(message => message.acsTransID === acsTransID)
  }
}

/** Answers an RReq with an RRes, with members overridden. */
export function receipt(overrides: object = {}): Reaction {
  return ({ message }, response) => {
    const { messageVersion, threeDSServerTransID, dsTransID, acsTransID, sdkTransID } = message
    const ids = { messageVersion, threeDSServerTransID, dsTransID, acsTransID, ...(sdkTransID && { sdkTransID }) }
    response.setHeader('content-type', 'application/json; charset=utf-8')
    response.end(JSON.stringify({ messageType: 'RRes', ...ids, resultsStatus: '01', ...overrides }))
  }
}

/** Takes the RReq and hangs up without an answer. */
export const drops: Reaction = (_rreq, response) => {
  response.socket?.destroy()
}
