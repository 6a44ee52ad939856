import { constants } from 'node:crypto'
import { createServer as createHttp, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createHttps, type Server as HttpsServer } from 'node:https'
import { createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'
import { isIn } from '../platform/address-range.ts'
import { config } from '../platform/config.ts'
import { limitConnections, listenerOptions, withFewHeaders } from '../platform/listener.ts'
import { log } from '../platform/log.ts'
import { type TlsSettings, tlsSettings } from '../platform/tls.ts'
import { type Callers, loadCallers, noteCertificate, type Refused } from './callers.ts'

/** The servers of the `ds` role (one for each address of its host name), and their callers. */
export interface DsServers {
  make(handler: RequestListener): HttpServer | HttpsServer
  callers(): Callers
  /**
   * Applies new certificates, authorities and lists. Open connections stay open, but their certificates are checked
   * again.
   */
  reload(): Promise<void>
}

const protocol: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  // Without session resumption, which presents no certificate: each connection has to present one.
  secureOptions: constants.SSL_OP_NO_TICKET,
}

/** Limits for a handshake, for headers, and for a whole request, milliseconds. */
const times = { handshake: 5000, headers: 5000, request: 10_000 }
const options = listenerOptions(times)

export async function prepareServers(): Promise<DsServers> {
  let callers = await loadCallers()
  let contexts = contextsOf(tlsSettings())
  const encrypted: HttpsServer[] = []

  const makeEncrypted = (common: SecureContextOptions, handler: RequestListener): HttpsServer => {
    const server = createHttps(
      {
        ...options,
        ...common,
        requestCert: true,
        rejectUnauthorized: true,
        handshakeTimeout: times.handshake,
        SNICallback: (name, use) => use(null, contexts.byName.get(name.toLowerCase())),
      },
      handler,
    )
    // Node.js versions with bug 65579 (24.21 is one) empty the chain that the client has sent before
    // `secureConnection`. The last key log line of a handshake is emitted earlier, when the certificate is already
    // there. The line itself is not used.
    server.on('keylog', (_line, socket) => noteCertificate(socket))
    server.on('secureConnection', (socket: TLSSocket) => {
      const caller = callers.of(socket)
      if (caller.kind !== 'refused') return
      log.warn('ds.refused', { why: caller.why })
      socket.destroy()
    })
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      log.warn('ds.refused', { why: refusalIn(error, socket, callers) })
    })
    encrypted.push(server)
    return server
  }

  return {
    make(given) {
      const { dsProxies } = config()
      const handler = withFewHeaders(given)
      const server =
        contexts.common && dsProxies.length === 0
          ? makeEncrypted(contexts.common, handler)
          : createHttp(options, handler)
      if (dsProxies.length > 0) {
        server.on('connection', socket => {
          if (isIn(dsProxies, socket.remoteAddress)) return
          log.warn('ds.refused', { why: 'no-proxy' })
          socket.destroy()
        })
      }
      limitConnections(server, 'ds')
      return server
    },
    callers: () => callers,
    async reload() {
      const next = await loadCallers()
      contexts = contextsOf(tlsSettings())
      callers = next
      for (const server of encrypted) {
        if (contexts.common) server.setSecureContext(contexts.common)
      }
    },
  }
}

interface Contexts {
  readonly common: SecureContextOptions | undefined
  /** For parties that call us by their own host name. */
  readonly byName: ReadonlyMap<string, SecureContext>
}

/**
 * Any party may call the common host name, so certificates of any authority are accepted there; callers.ts then
 * identifies the party.
 */
function contextsOf(settings: TlsSettings | undefined): Contexts {
  if (!settings) return { common: undefined, byName: new Map() }
  const parties = [...settings.parties.values()]
  const { cert, key, clientCA } = settings.common
  const ca = [...new Set([clientCA, ...parties.map(party => party.clientCA)])]
  const byName = new Map<string, SecureContext>()
  for (const { hostName, clientCA: own, ...party } of parties) {
    if (!hostName) continue
    byName.set(hostName, createSecureContext({ ...protocol, cert: party.cert, key: party.key, ca: own }))
  }
  return { common: { ...protocol, cert, key, ca }, byName }
}

/** Why a handshake failed, if the certificate was the reason. */
function refusalIn(error: NodeJS.ErrnoException, socket: TLSSocket, callers: Callers): Refused['why'] | 'handshake' {
  if (error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') return 'no-certificate'
  const { authorizationError } = socket
  if (!authorizationError) return 'handshake'
  // OpenSSL reports several faults with the same code, and some with no code.
  const own = callers.of(socket)
  if (own.kind === 'refused' && own.why !== 'no-certificate') return own.why
  return ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'].includes(String(authorizationError)) ? 'out-of-date' : 'untrusted'
}
