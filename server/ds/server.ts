import type { Server } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { erro } from '#domain/emv/erro.ts'
import { idHeaders } from '#domain/emv/headers.ts'
import { answerDirectoryServer } from '../authentication/answer-directory-server.ts'
import { answerAuthorisation } from '../authorisation/answer-authorisation.ts'
import { health } from '../health/health.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { logErro } from '../platform/erro-log.ts'
import type { AuthorisationHost, DirectoryServer } from '../platform/issuer.ts'
import { log } from '../platform/log.ts'
import { startPolicies } from '../risk/policies-in-use.ts'
import type { Caller } from './callers.ts'
import { lookUpNoCard } from './probe.ts'
import { Rate } from './rate.ts'
import { prepareServers } from './servers.ts'

const json = 'application/json; charset=utf-8'

/**
 * The server for directory servers, which answers an AReq with an ARes or Erro, and for the issuer's own authorisation
 * host. Requires mutual TLS everywhere but in the demo.
 */
export async function startDs(): Promise<{ reload(): Promise<void>; stop(): Promise<void> }> {
  const { host, dsPort, areqLimit } = config()
  const servers = await prepareServers()
  const rate = new Rate()
  const callerOf = (request: FastifyRequest): Caller | undefined => {
    if (!config().dsTLS) return undefined
    const caller = servers.callers().of(request.raw.socket, request.headers)
    // The connection is not closed: behind a proxy it is the proxy's, and an open connection may outlive its
    // certificate.
    if (caller.kind === 'refused') log.warn('ds.refused', { why: caller.why })
    return caller
  }
  const app = Fastify({
    bodyLimit: areqLimit,
    exposeHeadRoutes: false,
    // For an invalid address the framework's own answer would repeat it.
    frameworkErrors: (_error, _request, reply) => notFound(reply),
    serverFactory: handler => servers.make(handler) as Server,
  }) as unknown as FastifyInstance

  // Reads bytes, not JSON: the protocol has its own answers to unreadable messages.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^application\/json\b/i, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post('/acs/areq', async (request, reply) => {
    reply.type(json)
    const directoryServer = directoryServerOf(callerOf(request))
    if (!directoryServer) {
      const refusal = erro('303', 'client certificate')
      logErro('sent', 'unknown', refusal)
      return JSON.stringify(refusal)
    }
    const answer = await answerDirectoryServer(request.body as Buffer, directoryServer)
    if (!answer) return reply.code(204).send()
    if (answer === 'more-to-come') return reply.code(200).send('')
    reply.headers(idHeaders(answer))
    return JSON.stringify(answer)
  })
  app.post('/issuer/authentication-value', { bodyLimit: 4096 }, async (request, reply) => {
    reply.type(json)
    const asking = authorisationHostOf(callerOf(request))
    if (!asking) return reply.code(403).send('{"error":"client certificate"}')
    if (!rate.take(asking.id, asking.perSecond, now())) {
      return reply.code(429).header('retry-after', '1').send('{"error":"too many questions"}')
    }
    const { kind, ...answer } = await answerAuthorisation(request.body as Buffer, asking)
    if (kind === 'checked') return JSON.stringify(answer)
    if (kind === 'not-its-range') return reply.code(403).send('{"error":"acctNumber is in none of your ranges"}')
    return reply.code(400).send(JSON.stringify({ error: 'send one JSON object with all five elements', ...answer }))
  })
  for (const kind of ['live', 'ready'] as const) {
    app.get(`/health/${kind}`, async (_request, reply) => {
      const answer = await health(kind, lookUpNoCard)
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
  const policies = await startPolicies()
  await app.listen({ host, port: dsPort })
  return {
    reload: () => servers.reload(),
    async stop() {
      policies.stop()
      await app.close()
    },
  }
}

/** The directory server that is calling. The demo uses no certificates and has only one directory server. */
function directoryServerOf(caller: Caller | undefined): DirectoryServer | undefined {
  if (!caller) return config().issuer.directoryServers[0]
  return caller.kind === 'directory-server' ? caller.directoryServer : undefined
}

function authorisationHostOf(caller: Caller | undefined): AuthorisationHost | undefined {
  if (!caller) return config().issuer.authorisationHosts[0]
  return caller.kind === 'authorisation-host' ? caller.host : undefined
}

function notFound(reply: FastifyReply) {
  return reply.code(404).type(json).send('{"error":"not found"}')
}

const words: Readonly<Record<number, string>> = {
  413: 'message too large',
  415: 'send application/json',
  500: 'out of order',
}
