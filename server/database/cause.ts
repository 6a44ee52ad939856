/** Describes in a few words what is wrong with the database, if an operator can do something about it. */
export function causeOf(error: unknown): string {
  const code = codeOf(error)
  const found = causes.find(([codes]) => codes.test(code))
  return found ? `${found[1]} (${code})` : `it cannot be prepared${code && ` (${code})`}`
}

/** By codes of Node.js, OpenSSL, postgres.js and PostgreSQL (SQLSTATE). */
const causes: readonly (readonly [codes: RegExp, cause: string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'no host has this name'],
  [/^(ECONNREFUSED|ENOENT)$/, 'the host is there, but no PostgreSQL listens at this port'],
  [/^(CONNECT_TIMEOUT|CONNECTION_SILENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/, 'the host does not answer'],
  [
    /^(28P01|28000|SASL_.*)$/,
    'the user or the password is refused, or this user may not come from here or without TLS',
  ],
  [/^3D000$/, 'there is no database of this name'],
  [
    /CERT|^ERR_TLS_|^ERR_SSL_|SELF_SIGNED|^UNABLE_TO_|^EPROTO$/,
    'TLS fails: the server has no certificate that is trusted here',
  ],
  [
    /^(ECONNRESET|CONNECTION_(LOST|CLOSED|DESTROYED))$/,
    'the server hangs up; it may not speak TLS, or nothing but TLS',
  ],
  [/^08P01$/, 'something in front of it refuses our start parameters: docs/operations.md, PgBouncer'],
  [/^(53300|53400)$/, 'the server has no connection left'],
  [/^57P0/, 'the server is starting or stopping'],
  [/^25006$/, 'the server takes no writes'],
  [/^(42501|42P01|3F000)$/, 'the user may not change it'],
]

/** drizzle wraps the driver's error in its own. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return 'code' in error ? String(error.code) : codeOf(error.cause)
}
