import type { Variable } from './variable.ts'

// Connections to other machines are encrypted, unless the operator permits otherwise.

const kinds = ['database', 'smtp'] as const

export type Connection = (typeof kinds)[number]

export const plaintextVariable: Variable<readonly Connection[]> = {
  name: 'ALLOW_PLAINTEXT',
  must: 'name the connections to other machines that may go without TLS (database, smtp), comma-separated',
  example: 'database',
  fallback: '',
  read: value => {
    const named = value.split(',').flatMap(name => name.trim() || [])
    const known = named.flatMap(name => kinds.find(kind => kind === name) ?? [])
    return known.length === named.length ? known : undefined
  },
}

/**
 * Whether a PostgreSQL address is on this machine, or requires TLS from our driver: with `verify-full` and `verify-ca`
 * it checks certificate and name, with `require` it encrypts without checking, and with anything else it may connect
 * without TLS.
 */
export function isSafeDatabase(address: string): boolean {
  const [whole = ''] = address.split('#', 1)
  const [path = '', query = ''] = whole.split('?', 2)
  const [authority = ''] = path.slice(path.indexOf('://') + 3).split('/', 1)
  // A folder in place of a host is that of a Unix socket.
  const places = authority.slice(authority.lastIndexOf('@') + 1)
  if (/%2f/i.test(places) || places.split(',').every(isThisMachine)) return true
  // The driver uses the last value of a repeated parameter.
  const given = new URLSearchParams(query)
  const mode = given.getAll('sslmode').at(-1) || given.getAll('ssl').at(-1)
  return mode !== undefined && ['require', 'verify-ca', 'verify-full'].includes(mode)
}

/** The same for a mail server: TLS from the beginning, or mandatory STARTTLS. */
export function isSafeSmtp(address: string): boolean {
  const { protocol, host, searchParams } = new URL(address)
  if (isThisMachine(host)) return true
  const loosened = ['ignoreTLS', 'opportunisticTLS', 'tls.rejectUnauthorized'].some(name => searchParams.has(name))
  return !loosened && (protocol === 'smtps:' || searchParams.get('requireTLS') === 'true')
}

/** Whether a host, with or without a port, is this machine. */
function isThisMachine(place: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(place)
}
