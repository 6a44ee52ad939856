import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Changes a complete answer: may set its status and headers, and returns the body to send. */
export type Finish = (body: Buffer) => Buffer

/**
 * A response of the HTTP front, created by Node.js itself (`createServer({ ServerResponse })`). It is the only place
 * where we intercept what Next.js writes: an answer can be held until it is complete and then changed, and a header can
 * be fixed.
 */
export class FrontResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  readonly #fixed = new Set<string>()
  readonly #parts: Buffer[] = []
  #finish: Finish | undefined

  /** Sets a header whose value Next.js cannot change: it sets some headers of its own while answering. */
  fixHeader(name: string, value: string): void {
    this.setHeader(name, value)
    this.#fixed.add(name.toLowerCase())
  }

  /** Holds the answer until it is complete. Then the result of `finish` is sent. */
  hold(finish: Finish): void {
    this.#finish = finish
  }

  override setHeader(name: string, value: number | string | readonly string[]): this {
    return this.#fixed.has(name.toLowerCase()) ? this : super.setHeader(name, value)
  }

  override writeHead(
    status: number,
    ...rest: readonly (string | OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined)[]
  ): this {
    if (!this.#finish) return super.writeHead(status, ...(rest as []))
    this.statusCode = status
    for (const headers of rest) {
      if (Array.isArray(headers)) throw new TypeError('A list of headers cannot be held.')
      if (typeof headers !== 'object') continue
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.setHeader(name, value)
    }
    return this
  }

  override flushHeaders(): void {
    if (!this.#finish) super.flushHeaders()
  }

  override write(part: unknown, ...rest: unknown[]): boolean {
    if (!this.#finish) return super.write(part, ...(rest as []))
    this.#parts.push(toBuffer(part))
    callbackOf(rest)?.()
    return true
  }

  override end(...given: unknown[]): this {
    const finish = this.#finish
    if (!finish) return super.end(...(given as []))
    // From here on Node.js sends the answer itself, calling the methods above.
    this.#finish = undefined
    const [part] = given
    if (part !== undefined && part !== null && typeof part !== 'function') this.#parts.push(toBuffer(part))
    return super.end(finish(Buffer.concat(this.#parts)), callbackOf(given))
  }
}

function toBuffer(part: unknown): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(part as Uint8Array)
}

function callbackOf(given: readonly unknown[]): (() => void) | undefined {
  return given.find(value => typeof value === 'function') as (() => void) | undefined
}
