import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkSecret } from '../control-secret.ts'
import type { Faults } from '../faults.ts'
import { bodyOf, queryOf, Refused, sendPage } from '../http-server.ts'
import type { DemoClock } from '../inbox/clock.ts'
import type { Message } from '../inbox/messages.ts'
import { chooseLanguage } from '../language.ts'
import type { Product } from './browser.ts'
import { offerOf, usePasskey } from './ceremonies.ts'
import { lockScreenPage } from './lock-screen.ts'
import { Memory, type Notification } from './memory.ts'
import { Phone } from './phone.ts'
import { endpointOf, openPushService } from './push-service.ts'
import { languageOf, onPhone, showWebPage, webPath } from './web-page.ts'
import { words } from './words.ts'

export interface PhoneOptions {
  readonly dataDir: string
  readonly product: Product
  readonly shopOrigin: string
  /** The origin at which the product reaches the phone's push service. */
  readonly origin: string
  readonly secret: string
  readonly clock: DemoClock
  readonly faults: Faults
  /** Shows a push in the inbox, too. */
  readonly deliver: (message: Omit<Message, 'id' | 'sentAt'>) => void
}

/** Scripts do not run on the product's pages here, which therefore look as they do without JavaScript. */
const webPolicy = [
  'sandbox allow-forms allow-same-origin allow-popups allow-top-navigation',
  "default-src 'none'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Opens the phone's pages and its push service. */
export function openPhone(app: FastifyInstance, options: PhoneOptions): Phone {
  const { dataDir, product, origin, secret, clock, faults, deliver } = options
  const phone = new Phone(new Memory(join(dataDir, 'phone.json')), product, origin, () => clock.now())
  openPushService(app, {
    origin,
    faults,
    find: id => phone.findSubscriber(id, message => deliver(inInbox(endpointOf(origin, id), message))),
  })

  app.get('/phone', (request, reply) => {
    const language = chooseLanguage(queryOf(request).lang, request.headers['accept-language'])
    const { notifications, isSubscribed: subscribed } = phone
    const view = { language, notifications, subscribed, now: clock.now(), secret, shopOrigin: options.shopOrigin }
    return sendPage(reply, nonce => lockScreenPage({ ...view, nonce }))
  })

  const guarded = { preHandler: async (request: FastifyRequest) => checkSecret(bodyOf(request).secret, secret) }

  app.post('/phone/open', guarded, (request, reply) => {
    const notification = phone.dismiss(String(bodyOf(request).id))
    const address = notification && onPhone(notification.navigate, product.origin)
    return reply.redirect(address ?? lockScreen(request), 303)
  })

  app.post('/phone/unsubscribe', guarded, (request, reply) => {
    phone.unsubscribe()
    return reply.redirect(lockScreen(request), 303)
  })

  app.post('/phone/ceremony', guarded, async (request, reply) => {
    const page = String(bodyOf(request).page)
    const offer = offerOf(page)
    if (!offer) throw new Refused(400, 'page is no page on which the phone has something to do.', 'page')
    const done = await usePasskey(phone, offer.ceremony, languageOf(page)).catch(() => 'refused')
    return reply.redirect(webPath + (done === 'done' ? offer.to : `${page}?refused`), 303)
  })

  openBrowser(app, phone, secret)
  return phone
}

/** The product's pages, fetched by the phone's browser. */
function openBrowser(app: FastifyInstance, phone: Phone, secret: string): void {
  app.register(async front => {
    front.removeAllContentTypeParsers()
    front.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    front.get(`${webPath}/*`, (request, reply) => browse(request, reply))
    front.post(`${webPath}/*`, (request, reply) => {
      // The product's forms do not have the secret of the demo. Other sites cannot post them.
      if (request.headers.origin !== `http://${request.headers.host}`)
        throw new Refused(403, 'Only pages on the phone may post here.')
      return browse(request, reply)
    })
  })

  async function browse(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const address = request.url.slice(webPath.length)
    const { pathname: path, searchParams } = new URL(address, phone.origin)
    const fetched = await phone.browser.fetch({
      method: request.method === 'POST' ? 'POST' : 'GET',
      path,
      language: languageOf(path),
      contentType: request.headers['content-type'],
      ...(Buffer.isBuffer(request.body) && { body: request.body }),
    })
    phone.memory.save()
    const { location, 'content-type': type = 'application/octet-stream' } = fetched.headers
    reply.status(fetched.status).header('content-security-policy', webPolicy).type(type)
    if (location !== undefined) reply.header('location', onPhone(location, phone.origin) ?? location)
    if (!type.startsWith('text/html')) return reply.send(fetched.body)
    const problem = searchParams.has('refused') ? words[languageOf(path)].refused : undefined
    const page = { path, offer: offerOf(path), problem, secret }
    return reply.send(showWebPage(fetched.body.toString('utf8'), phone.origin, page))
  }
}

function lockScreen(request: FastifyRequest): string {
  return `/phone?lang=${chooseLanguage(bodyOf(request).lang, request.headers['accept-language'])}`
}

function inInbox(endpoint: string, message: Notification | Error): Omit<Message, 'id' | 'sentAt'> {
  const common = { channel: 'push', to: endpoint, from: 'SafeKey', html: null } as const
  return message instanceof Error
    ? { ...common, subject: `Unreadable (${message.constructor.name})`, text: message.message }
    : { ...common, subject: message.title, text: message.body }
}
