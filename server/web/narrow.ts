import type { IncomingMessage } from 'node:http'
import { networkOf } from '../platform/address-range.ts'
import { config } from '../platform/config.ts'
import { clientHeader, nonceHeader, pathHeader } from '../platform/csp.ts'
import { type Audience, audienceOf, identityCallback } from './address.ts'
import { messageHeader } from './posted-message.ts'

/** Longest Accept-Language that is looked at: choosing among thousands of made-up languages takes seconds. */
const longestLanguages = 200

/**
 * The headers that Next.js and our pages get to see. It reads some eighty more, each with code behind it that a caller could
 * reach: who sits in front of us, what it says to itself, how much of a page is wanted.
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
 * What the scripts of the account's pages send besides: that a whole page is wanted as data, and which action is meant. What
 * they hold of a page already stays outside: whatever is no tree of ours is an error to Next.js, and pages are small.
 */
const passedFromScripts: ReadonlyMap<string, RegExp> = new Map([
  ['rsc', /^1$/],
  ['next-action', /^[0-9a-f]{1,100}$/],
])

/** The tools of development speak to each other in many more; these come from us alone there, too. */
const neverFromOutside = /^(x-forwarded-|forwarded$|content-security-policy)/
const ours: ReadonlySet<string> = new Set([nonceHeader, pathHeader, messageHeader, clientHeader])

function passes(name: string, value: unknown, audience: Audience, dev: boolean): boolean {
  if (dev) return !neverFromOutside.test(name) && !ours.has(name)
  return passed.has(name) || (audience === 'account' && passedFromScripts.get(name)?.test(String(value)) === true)
}

/**
 * Takes from a request what no page needs and some code behind might act on. The address loses its query: no page has one,
 * and a public page, rendered once for all callers, would keep what the first visitor's address says. (In development the
 * framework's own tools ask with queries.)
 */
export function narrow(request: IncomingMessage, dev: boolean): void {
  const { headers } = request
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  const audience = audienceOf(path)
  const client = clientNetwork(request)
  for (const [name, value] of Object.entries(headers)) {
    if (!passes(name, value, audience, dev)) delete headers[name]
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
