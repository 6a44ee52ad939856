import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Redirects a stale form to its page. A form of another build's page refers to an action that this build does not have,
 * and Next.js answers 409. The current page has a form that works, so its reader is redirected there (303, without a
 * body). A call by a script of the framework (`next-action`) is not a form.
 */
export function redirectStaleForm(request: IncomingMessage, response: ServerResponse): boolean {
  const isForm = request.method === 'POST' && request.headers['next-action'] === undefined
  if (!isForm || response.statusCode !== 409) return false
  response.statusCode = 303
  response.setHeader('location', request.url ?? '/')
  response.removeHeader('content-type')
  response.setHeader('content-length', 0)
  return true
}
