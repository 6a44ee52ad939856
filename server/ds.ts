import type { TLSSocket } from 'node:tls'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Erro, erro } from '#domain/emv/erro.ts'
import type { ARes, ORes } from '#domain/emv/messages.ts'
import { answerDirectoryServer } from './acs/answer-directory-server.ts'
import { health } from './health.ts'
import { config } from './platform/config.ts'
import type { DirectoryServer } from './platform/issuer.ts'
import { log } from './platform/log.ts'

const json = 'application/json; charset=utf-8'

/** The directory servers' door: AReq in, ARes or Erro out. Mutual TLS everywhere but in the demo. */
export async function startDs(): Promise<{ stop(): Promise<void> }> {
  const { host, dsPort, dsTLS, areqLimit } = config()
  const app = Fastify({
    bodyLimit: areqLimit,
    requestTimeout: 10_000,
    exposeHeadRoutes: false,
    // An address that is none: the framework's own answer repeats it.
    frameworkErrors: (_error, _request, reply) => notFound(reply),
    ...(dsTLS && {
      https: {
        cert: dsTLS.cert,
        key: dsTLS.key,
        ca: dsTLS.clientCA,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2' as const,
      },
    }),
  }) as unknown as FastifyInstance

  // Bytes, not JSON: the protocol has its own answers to what cannot be read.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^application\/json\b/i, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post('/acs/areq', async (request, reply) => {
    reply.type(json)
    const directoryServer = caller(request)
    if (!directoryServer) return JSON.stringify(erro('303', 'client certificate'))
    const answer = await answerDirectoryServer(request.body as Buffer, directoryServer)
    if (!answer) return reply.code(204).send()
    reply.headers(requestIds(request.headers['x-request-id'], answer))
    return JSON.stringify(answer)
  })
  for (const kind of ['live', 'ready'] as const) {
    app.get(`/health/${kind}`, async (_request, reply) => {
      const answer = await health(kind)
      return reply.code(answer.status).type(json).send(JSON.stringify(answer.body))
    })
  }

  app.setNotFoundHandler((_request, reply) => notFound(reply))
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
    if (status === 500) log.error('ds.failed', { error })
    return reply
      .code(status)
      .type(json)
      .send(JSON.stringify({ error: words[status] ?? 'bad request' }))
  })
  await app.listen({ host, port: dsPort })
  return { stop: () => app.close() }
}

/** EMV 3DS 2.3.1, chapter 6: the request's id comes back, and the answer has one of its own. */
function requestIds(asked: string | string[] | undefined, answer: ARes | ORes | Erro): Record<string, string> {
  if (answer.messageVersion !== '2.3.1') return {}
  const requestId = typeof asked === 'string' && /^[\w-]{1,64}$/.test(asked) ? asked : answer.dsTransID
  return {
    ...(requestId && { 'x-request-id': requestId }),
    ...(answer.acsTransID && { 'x-response-id': answer.acsTransID }),
  }
}

function notFound(reply: FastifyReply) {
  return reply.code(404).type(json).send('{"error":"not found"}')
}

const words: Readonly<Record<number, string>> = {
  413: 'message too large',
  415: 'send application/json',
  500: 'out of order',
}

/** Which directory server is calling: by its certificate's common name; the demo, which has none, knows one. */
function caller(request: FastifyRequest): DirectoryServer | undefined {
  const { dsTLS, issuer } = config()
  if (!dsTLS) return issuer.directoryServers[0]
  const name = (request.raw.socket as TLSSocket).getPeerCertificate().subject?.CN
  return issuer.directoryServers.find(({ clientName }) => clientName === name)
}
