import { randomBytes } from 'node:crypto'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Html, html } from '#server/platform/html.ts'
import { listenOnIPv6Loopback } from './loopback.ts'

/** A caller's error, described in a sentence; `field` names the part of the input that is wrong. */
export class Refused extends Error {
  readonly statusCode: number
  readonly field: string | undefined
  constructor(statusCode: number, message: string, field?: string) {
    super(message)
    this.statusCode = statusCode
    this.field = field
  }
}

/** A plain form's fields; the first value of a repeated field. */
type FormFields = Readonly<Record<string, string>>

/**
 * The HTTP server for one part of the demo, on loopback: refuses foreign hosts and never answers a caller's error with
 * 500.
 */
export function makeServer(bodyLimit: number): FastifyInstance {
  const app = fastify({ bodyLimit, forceCloseConnections: true, frameworkErrors: answerError })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    })
    // Against DNS rebinding: otherwise a foreign name that resolves to this address could let its site read the pages.
    if (!isLoopbackHost(request.headers.host))
      throw new Refused(421, 'This server answers to localhost, *.localhost and 127.0.0.1 only.')
  })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, formFields(String(body)))
  })
  app.setNotFoundHandler((request, reply) => {
    answerError(new Refused(404, 'There is nothing at this address.'), request, reply)
  })
  app.setErrorHandler(answerError)
  return app
}

export async function listenOnLoopback(app: FastifyInstance, port: number): Promise<{ close(): Promise<void> }> {
  await app.listen({ host: '127.0.0.1', port })
  const second = await listenOnIPv6Loopback(app.server, port).catch(async error => {
    await app.close()
    throw error
  })
  return {
    close: async () => {
      await Promise.all([app.close(), second.close()])
    },
  }
}

function isLoopbackHost(host: string | undefined): boolean {
  const name = (host ?? '').toLowerCase().replace(/:\d+$/, '')
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]' || /^[a-z0-9.-]+\.localhost$/.test(name)
}

export function isForm(request: FastifyRequest): boolean {
  return (request.headers['content-type'] ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded')
}

/** The body as a JSON object or a form's fields; anything else is refused. */
export function bodyOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const { body } = request
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Refused(400, 'The body must be a JSON object or a form.')
  return body as Record<string, unknown>
}

export function queryOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  return (request.query ?? {}) as Record<string, unknown>
}

/**
 * Sends a page under a strict policy; `sources` overrides directives. The page gets the nonce for its own style and
 * script.
 */
export function sendPage(
  reply: FastifyReply,
  page: (nonce: string) => Html,
  sources: Readonly<Record<string, string>> = {},
): FastifyReply {
  const nonce = randomBytes(16).toString('base64')
  const policy: Record<string, string> = {
    'default-src': "'none'",
    'style-src': `'nonce-${nonce}'`,
    'script-src': `'nonce-${nonce}'`,
    'img-src': "'self' data:",
    'connect-src': "'self'",
    'form-action': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
    ...sources,
  }
  return reply
    .header(
      'content-security-policy',
      Object.entries(policy)
        .map(([directive, value]) => `${directive} ${value}`)
        .join('; '),
    )
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>\n${page(nonce)}`)
}

function formFields(body: string): FormFields {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(body)) fields[name] ??= value
  return fields
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const asked = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const status = asked >= 400 && asked < 500 ? asked : 500
  if (status === 500) console.error(error)
  const sentence =
    status === 500 || !(error instanceof Error) ? 'The demo itself failed; see its output.' : error.message
  reply.status(status)
  if (/^\/(api|ds|push)\//.test(request.url)) {
    const field = error instanceof Refused && error.field ? { field: error.field } : {}
    reply.send({ error: sentence, ...field })
    return
  }
  sendPage(reply, () => errorPage(status, sentence))
}

const titles: Readonly<Record<number, string>> = {
  404: 'ページが見つかりません / Not found',
  413: '送られた内容が大きすぎます / Too large',
  421: 'この名前では表示できません / Wrong host',
  500: 'デモの内部で問題が起きました / The demo failed',
}

function errorPage(status: number, sentence: string): Html {
  const title = titles[status] ?? '受け付けられない内容です / Not accepted'
  return html`<html lang="ja">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${title}</h1><p lang="en">${sentence}</p><p><a href="/">はじめに戻る / Back to the start</a></p></main></body>
</html>`
}
