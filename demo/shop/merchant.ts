import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bodyOf, queryOf, Refused, sendPage } from '../http-server.ts'
import { chooseLanguage, type Language } from '../language.ts'
import { type Browser, ordinaryBrowser, type ScriptedBrowser } from './areq.ts'
import type { Method } from './method.ts'
import { isChallenged, latest, type Order, statusOf, transactionOf } from './order.ts'
import { type OrderRequest, readOrderRequest } from './order-request.ts'
import type { Orders } from './orders.ts'
import { checkoutPage } from './pages/checkout.ts'
import { frontPage, scriptedFields } from './pages/front.ts'
import { orderPage, returnedPage } from './pages/order.ts'
import { products } from './products.ts'
import type { ThreeDSServer } from './three-ds-server.ts'

export interface Merchant {
  /** The shop's origin for browsers. */
  origin: string
  /** The origin of the 3DS Method. */
  acsOrigin: string
  /** The product's address for AReqs. */
  areqURL: string
  inboxOrigin: string
  orders: Orders
  threeDSServer: ThreeDSServer
  method: Method
}

/** The pages that a customer sees, and the same as JSON for programs. */
export function openShop(app: FastifyInstance, merchant: Merchant): void {
  const { origin, acsOrigin, areqURL, inboxOrigin, orders, threeDSServer, method } = merchant
  const find = (request: FastifyRequest): Order => {
    const { orderId } = request.params as { orderId: string }
    const order = orders.find(orderId)
    if (!order) throw new Refused(404, 'There is no such order.')
    return order
  }
  const linkTo = (order: Order, language: Language) => `/orders/${order.orderId}?lang=${language}`
  const languageFor = (request: FastifyRequest, order: Order) => chooseLanguage(queryOf(request).lang, order.locale)

  app.get('/', (request, reply) => {
    // One name for the whole visit: the window returns to the origin, and both must be same-site.
    if (request.headers.host !== new URL(origin).host) return reply.redirect(`${origin}${request.url}`, 307)
    const language = chooseLanguage(queryOf(request).lang, request.headers['accept-language'])
    return sendPage(reply, nonce => frontPage({ language, nonce, inboxOrigin, acsOrigin }), {
      'form-action': `'self' ${acsOrigin}`,
      'frame-src': `'self' ${origin} ${acsOrigin}`,
    })
  })

  app.post('/checkout', async (request, reply) => {
    const browser = browserOf(request, readScripted(request))
    const ended = method.end(bodyOf(request).threeDSServerTransID)
    const order = await threeDSServer.authenticate(readCheckout(request), browser, ended)
    const next = isChallenged(order) ? `/orders/${order.orderId}/checkout` : `/orders/${order.orderId}`
    return reply.redirect(`${next}?lang=${order.locale}`, 303)
  })

  app.get('/orders/:orderId', (request, reply) => {
    const order = find(request)
    const language = languageFor(request, order)
    return sendPage(reply, nonce => orderPage({ order, acsOrigin, areqURL, language, nonce, inboxOrigin }), {
      'form-action': `'self' ${acsOrigin}`,
    })
  })

  app.get('/orders/:orderId/checkout', (request, reply) => {
    const order = find(request)
    const language = languageFor(request, order)
    // In an app the challenge continues without a page.
    const inApp = transactionOf(order).deviceChannel === '01'
    if (statusOf(order) !== 'challenge' || inApp) return reply.redirect(linkTo(order, language), 303)
    const { acsURL, creq } = threeDSServer.challenge(order)
    const acs = new URL(acsURL).origin
    return sendPage(reply, nonce => checkoutPage({ order, acsURL, creq, language, nonce, inboxOrigin, acsOrigin }), {
      'form-action': `'self' ${acs}`,
      'frame-src': `'self' ${origin} ${acs} ${inboxOrigin}`,
    })
  })

  app.post('/orders/:orderId/return', (request, reply) => {
    const order = find(request)
    threeDSServer.receive(order, bodyOf(request))
    return leaveWindow(reply, order)
  })

  // For a reload of the page to which the ACS's form led.
  app.get('/orders/:orderId/return', (request, reply) =>
    reply.redirect(linkTo(find(request), find(request).locale), 303),
  )

  app.post('/api/orders', async request => {
    const order = await threeDSServer.authenticate(
      readOrderRequest(bodyOf(request)),
      browserOf(request, ordinaryBrowser),
    )
    return asJson(order)
  })

  app.get('/api/orders/:orderId', request => asJson(find(request)))

  function leaveWindow(reply: FastifyReply, order: Order): FastifyReply {
    const language = order.locale
    if (order.presentation === 'page') return reply.redirect(linkTo(order, language), 303)
    return sendPage(reply, nonce => returnedPage({ order, language, nonce }), { 'frame-ancestors': `'self' ${origin}` })
  }

  function asJson(order: Order) {
    return {
      orderId: order.orderId,
      status: statusOf(order),
      problem: order.problem,
      checkoutURL: `${origin}/orders/${order.orderId}/checkout`,
      orderURL: `${origin}/orders/${order.orderId}`,
      areq: latest(order, 'AReq'),
      ares: latest(order, 'ARes') ?? erroInsteadOfARes(order),
      creq: latest(order, 'CReq'),
      cres: latest(order, 'CRes'),
      rreq: latest(order, 'RReq'),
      rres: latest(order, 'RRes'),
      erro: latest(order, 'Erro'),
      messages: order.passed,
    }
  }
}

