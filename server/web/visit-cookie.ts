import type { IncomingMessage, ServerResponse } from 'node:http'
import { newToken } from '../platform/crypto.ts'

/** What was typed into forms, and a sign-in under way, belong to the browser that has this cookie. */
export const visitCookie = '__Host-safekey-visit'

/**
 * Begins a visit with the first page of the account. A form that is posted without the cookie then comes from a browser that
 * keeps none, which its reader is told instead of waiting for ever (app/[locale]/account/action.ts).
 */
export function beginVisit(request: IncomingMessage, response: ServerResponse): void {
  const { method, url = '', headers } = request
  const isPage = method === 'GET' && headers.rsc === undefined && /^\/(?:ja|en)\/account(?:\/|$)/.test(url)
  if (!isPage || (headers.cookie ?? '').includes(`${visitCookie}=`)) return
  response.setHeader('set-cookie', `${visitCookie}=${newToken()}; Path=/; HttpOnly; Secure; SameSite=Lax`)
}
