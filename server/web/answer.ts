import type { IncomingMessage } from 'node:http'
import { newRandomId, newToken } from '../platform/crypto.ts'
import {
  accountPagePolicy,
  nonceHeader,
  pathHeader,
  picturePolicy,
  publicPolicy,
  returnPolicy,
  windowPermissions,
  windowPolicy,
} from '../platform/csp.ts'
import { log } from '../platform/log.ts'
import { audienceOf, methodPath, pathOf } from './address.ts'
import { cacheControl } from './cache-control.ts'
import { failurePage } from './failure-page.ts'
import { withoutFrameworkScripts } from './framework-scripts.ts'
import { acceptsPostedMessage } from './posted-message.ts'
import { encodeForCaller } from './public-answer.ts'
import type { Finish, FrontResponse } from './response.ts'
import { redirectStaleForm } from './stale-form.ts'
import { windowFailurePage } from './window-failure-page.ts'
import { withStyles } from './window-styles.ts'

/**
 * Sets the content security policy, framing and caching by address, and how the answer is changed before it is sent.
 */
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
  // The 3DS Method sets its own policy, with the one origin that its form may post to.
  if (path !== methodPath)
    response.setHeader('content-security-policy', leadsBack ? returnPolicy(nonce) : windowPolicy(nonce))
  response.setHeader('permissions-policy', windowPermissions)
  // With no-referrer, the window's own posts would have no origin.
  response.setHeader('referrer-policy', 'same-origin')
  response.fixHeader('cache-control', 'no-store')
  response.hold(body => {
    if (redirectStaleForm(request, response)) return nothing
    const failure = dev ? undefined : failureOf(response, body, () => windowFailure(response, nonce))
    if (failure) return failure
    if (!isHtml(response)) return body
    // In it Next.js names the style sheets, which are in the page.
    response.removeHeader('link')
    return replaced(response, withStyles(withoutFrameworkScripts(body.toString('utf8')), nonce))
  })
}

/** An error of ours has a number by which support finds it in the log. */
function windowFailure({ statusCode }: FrontResponse, nonce: string): string {
  if (statusCode < 500) return windowFailurePage(nonce)
  const reference = newRandomId().slice(0, 8)
  log.warn('window.failed', { reference, status: statusCode })
  return windowFailurePage(nonce, undefined, reference)
}

function prepareAccount(request: IncomingMessage, response: FrontResponse, dev: boolean): void {
  isolate(response, 'same-origin')
  if (!dev) {
    // Next.js reads the nonce for its scripts from the request.
    const policy = accountPagePolicy(newToken())
    request.headers['content-security-policy'] = policy
    response.setHeader('content-security-policy', policy)
  }
  request.headers[pathHeader] = pathOf(request)
  response.setHeader('referrer-policy', 'same-origin')
  response.fixHeader('cache-control', 'no-store')
  response.hold(body => {
    if (redirectStaleForm(request, response)) return nothing
    return (dev ? undefined : failureOf(response, body, () => accountFailure(response, pathOf(request)))) ?? body
  })
}

function preparePublic(request: IncomingMessage, response: FrontResponse, dev: boolean): void {
  const path = pathOf(request)
  // The page for unknown addresses reads the language from it.
  request.headers[pathHeader] = path
  // Any site may load public files, because the window's own files are among them, and its frame may be sandboxed and
  // so have no origin.
  isolate(response, 'cross-origin')
  response.setHeader('referrer-policy', 'strict-origin-when-cross-origin')
  if (dev) return
  const isPicture = audienceOf(path) === 'picture'
  response.setHeader('content-security-policy', isPicture ? picturePolicy() : publicPolicy(acceptsPostedMessage(path)))
  // Length and entity tag are those of the whole page; Node.js itself omits the body.
  if (request.method === 'HEAD') request.method = 'GET'
  response.hold(publicFinish(request, response, path))
}

function publicFinish(request: IncomingMessage, response: FrontResponse, path: string): Finish {
  return body => {
    response.setHeader('cache-control', cacheControl(path, response))
    for (const name of frameworkHeaders) response.removeHeader(name)
    if (!isHtml(response)) return encodeForCaller(request, response, body)
    const html = withoutFrameworkScripts(body.toString('utf8'))
    // If a page fails while it is rendered, Next.js leaves the text to scripts.
    const isTold = response.statusCode < 400 || html.includes('<h1')
    return encodeForCaller(request, response, Buffer.from(isTold ? html : failurePage(response.statusCode, path)))
  }
}

/** Headers about Next.js's own caches. */
const frameworkHeaders = ['x-nextjs-cache', 'x-nextjs-prerender', 'x-nextjs-stale-time']

const nothing = Buffer.alloc(0)

function isolate(response: FrontResponse, resources: 'same-origin' | 'cross-origin'): void {
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('cross-origin-resource-policy', resources)
}

/** Usually the database does not answer, which passes: status 503 for a page and for a posted form. */
function accountFailure(response: FrontResponse, path: string): string {
  if (response.statusCode >= 500) response.statusCode = 503
  return failurePage(response.statusCode, path)
}

/**
 * If a page cannot be rendered, or a form's action is unknown, Next.js leaves the text to scripts or writes it in
 * English.
 */
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
