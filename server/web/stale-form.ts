import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * A form of a page that another build made names an action that this one does not have: Next.js answers 409. The page as it
 * is now has a form that works, so its reader is led there (303, without a body) instead of to a dead end. What a script of
 * the framework posts (`next-action`) is not a form.
 */
export function leadBackFromStaleForm(request: IncomingMessage, response: ServerResponse): boolean {
  const isForm = request.method === 'POST' && request.headers['next-action'] === undefined
  if (!isForm || response.statusCode !== 409) return false
  response.statusCode = 303
  response.setHeader('location', request.url ?? '/')
  response.removeHeader('content-type')
  response.setHeader('content-length', 0)
  return true
}
