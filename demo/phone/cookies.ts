/** A cookie of the product: the phone visits no other site. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

/**
 * Keeps what a response sets (RFC 6265, section 5.3), in place. Times of expiry in the future are not kept: a phone of
 * the demo does not live that long.
 */
export function keepCookies(jar: Cookie[], setCookies: readonly string[], now: number): void {
  for (const line of setCookies) {
    const [pair = '', ...attributes] = line.split(';').map(part => part.trim())
    const [name, value] = split(pair)
    const found = new Map(attributes.map(attribute => split(attribute)).map(([key, said]) => [key.toLowerCase(), said]))
    const path = found.get('path')?.startsWith('/') ? (found.get('path') ?? '/') : '/'
    const at = jar.findIndex(cookie => cookie.name === name && cookie.path === path)
    if (at !== -1) jar.splice(at, 1)
    if (!hasExpired(found, now)) jar.push({ name, value, path })
  }
}

/** The Cookie header for a path (RFC 6265, section 5.4), the cookies with longer paths first; undefined if none. */
export function cookiesFor(jar: readonly Cookie[], path: string): string | undefined {
  const matching = jar
    .filter(cookie => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')))
    .toSorted((one, other) => other.path.length - one.path.length)
  return matching.length === 0 ? undefined : matching.map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** Max-Age has precedence over Expires. */
function hasExpired(attributes: ReadonlyMap<string, string>, now: number): boolean {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined) return Number(maxAge) <= 0
  return Date.parse(attributes.get('expires') ?? '') <= now
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return at === -1 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
}
