/** A cookie of the product: the phone visits no other site. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  /** Milliseconds since the epoch; absent if it is kept until the browser is closed, which the phone's never is. */
  readonly expiresAt?: number
}

/** Keeps what a response sets (RFC 6265, section 5.3), in place. */
export function keepCookies(jar: Cookie[], setCookies: readonly string[], now: number): void {
  for (const line of setCookies) {
    const [pair = '', ...attributes] = line.split(';').map(part => part.trim())
    const [name, value] = split(pair)
    const found = new Map(attributes.map(attribute => split(attribute)).map(([key, said]) => [key.toLowerCase(), said]))
    const path = found.get('path')?.startsWith('/') ? (found.get('path') ?? '/') : '/'
    const at = jar.findIndex(cookie => cookie.name === name && cookie.path === path)
    if (at !== -1) jar.splice(at, 1)
    const expiresAt = expiryOf(found, now)
    if (expiresAt === undefined) jar.push({ name, value, path })
    else if (expiresAt > now) jar.push({ name, value, path, expiresAt })
  }
}

/** The Cookie header for a path (RFC 6265, section 5.4), the cookies with longer paths first; undefined if none. */
export function cookiesFor(jar: readonly Cookie[], path: string, now: number): string | undefined {
  const matching = jar
    .filter(({ expiresAt = Number.POSITIVE_INFINITY }) => now < expiresAt)
    .filter(cookie => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')))
    .toSorted((one, other) => other.path.length - one.path.length)
  return matching.length === 0 ? undefined : matching.map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** Max-Age has precedence over Expires. */
function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined) return now + Number(maxAge) * 1000
  const expires = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(expires) ? undefined : expires
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return at === -1 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
}