function erroInsteadOfARes(order: Order) {
  return order.passed[1]?.message === 'Erro' ? order.passed[1].body : null
}

/** Reads the form of the front page, which has a product instead of an amount. */
function readCheckout(request: FastifyRequest): OrderRequest {
  const {
    lang,
    product: id,
    card,
    cardholder,
    challengeInd,
    presentation,
    windowSize,
    messageVersion,
  } = bodyOf(request)
  const locale = chooseLanguage(lang, request.headers['accept-language'])
  const product = products.find(each => each.id === id)
  if (!product) throw new Refused(400, 'product must be one that the shop sells.', 'product')
  const { amount, currency } = product
  const purchase = {
    card,
    cardholder,
    amount,
    currency: currency.code,
    locale,
    challengeInd,
    presentation,
    windowSize,
    messageVersion,
  }
  return { ...readOrderRequest(purchase), product: product.name[locale] }
}

/** What the front page's script wrote into the form; null if it did not run, or wrote what no browser would. */
function readScripted(request: FastifyRequest): ScriptedBrowser | null {
  const body = bodyOf(request)
  const [javaEnabled, colorDepth, screenHeight, screenWidth, timeZone] = scriptedFields.map(name =>
    String(body[name] ?? ''),
  )
  const plausible =
    /^\d{1,6}$/.test(screenHeight ?? '') && /^\d{1,6}$/.test(screenWidth ?? '') && /^-?\d{1,4}$/.test(timeZone ?? '')
  if (!plausible || !screenHeight || !screenWidth || !timeZone) return null
  return {
    javaEnabled: javaEnabled === 'true',
    colorDepth: allowedDepth(Number(colorDepth)),
    screenHeight,
    screenWidth,
    timeZone,
  }
}

/** Real screens report 30, which versions before 2.3.1 do not know: the next lower one that they do. */
function allowedDepth(depth: number): string {
  return String([48, 32, 24, 16, 15, 8, 4, 1].find(allowed => allowed <= depth) ?? 24)
}

function browserOf(request: FastifyRequest, script: ScriptedBrowser | null): Browser {
  return {
    acceptHeader: request.headers.accept ?? '*/*',
    userAgent: request.headers['user-agent'] ?? 'unknown',
    ip: request.ip.replace(/^::ffff:/, ''),
    script,
  }
}
