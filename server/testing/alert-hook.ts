import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export const alertSecret = 'the secret of the issuer’s web-hook in tests'
export const alertKeyId = 'alerts-1'

/** The issuer's web-hook for alerts, by docs/alerts.md and without the product's code. Its port stays while it is down. */
export class AlertHookDouble {
  readonly taken: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = []
  /** The status with which it answers instead. */
  refusal: number | undefined
  #server: Server | undefined
  #port = 0

  async up(): Promise<void> {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', part => parts.push(part))
      request.on('end', () => {
        const [headers, body] = [request.headers, Buffer.concat(parts).toString()]
        const isRight =
          headers['x-signature-key'] === alertKeyId &&
          headers['x-signature'] === signature(String(headers['x-signature-time']), body)
        response.statusCode = this.refusal ?? (isRight ? 202 : 401)
        if (response.statusCode === 202) this.taken.push({ headers, body })
        response.end()
      })
    }).listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async down(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise(resolve => this.#server?.close(resolve))
  }

  /** The member `alerts` of the issuer's file. */
  get settings() {
    return { url: `http://127.0.0.1:${this.#port}/alerts`, keyId: alertKeyId, emailTo: 'alerts@issuer.example' }
  }

  get alerts(): {
    readonly id: string
    readonly rule: string
    readonly nonce: string
    readonly [name: string]: unknown
  }[] {
    return this.taken.map(({ body }) => JSON.parse(body))
  }
}

/** Signs a call-back as an alert is signed. */
export function signature(time: string, body: string, secret: string = alertSecret): string {
  return `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}
