import type { IncomingMessage, ServerResponse } from 'node:http'
import { newToken } from '../platform/crypto.ts'

/** Identifies the browser to which unfinished forms and sign-ins belong. */
export const visitCookie = '__Host-safekey-visit'

/**
 * Sets the cookie on the first page of the account. If a form is then posted without it, the browser does not keep
 * cookies, and the page says so instead of failing silently (app/[locale]/account/action.ts).
 */
export function beginVisit(request: IncomingMessage, response: ServerResponse): void {
  const { method, url = '', headers } = request
  const isPage = method === 'GET' && headers.rsc === undefined && /^\/(?:ja|en)\/account(?:\/|$)/.test(url)
  if (!isPage || (headers.cookie ?? '').includes(`${visitCookie}=`)) return
  response.setHeader('set-cookie', `${visitCookie}=${newToken()}; Path=/; HttpOnly; Secure; SameSite=Lax`)
}
