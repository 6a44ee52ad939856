import type { IncomingMessage } from 'node:http'
import { networkOf } from '../platform/address-range.ts'
import { config } from '../platform/config.ts'
import { clientHeader, nonceHeader, pathHeader } from '../platform/csp.ts'
import { audienceOf, identityCallback } from './address.ts'
import { messageHeader } from './posted-message.ts'

/** Longest Accept-Language that is looked at: choosing among thousands of made-up languages takes seconds. */
const longestLanguages = 200

/** What a browser has no business telling: who sits in front of us, and what Next.js says to itself. */
const neverFromOutside =
  /^(x-forwarded-|x-middleware-|x-nextjs-|x-invoke-|x-matched-|forwarded$|content-security-policy)/
/** What only a page with framework scripts sends; the window and the public site have none. */
const neverWithoutScripts = /^(next-|rsc$)/

/**
 * Takes from a request what no page needs and some code behind might act on. The address loses its query: no page has one,
 * and a public page, rendered once for everybody, would keep what the first visitor's address says. (In development the
 * framework's own tools ask with queries.)
 */
export function narrow(request: IncomingMessage, dev: boolean): void {
  const { headers } = request
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  const audience = audienceOf(path)
  const client = clientNetwork(request)
  const withoutScripts = audience === 'window' || (!dev && audience !== 'account')
  for (const name of Object.keys(headers)) {
    if (
      neverFromOutside.test(name) ||
      name === nonceHeader ||
      name === pathHeader ||
      name === messageHeader ||
      (withoutScripts && neverWithoutScripts.test(name))
    )
      delete headers[name]
  }
  const languages = headers['accept-language']
  if (languages) headers['accept-language'] = languages.slice(0, longestLanguages)
  headers[clientHeader] = client
  if (!dev && path !== identityCallback) request.url = path
}

/**
 * The network that asks, for limits, as far as our own proxies say: each adds whom it heard from at the end, and what stands
 * before is anybody's word.
 */
export function clientNetwork({ headers, socket }: IncomingMessage): string {
  const { proxies } = config()
  const heard = String(headers['x-forwarded-for'] ?? '').split(',')
  const named = proxies > 0 ? heard[heard.length - proxies]?.trim() : undefined
  return networkOf(named || (socket.remoteAddress ?? ''))
}
