import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SmsReceived {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly id: string
  readonly to: string
  readonly text: string
}

export const smsSecret = 'the secret of the text message gateway in tests'

/** Both kinds of gateway on one port: the signed HTTP interface below /messages, Twilio's API below /2010-04-01. */
export class SmsGatewayDouble {
  readonly taken: SmsReceived[] = []
  /** Every request, accepted or not. */
  readonly asked: SmsReceived[] = []
  /** The status with which each interface refuses messages. */
  refusal: { http?: number | undefined; twilio?: number | undefined } = {}
  /** How each interface reacts instead of answering normally. */
  react: Partial<Record<'http' | 'twilio', (response: ServerResponse) => void>> = {}
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => this.#take(request.url ?? '', request.headers, Buffer.concat(parts).toString(), response))
  })

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  /** Settings that make the product use it. */
  settings(gateways = 'http'): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo
    return {
      SMS_GATEWAYS: gateways,
      SMS_HTTP_URL: `http://127.0.0.1:${port}/messages`,
      SMS_HTTP_SECRET: smsSecret,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'the token of the account',
      TWILIO_SENDER: '+815000000000',
      TWILIO_URL: `http://127.0.0.1:${port}`,
    }
  }

  /** The code in the latest message. */
  get code(): string {
    const code = /(?<![\w-])\d{6}(?![\w-])/.exec(this.taken.at(-1)?.text ?? '')?.[0]
    if (!code) throw new Error('no code has come')
    return code
  }

  #take(path: string, headers: IncomingHttpHeaders, body: string, response: ServerResponse): void {
    const byTwilio = path.startsWith('/2010-04-01/')
    const fields = byTwilio ? new URLSearchParams(body) : new Map(Object.entries(JSON.parse(body) as object))
    const value = (name: string) => String(fields.get(name) ?? '')
    const received = byTwilio
      ? { path, headers, body, id: '', to: value('To'), text: value('Body') }
      : { path, headers, body, id: value('id'), to: value('to'), text: value('text') }
    this.asked.push(received)
    const react = this.react[byTwilio ? 'twilio' : 'http']
    if (react) {
      react(response)
      return
    }
    const refused = byTwilio
      ? this.refusal.twilio
      : (this.refusal.http ?? (isSignedNow(headers, body) ? undefined : 401))
    response.setHeader('content-type', 'application/json')
    response.statusCode = refused ?? (byTwilio ? 201 : 202)
    if (refused === undefined) this.taken.push(received)
    const answer = refused ? { code: 21211, message: 'refused', status: refused } : { sid: `SM${this.taken.length}` }
    response.end(JSON.stringify(answer))
  }
}

/** Checks a signature by docs/sms-gateway.md, without the product's code. */
function isSignedNow(headers: IncomingHttpHeaders, body: string): boolean {
  const expected = createHmac('sha256', smsSecret).update(`${headers['x-signature-time']}.${body}`).digest('hex')
  return headers['x-signature'] === `v1=${expected}`
}
