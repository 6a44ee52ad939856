import { constants } from 'node:crypto'
import { createServer as createHttp, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createHttps, type Server as HttpsServer } from 'node:https'
import { createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'
import { isIn } from '../platform/address-range.ts'
import { config } from '../platform/config.ts'
import { limitConnections, listenerOptions, withFewHeaders } from '../platform/listener.ts'
import { log } from '../platform/log.ts'
import { type TlsSettings, tlsSettings } from '../platform/tls.ts'
import { type Callers, knowCallers } from './callers.ts'
import { type Arm, refuseInHandshake } from './handshake.ts'

/** The servers of the `ds` door (one for each address that its host name has), and who may speak to them. */
export interface DsServers {
  make(handler: RequestListener): HttpServer | HttpsServer
  callers(): Callers
  /** Puts new certificates, authorities and lists in force. Connections stay; what they may do is asked anew. */
  reload(): Promise<void>
}

const protocol: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  // A session that is resumed shows no certificate: each connection has to.
  secureOptions: constants.SSL_OP_NO_TICKET,
}

/** The end of a handshake in which we refused a certificate: the reason stands in the log already. */
const certificateRefused = 'ERR_SSL_CERTIFICATE_VERIFY_FAILED'

/** Milliseconds for a handshake, for headers, and for a whole request. */
const times = { handshake: 5000, headers: 5000, request: 10_000 }
const options = listenerOptions(times)

export async function prepareServers(): Promise<DsServers> {
  let callers = await knowCallers()
  const arm = tlsSettings() ? await refuseInHandshake(presented => callers.refusal(presented)) : () => {}
  let contexts = contextsOf(tlsSettings(), arm)
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
    arm(server)
    // Once more, for a program in which the handshake could not be asked to refuse.
    server.on('secureConnection', (socket: TLSSocket) => {
      const caller = callers.of(socket)
      if (caller.kind !== 'refused') return
      log.warn('ds.refused', { why: caller.why })
      socket.destroy()
    })
    server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      if (error.code !== certificateRefused) log.warn('ds.refused', { why: 'handshake' })
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
      const next = await knowCallers()
      contexts = contextsOf(tlsSettings(), arm)
      callers = next
      for (const server of encrypted) {
        if (!contexts.common) continue
        server.setSecureContext(contexts.common)
        arm(server)
      }
    },
  }
}

interface Contexts {
  readonly common: SecureContextOptions | undefined
  /** For those who call us by a name of their own. */
  readonly byName: ReadonlyMap<string, SecureContext>
}

/** At the common name any counterpart may knock, so any authority may have signed; who is who is looked at afterwards. */
function contextsOf(settings: TlsSettings | undefined, arm: Arm): Contexts {
  if (!settings) return { common: undefined, byName: new Map() }
  const parties = [...settings.parties.values()]
  const { cert, key, clientCA } = settings.common
  const ca = [...new Set([clientCA, ...parties.map(party => party.clientCA)])]
  const byName = new Map<string, SecureContext>()
  for (const { hostName, clientCA: own, ...party } of parties) {
    if (!hostName) continue
    const context = createSecureContext({ ...protocol, cert: party.cert, key: party.key, ca: own })
    arm(context)
    byName.set(hostName, context)
  }
  return { common: { ...protocol, cert, key, ca }, byName }
}
