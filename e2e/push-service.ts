import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { decrypt, newSubscriptionKeys } from '../demo/phone/encryption.ts'

/** A push service on this machine with one subscription, whose messages it decrypts as a browser does. */
export class PushService {
  readonly received: string[] = []
  readonly #port: number
  readonly #keys = newSubscriptionKeys()
  readonly #server = createServer((request, response) => this.#take(request, response))

  constructor(port: number) {
    this.#port = port
  }

  async start(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** As PushSubscription.toJSON() gives it. */
  get subscription() {
    const { publicKey: p256dh, auth } = this.#keys
    return { endpoint: `http://127.0.0.1:${this.#port}/push`, keys: { p256dh, auth } }
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    this.received.push(decrypt(Buffer.concat(parts), this.#keys).toString('utf8'))
    response.writeHead(201).end()
  }
}
