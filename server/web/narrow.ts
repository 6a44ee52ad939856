import type { IncomingMessage } from 'node:http'
import type { OpenedAs } from '#domain/code/bound-line.ts'
import { networkOf } from '../platform/address-range.ts'
import { config } from '../platform/config.ts'
import { clientHeader, nonceHeader, openedAsHeader, pathHeader } from '../platform/csp.ts'
import { type Audience, audienceOf, identityCallback } from './address.ts'
import { messageHeader } from './posted-message.ts'

/**
 * Longest Accept-Language that is read, in characters: negotiating among thousands of made-up languages takes seconds.
 */
const longestLanguages = 200

/**
 * The headers that are passed on to Next.js and our pages. Next.js reads some eighty more, each with code that a caller
 * could reach: about proxies, its internal calls, and partial pages.
 */
const passed: ReadonlySet<string> = new Set([
  'host',
  'origin',
  'cookie',
  'user-agent',
  'accept-language',
  'accept-encoding',
  'if-none-match',
  'content-type',
  'content-length',
])

/**
 * Headers that scripts of the account's pages send in addition: that a whole page is wanted as data, and the action to
 * call. The part of a page that they already have is not passed on: Next.js fails on any tree that is not ours, and
 * pages are small.
 */
const passedFromScripts: ReadonlyMap<string, RegExp> = new Map([
  ['rsc', /^1$/],
  ['next-action', /^[0-9a-f]{1,100}$/],
])

/** Development tools send many more headers to each other; these come only from us, even there. */
const neverFromOutside = /^(x-forwarded-|forwarded$|content-security-policy)/
const ours: ReadonlySet<string> = new Set([nonceHeader, pathHeader, messageHeader, clientHeader, openedAsHeader])

function passes(name: string, value: unknown, audience: Audience, dev: boolean): boolean {
  if (dev) return !neverFromOutside.test(name) && !ours.has(name)
  return passed.has(name) || (audience === 'account' && passedFromScripts.get(name)?.test(String(value)) === true)
}

/**
 * Removes from a request what no page needs and what could trigger code of the framework. The query is removed from the
 * address: no page has one, and a public page, rendered once for all visitors, would keep the query of the first. (In
 * development the framework's own tools use queries.)
 */
export function narrow(request: IncomingMessage, dev: boolean): void {
  const { headers } = request
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  const audience = audienceOf(path)
  const client = clientNetwork(request)
  const opened = openedAs(headers)
  for (const [name, value] of Object.entries(headers)) {
    if (!passes(name, value, audience, dev)) delete headers[name]
  }
  const languages = headers['accept-language']
  if (languages) headers['accept-language'] = languages.slice(0, longestLanguages)
  headers[clientHeader] = client
  if (opened && path === '/acs/challenge') headers[openedAsHeader] = opened
  if (!dev && path !== identityCallback) request.url = path
}

/** How a form opens a page, as the browser says (Fetch Metadata). Next.js acts on that header, so it is not passed on. */
function openedAs(headers: IncomingMessage['headers']): OpenedAs | undefined {
  const destination = headers['sec-fetch-dest']
  if (destination === 'document') return 'page'
  return destination === 'iframe' || destination === 'frame' ? 'frame' : undefined
}

/**
 * The caller's network, for rate limits, according to our own proxies: each appends the address that it was called
 * from, and the caller may have made up everything before that.
 */
export function clientNetwork({ headers, socket }: IncomingMessage): string {
  const { proxies } = config()
  const heard = String(headers['x-forwarded-for'] ?? '').split(',')
  const named = proxies > 0 ? heard[heard.length - proxies]?.trim() : undefined
  return networkOf(named || (socket.remoteAddress ?? ''))
}
