import { demoMode } from './demo-mode.ts'

/** The header from which a page reads its own path; the HTTP front removes it from incoming requests. */
export const pathHeader = 'x-page-path'

/** The header from which a page reads the network address of its reader, for rate limits. */
export const clientHeader = 'x-client-address'

/** The header from which the route of the CReq reads how the browser opens the window. */
export const openedAsHeader = 'x-window-opened-as'

/**
 * The header from which the window's own script gets its nonce, which its styles have too; the HTTP front removes it from
 * incoming requests.
 */
export const nonceHeader = 'x-window-nonce'

const nothing = ["default-src 'none'", "base-uri 'none'", "object-src 'none'"]

/**
 * The policy for the challenge window: any merchant may frame it, and it has only our own style and one script with this
 * nonce, which checks for an answer from the account. The framework's scripts are removed and would have no nonce:
 * forms are plain posts (docs/decisions/0004 and 0031). There is no frame-ancestors, here and below: even `*` refuses a
 * frame within a sandboxed page, whose origin is opaque.
 */
export function windowPolicy(nonce: string): string {
  const own = [
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
  ]
  return [...nothing, ...own, "form-action 'self'"].join('; ')
}

/**
 * The policy for the page that leads back to the merchant. It has no form-action, because browsers apply that also to
 * redirects of the notification URL.
 */
export function returnPolicy(nonce: string): string {
  const own = [`style-src 'self' 'nonce-${nonce}'`, "img-src 'self' data:", `script-src 'nonce-${nonce}'`]
  return [...nothing, ...own].join('; ')
}

/**
 * The policy for the 3DS Method's hidden frame: one script, which may call us, and a form that may post to one origin
 * only.
 */
export function methodPolicy(nonce: string, notificationOrigin: string): string {
  const own = [`script-src 'nonce-${nonce}'`, "connect-src 'self'", `form-action ${notificationOrigin}`]
  return [...nothing, ...own].join('; ')
}

export const nothingPolicy = [...nothing, "form-action 'none'"].join('; ')

/**
 * The policy for the public site: only our own files, no inline script or style, no requests to others; a form, if
 * there is one, may post only to us. It needs no nonce or hash, because the HTTP front removes the framework's scripts
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

/** The policy for the picture of the window that our own pages frame: text and colours, no script, no working form. */
export function picturePolicy(): string {
  return [...nothing, "style-src 'self'", "img-src 'self'", "form-action 'none'", "frame-ancestors 'self'"].join('; ')
}

/**
 * The policy for the account: pages for one cardholder, with a nonce that the framework reads from the request and adds
 * to its scripts.
 */
export function accountPagePolicy(nonce: string): string {
  const own = [`script-src 'self' 'nonce-${nonce}'`, "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"]
  const app = ["font-src 'self'", "manifest-src 'self'", "worker-src 'self'"]
  return [...nothing, ...own, ...app, "form-action 'self'", "frame-ancestors 'none'"].join('; ')
}

/** Browser features that no page of ours uses, so that none may. */
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

/**
 * What the window's documents may do themselves and no document in them: use a passkey and confirm a payment, where the
 * merchant's page permits its frame to. Passkeys are created in the account alone.
 */
export const windowPermissions = permissions({
  ...Object.fromEntries(withheld.map(feature => [feature, ''])),
  payment: 'self',
  'publickey-credentials-get': 'self',
  'publickey-credentials-create': '',
})

function permissions(allowed: Readonly<Record<string, '' | 'self'>>): string {
  return Object.entries(allowed)
    .map(([feature, to]) => `${feature}=(${to})`)
    .join(', ')
}

/** Headers for every answer. HSTS only if the service uses https. */
export function commonHeaders(): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'permissions-policy': permissions(Object.fromEntries(withheld.map(feature => [feature, '']))),
    ...(demoMode() ? {} : { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  }
}
