import type { IncomingMessage } from 'node:http'
import { newToken } from '../platform/crypto.ts'
import {
  accountPagePolicy,
  nonceHeader,
  pathHeader,
  picturePolicy,
  publicPolicy,
  returnPolicy,
  windowPolicy,
} from '../platform/csp.ts'
import { audienceOf, methodPath, pathOf } from './address.ts'
import { cacheControl } from './cache-control.ts'
import { failurePage } from './failure-page.ts'
import { withoutFrameworkScripts } from './framework-scripts.ts'
import { takesMessage } from './posted-message.ts'
import { forCaller } from './public-answer.ts'
import type { Finish, FrontResponse } from './response.ts'
import { leadBackFromStaleForm } from './stale-form.ts'
import { windowFailurePage } from './window-failure-page.ts'

/** Content security policy, framing and caching by address, and what becomes of the answer before it leaves. */
export function prepareAnswer(request: IncomingMessage, response: FrontResponse, dev: boolean): void {
  const audience = audienceOf(pathOf(request))
  if (audience === 'window') prepareWindow(request, response, dev)
  else if (audience === 'account') prepareAccount(request, response, dev)
  else preparePublic(request, response, dev)
}

function prepareWindow(request: IncomingMessage, response: FrontResponse, dev: boolean): void {
  const path = pathOf(request)
  const nonce = newToken()
  request.headers[nonceHeader] = nonce
  const leadsBack = path === '/acs/challenge' || path.endsWith('/return')
  // The 3DS Method names the one origin that its form leads to, and so itself.
  if (path !== methodPath)
    response.setHeader('content-security-policy', leadsBack ? returnPolicy(nonce) : windowPolicy(nonce))
  // no-referrer would make the window's own posts come from nowhere.
  response.setHeader('referrer-policy', 'same-origin')
  response.fixHeader('cache-control', 'no-store')
  response.hold(body => {
    if (leadBackFromStaleForm(request, response)) return nothing
    const failure = dev ? undefined : failureOf(response, body, () => windowFailurePage(nonce))
    if (failure) return failure
    return isHtml(response) ? replaced(response, withoutFrameworkScripts(body.toString('utf8'))) : body
  })
}

function prepareAccount(request: IncomingMessage, response: FrontResponse, dev: boolean): void {
  isolate(response, 'same-origin')
  if (!dev) {
    // Next.js looks for the nonce of its scripts in the request.
    const policy = accountPagePolicy(newToken())
    request.headers['content-security-policy'] = policy
    response.setHeader('content-security-policy', policy)
  }
  request.headers[pathHeader] = pathOf(request)
  response.setHeader('referrer-policy', 'same-origin')
  response.fixHeader('cache-control', 'no-store')
  response.hold(body => {
    if (leadBackFromStaleForm(request, response)) return nothing
    return (dev ? undefined : failureOf(response, body, () => accountFailure(response))) ?? body
  })
}

function preparePublic(request: IncomingMessage, response: FrontResponse, dev: boolean): void {
  const path = pathOf(request)
  // Public files are for everybody: the window's own, too, whose frame may be sandboxed and so has no origin.
  isolate(response, 'cross-origin')
  response.setHeader('referrer-policy', 'strict-origin-when-cross-origin')
  if (dev) return
  const isPicture = audienceOf(path) === 'picture'
  response.setHeader('content-security-policy', isPicture ? picturePolicy() : publicPolicy(takesMessage(path)))
  // Length and tag are those of the whole page; Node.js itself leaves the body away.
  if (request.method === 'HEAD') request.method = 'GET'
  response.hold(publicFinish(request, response, path))
}

function publicFinish(request: IncomingMessage, response: FrontResponse, path: string): Finish {
  return body => {
    response.setHeader('cache-control', cacheControl(path, response))
    for (const name of frameworkHeaders) response.removeHeader(name)
    if (!isHtml(response)) return forCaller(request, response, body)
    const html = withoutFrameworkScripts(body.toString('utf8'))
    // Where a page gives up while it is made, Next.js leaves the words to scripts.
    const isTold = response.statusCode < 400 || html.includes('<h1')
    return forCaller(request, response, Buffer.from(isTold ? html : failurePage(response.statusCode)))
  }
}

/** What Next.js says about its own caches. */
const frameworkHeaders = ['x-nextjs-cache', 'x-nextjs-prerender', 'x-nextjs-stale-time']

const nothing = Buffer.alloc(0)

function isolate(response: FrontResponse, resources: 'same-origin' | 'cross-origin'): void {
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('cross-origin-resource-policy', resources)
}

/** Mostly the database does not answer: a moment's matter, for a page and for a form that is posted. */
function accountFailure(response: FrontResponse): string {
  if (response.statusCode >= 500) response.statusCode = 503
  return failurePage(response.statusCode)
}

/** Where a page cannot be made, or a form's action is unknown, Next.js leaves the words to scripts or says them in English. */
function failureOf(response: FrontResponse, body: Buffer, page: () => string): Buffer | undefined {
  const type = String(response.getHeader('content-type') ?? '')
  const isTold = (type && !type.startsWith('text/')) || /<h1[ >]/.test(body.toString('utf8'))
  if (response.statusCode < 400 || isTold) return undefined
  response.setHeader('content-type', 'text/html; charset=utf-8')
  return replaced(response, page())
}

function isHtml(response: FrontResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/html')
}

function replaced(response: FrontResponse, html: string): Buffer {
  const body = Buffer.from(html)
  if (response.hasHeader('content-length')) response.setHeader('content-length', body.length)
  return body
}
