import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RReqReceived {
  readonly body: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly message: Readonly<Record<string, string>>
}

/** What the directory server does with an RReq. */
export type Reaction = (rreq: RReqReceived, response: ServerResponse) => void

/** A directory server's side of the result: records each RReq, and answers as `react` says. */
export class DirectoryServerDouble {
  readonly rreqs: RReqReceived[] = []
  /** What it was told of its own answers. */
  readonly erros: Readonly<Record<string, string>>[] = []
  react: Reaction = receipt()
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      const received = JSON.parse(body || '{}')
      if (received.messageType === 'Erro') {
        this.erros.push({ ...received })
        response.writeHead(204).end()
        return
      }
      const rreq = { body, path: request.url ?? '', message: received, headers: request.headers }
      this.rreqs.push(rreq)
      this.react(rreq, response)
    })
  })

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `http://${this.host}/rreq`
  }

  /** The RReqs of one transaction, in the order in which they came. */
  rreqsOf(acsTransID: string): Readonly<Record<string, string>>[] {
    return this.rreqs.map(({ message }) => message).filter(message => message.acsTransID === acsTransID)
  }
}

/** The RRes to an RReq, with members set otherwise. */
export function receipt(overrides: object = {}): Reaction {
  return ({ message }, response) => {
    const { messageVersion, threeDSServerTransID, dsTransID, acsTransID } = message
    const ids = { messageVersion, threeDSServerTransID, dsTransID, acsTransID }
    response.setHeader('content-type', 'application/json; charset=utf-8')
    response.end(JSON.stringify({ messageType: 'RRes', ...ids, resultsStatus: '01', ...overrides }))
  }
}

export const drops: Reaction = (_rreq, response) => {
  response.socket?.destroy()
}
