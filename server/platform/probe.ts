import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { AddressError, addressProblem, checkedLookup, type OutboundRequest } from './outbound.ts'

/** What prevents us from reaching a host; `reachable`: nothing. */
export type Probed =
  | 'reachable'
  | 'not-resolved'
  | 'private-address'
  | 'forbidden-address'
  | 'connection-refused'
  | 'timeout'
  | 'not-trusted'
  | 'no-connection'

/** Connects to a host as for a result, and sends nothing. Never throws. */
export function probe(
  host: string,
  { allowPrivate = false, tls, timeout }: Pick<OutboundRequest, 'allowPrivate' | 'tls' | 'timeout'>,
): Promise<Probed> {
  const { hostname, port } = new URL(`https://${host}`)
  const problem = isIP(hostname) ? addressProblem(hostname, allowPrivate) : undefined
  if (problem) return Promise.resolve(problem)
  return new Promise(resolve => {
    const socket = connect({
      host: hostname,
      port: Number(port || 443),
      lookup: checkedLookup(allowPrivate),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ...(!isIP(hostname) && { servername: hostname }),
      ...(tls && { cert: tls.cert, key: tls.key }),
      ...(tls?.serverCA && { ca: tls.serverCA }),
    })
    const settle = (probed: Probed) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(probed)
    }
    const timer = setTimeout(() => settle('timeout'), timeout)
    socket.once('secureConnect', () => settle('reachable'))
    socket.on('error', error =>
      settle(problemIn(error, socket.authorizationError !== undefined && socket.authorizationError !== null)),
    )
  })
}

function problemIn(error: NodeJS.ErrnoException, notTrusted: boolean): Probed {
  if (error instanceof AddressError) return error.why
  if (notTrusted || error.code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'not-trusted'
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ENODATA':
      return 'not-resolved'
    case 'ECONNREFUSED':
      return 'connection-refused'
    case 'ETIMEDOUT':
      return 'timeout'
    default:
      return 'no-connection'
  }
}
