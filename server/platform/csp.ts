import { demoMode } from './demo-mode.ts'

/** The header in which a page finds its own path; the HTTP front strips it from whatever comes in. */
export const pathHeader = 'x-page-path'

/** The header in which a page finds the network address of its reader, for limits. */
export const clientHeader = 'x-client-address'

/** The header in which the window's own script finds its nonce; the HTTP front strips it from whatever comes in. */
export const nonceHeader = 'x-window-nonce'

const nothing = ["default-src 'none'", "base-uri 'none'", "object-src 'none'"]

/**
 * The challenge window: any merchant may frame it, nothing is loaded but our own style and one script with this nonce.
 * It looks for an answer from the account. The framework's scripts are taken out and would have no nonce: forms are plain posts
 * (docs/decisions/0004 and 0031).
 */
export function windowPolicy(nonce: string): string {
  const own = ["style-src 'self'", "img-src 'self' data:", `script-src 'nonce-${nonce}'`, "connect-src 'self'"]
  return [...nothing, ...own, "form-action 'self'", 'frame-ancestors *'].join('; ')
}

/** The page that leads back: browsers apply form-action to where the notification URL redirects, so it has none. */
export function returnPolicy(nonce: string): string {
  const own = ["style-src 'self'", "img-src 'self' data:", `script-src 'nonce-${nonce}'`]
  return [...nothing, ...own, 'frame-ancestors *'].join('; ')
}

/** The 3DS Method's hidden frame: one script, a word to us, and a form that leads to one origin and no other. */
export function methodPolicy(nonce: string, notificationOrigin: string): string {
  const own = [`script-src 'nonce-${nonce}'`, "connect-src 'self'", `form-action ${notificationOrigin}`]
  return [...nothing, ...own, 'frame-ancestors *'].join('; ')
}

export const nothingPolicy = [...nothing, "form-action 'none'", 'frame-ancestors *'].join('; ')

/**
 * The public site: our own files and nothing else, no inline script or style, no request but to ourselves; a form, where
 * there is one, leads to ourselves. It needs no nonce or hash, for the HTTP front takes the framework's scripts out
 * (docs/decisions/0010).
 */
export function publicPolicy(hasForm = false): string {
  const own = [
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
  ]
  return [...nothing, ...own, `form-action '${hasForm ? 'self' : 'none'}'`, "frame-ancestors 'none'"].join('; ')
}

/** The picture of the window that our own pages frame: words and colours, no script, no form that leads anywhere. */
export function picturePolicy(): string {
  return [...nothing, "style-src 'self'", "img-src 'self'", "form-action 'none'", "frame-ancestors 'self'"].join('; ')
}

/**
 * The account: pages made for one person, with a nonce that the framework finds in the request and gives to its scripts.
 */
export function accountPagePolicy(nonce: string): string {
  const own = [`script-src 'self' 'nonce-${nonce}'`, "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"]
  const app = ["font-src 'self'", "manifest-src 'self'", "worker-src 'self'"]
  return [...nothing, ...own, ...app, "form-action 'self'", "frame-ancestors 'none'"].join('; ')
}

/** What no page of ours asks a browser for, and so no page may. */
const withheld = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
]

/** For every answer. HSTS only where the service speaks https. */
export function commonHeaders(): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'permissions-policy': withheld.map(feature => `${feature}=()`).join(', '),
    ...(demoMode() ? {} : { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  }
}
