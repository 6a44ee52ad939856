import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { html } from '#server/platform/html.ts'
import { bodyOf, Refused, sendPage } from '../http-server.ts'
import { decode, encode } from './base64url.ts'

/** How many visits are kept. */
const kept = 1000

/** What the shop's page posts, in a hidden frame, before the payment. */
export interface MethodCall {
  threeDSServerTransID: string
  threeDSMethodURL: string
  threeDSMethodData: string
}

/** The 3DS Server's part of the 3DS Method: makes the transaction's id, and records when the ACS leads back. */
export class Method {
  readonly #origin: string
  readonly #methodURL: string
  /** Ids that were given out, and whether the ACS has finished with them. */
  readonly #visits = new Map<string, boolean>()

  constructor(options: { origin: string; methodURL: string }) {
    this.#origin = options.origin
    this.#methodURL = options.methodURL
  }

  begin(): MethodCall {
    const threeDSServerTransID = randomUUID()
    this.#visits.set(threeDSServerTransID, false)
    for (const oldest of this.#visits.keys()) {
      if (this.#visits.size <= kept) break
      this.#visits.delete(oldest)
    }
    // With a query, as some 3DS Servers use one: the ACS has to keep it.
    const threeDSMethodNotificationURL = `${this.#origin}/3ds-server/method?from=shop`
    return {
      threeDSServerTransID,
      threeDSMethodURL: this.#methodURL,
      threeDSMethodData: encode({ threeDSServerTransID, threeDSMethodNotificationURL }),
    }
  }

  /** The id for the AReq, once; a new one if the id is missing, made up or already used. */
  end(threeDSServerTransID: unknown): { threeDSServerTransID: string; compInd: 'Y' | 'N' } {
    const id = String(threeDSServerTransID ?? '')
    const done = this.#visits.get(id)
    this.#visits.delete(id)
    return done === undefined
      ? { threeDSServerTransID: randomUUID(), compInd: 'N' }
      : { threeDSServerTransID: id, compInd: done ? 'Y' : 'N' }
  }

  open(app: FastifyInstance): void {
    app.post('/api/method', () => this.begin())
    app.post('/3ds-server/method', (request, reply) => {
      const message = decode(String(bodyOf(request).threeDSMethodData ?? ''))
      const id = String(message?.threeDSServerTransID ?? '')
      if (!this.#visits.has(id)) throw new Refused(400, 'The 3DS Method was not begun for this transaction.')
      this.#visits.set(id, true)
      return sendPage(
        reply,
        nonce => html`<html lang="en"><head><meta charset="utf-8"><title>3DS Method</title></head>
<body><script nonce="${nonce}">parent.postMessage('method-done', location.origin)</script></body></html>`,
        { 'frame-ancestors': `'self' ${this.#origin}` },
      )
    })
  }
}
