import type { IncomingMessage } from 'node:http'

/**
 * Who an address is for. `window`: the challenge window, framed by merchants. `picture`: its picture on our own pages.
 * `account`: what one person sees, signed in, and what its forms and scripts speak to. `public`: the same for everybody.
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

/** Where merchants' pages open the 3DS Method, and its own script adds to it. */
export const methodPath = '/acs/method'

/** Where the issuer's identity provider sends people back to: the one address whose query is read. */
export const identityCallback = '/api/auth/callback/issuer'
