import type { IncomingMessage, ServerResponse } from 'node:http'
import { holdBack } from './hold-back.ts'

/**
 * A form of a page that another build made names an action that this one does not have: Next.js answers 409. The page as it
 * is now has a form that works, so its reader is led there (303) instead of to a dead end. What a script of the framework
 * posts (`next-action`) is not a form.
 */
export function leadBackFromStaleForm(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'POST' || request.headers['next-action'] !== undefined) return
  holdBack(response, body => {
    if (response.statusCode !== 409) return body
    response.statusCode = 303
    response.setHeader('location', request.url ?? '/')
    response.removeHeader('content-type')
    response.setHeader('content-length', 0)
    return Buffer.alloc(0)
  })
}
