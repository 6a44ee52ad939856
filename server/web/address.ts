import type { IncomingMessage } from 'node:http'

/**
 * The kind of page at an address. `window`: the challenge window, framed by merchants. `picture`: its picture on our
 * own pages. `account`: pages of a signed-in cardholder, and what their forms and scripts call. `public`: the same for
 * all visitors.
 */
export type Audience = 'window' | 'picture' | 'account' | 'public'

export function audienceOf(path: string): Audience {
  if (path.startsWith('/acs/')) return 'window'
  if (/^\/(?:ja|en)\/picture(?:\/|$)/.test(path)) return 'picture'
  return /^\/(?:(?:ja|en)\/account|api)(?:\/|$)/.test(path) ? 'account' : 'public'
}

export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

/** Merchants' pages open the 3DS Method here, and its own script posts here. */
export const methodPath = '/acs/method'

/** The issuer's identity provider redirects here: the only address whose query is read. */
export const identityCallback = '/api/auth/callback/issuer'
