import { isDemo } from './stage.ts'

/** The header in which a page finds its own path; the door strips it from whatever comes in. */
export const pathHeader = 'x-page-path'

/** The header in which the window's own script finds its nonce; the door strips it from whatever comes in. */
export const nonceHeader = 'x-window-nonce'

const nothing = ["default-src 'none'", "base-uri 'none'", "object-src 'none'"]

/**
 * The challenge window: any merchant may frame it, nothing is loaded but our own style and one script with this nonce.
 * The framework's scripts have no nonce and so do not run: forms are plain posts (docs/decisions/0004).
 */
export function windowPolicy(nonce: string): string {
  const own = ["style-src 'self'", "img-src 'self' data:", `script-src 'nonce-${nonce}'`]
  return [...nothing, ...own, "form-action 'self'", 'frame-ancestors *'].join('; ')
}

/** The page that leads back: browsers apply form-action to where the notification URL redirects, so it has none. */
export function returnPolicy(nonce: string): string {
  const own = ["style-src 'self'", "img-src 'self' data:", `script-src 'nonce-${nonce}'`]
  return [...nothing, ...own, 'frame-ancestors *'].join('; ')
}

/** The public site: static, so scripts are named by their hashes. */
export function sitePolicy(scriptHashes: readonly string[]): string {
  const scripts = scriptHashes.map(hash => `'${hash}'`).join(' ')
  const own = [`script-src 'self' ${scripts}`.trim(), "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"]
  return [...nothing, ...own, "font-src 'self'", "form-action 'self'", "frame-ancestors 'none'"].join('; ')
}

/**
 * The account: pages made for one person, with a nonce that the framework finds in the request and gives to its scripts.
 */
export function accountPagePolicy(nonce: string): string {
  const own = [`script-src 'self' 'nonce-${nonce}'`, "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"]
  return [...nothing, ...own, "font-src 'self'", "form-action 'self'", "frame-ancestors 'none'"].join('; ')
}

/** For every answer. HSTS only where the service speaks https. */
export function commonHeaders(): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    ...(isDemo() ? {} : { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  }
}
