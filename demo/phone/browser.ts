import { type IncomingHttpHeaders, request } from 'node:http'
import { type Cookie, cookiesFor, keepCookies } from './cookies.ts'

/** Where the product is. */
export interface Product {
  /** Its origin for browsers, such as http://localhost:3000. */
  readonly origin: string
  /** The port on this machine. Node.js does not resolve names such as acs.localhost. */
  readonly port: number
}

export interface Fetch {
  readonly method?: 'GET' | 'POST'
  /** With the query, and without the origin. */
  readonly path: string
  readonly language: string
  readonly contentType?: string | undefined
  readonly body?: Buffer
}

export interface Fetched {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The phone's browser as the product sees it: an origin, cookies, a name, and the language of the phone. */
export class Browser {
  readonly #product: Product
  readonly #cookies: Cookie[]

  constructor(product: Product, cookies: Cookie[]) {
    this.#product = product
    this.#cookies = cookies
  }

  fetch({ method = 'GET', path, language, contentType, body }: Fetch): Promise<Fetched> {
    const { origin, port } = this.#product
    const headers = {
      host: new URL(origin).host,
      'user-agent': 'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36',
      'accept-language': language,
      cookie: cookiesFor(this.#cookies, path.split('?', 1)[0] ?? path, Date.now()),
      ...(method === 'POST' && { origin, 'content-type': contentType, 'content-length': body?.length ?? 0 }),
    }
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
    return new Promise((resolve, reject) => {
      const call = request({ host: 'localhost', port, method, path, headers: given, agent: false }, response => {
        const parts: Buffer[] = []
        keepCookies(this.#cookies, response.headers['set-cookie'] ?? [], Date.now())
        response.on('data', part => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(parts) })
        })
      })
      call.on('error', reject)
      call.end(body)
    })
  }

  /** The markup of a page. */
  async page(path: string, language: string): Promise<string> {
    return (await this.fetch({ path, language })).body.toString('utf8')
  }

  /** What a page's script does: posts a form and reads JSON. */
  async post(path: string, fields: Readonly<Record<string, string>>, language: string): Promise<unknown> {
    const { body } = await this.fetch({
      method: 'POST',
      path,
      language,
      contentType: 'application/x-www-form-urlencoded',
      body: Buffer.from(new URLSearchParams(fields).toString()),
    })
    return JSON.parse(body.toString('utf8'))
  }
}
