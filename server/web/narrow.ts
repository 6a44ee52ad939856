import type { IncomingMessage } from 'node:http'
import { nonceHeader } from '../platform/csp.ts'

/** Longest Accept-Language that is looked at: choosing among thousands of made-up languages takes seconds. */
const longestLanguages = 200

/** What a browser has no business telling: who sits in front of us, and what Next.js says to itself. */
const neverFromOutside =
  /^(x-forwarded-|x-middleware-|x-nextjs-|x-invoke-|x-matched-|forwarded$|content-security-policy)/
/** What only a page with framework scripts sends; the window has none. */
const neverInWindow = /^(next-|rsc$)/

/**
 * Takes from a request what no page needs and some code behind might act on. The address of a public page loses its query:
 * the page is rendered once for everybody, and keeps what the first visitor's address says.
 */
export function narrow(request: IncomingMessage): void {
  const { headers } = request
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  const inWindow = path.startsWith('/acs/')
  for (const name of Object.keys(headers)) {
    if (neverFromOutside.test(name) || name === nonceHeader || (inWindow && neverInWindow.test(name)))
      delete headers[name]
  }
  const languages = headers['accept-language']
  if (languages) headers['accept-language'] = languages.slice(0, longestLanguages)
  // Client-side navigation asks with a query of the framework's own.
  if (inWindow || !headers.rsc) request.url = path
}
