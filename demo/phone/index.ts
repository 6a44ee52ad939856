import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkSecret } from '../control-secret.ts'
import type { Faults } from '../faults.ts'
import { bodyOf, queryOf, Refused, sendPage } from '../http-server.ts'
import type { DemoClock } from '../inbox/clock.ts'
import type { Message } from '../inbox/messages.ts'
import { chooseLanguage } from '../language.ts'
import { appPage } from './app-page.ts'
import { openAppPush } from './app-push.ts'
import type { Product } from './browser.ts'
import { offerOf, performCeremony } from './ceremonies.ts'
import { appPath, IssuerApp } from './issuer-app.ts'
import { lockScreenPage } from './lock-screen.ts'
import { Memory, type Notification } from './memory.ts'
import { Phone } from './phone.ts'
import { endpointOf, openPushService } from './push-service.ts'
import { owner, setUp } from './set-up.ts'
import { languageOf, onPhone, showWebPage, webPath } from './web-page.ts'
import { words } from './words.ts'

export interface PhoneOptions {
  readonly dataDir: string
  readonly product: Product
  readonly shopOrigin: string
  /** The origin at which the product reaches the phone's push service. */
  readonly origin: string
  readonly secret: string
  /** Shared with the product, which sends the app's notifications. */
  readonly appPushSecret: string
  /** Makes a new activation code for a cardholder. */
  readonly letter: (cardholderId: string) => Promise<string>
  /** The messages that have arrived at an address or number, the newest first. */
  readonly messages: (to: string) => readonly Message[]
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

  const issuerApp = new IssuerApp(phone, product, () => clock.now())
  openAppPush(app, {
    secret: options.appPushSecret,
    clock,
    faults,
    show: notification => {
      const shown = issuerApp.notify(notification)
      const { title: subject, body: text, device } = notification
      if (shown === 'shown') deliver({ channel: 'push', to: device, from: 'SafeKey', subject, text, html: null })
      return shown
    },
  })

  app.get('/phone', (request, reply) => {
    const query = queryOf(request)
    const language = chooseLanguage(query.lang, request.headers['accept-language'])
    const { notifications, isSubscribed: subscribed } = phone
    const { isPaired } = issuerApp
    const setUpFailed = query.setUp === 'failed'
    const view = {
      language,
      notifications,
      subscribed,
      isPaired,
      setUpFailed,
      now: clock.now(),
      secret,
      shopOrigin: options.shopOrigin,
    }
    return sendPage(reply, nonce => lockScreenPage({ ...view, nonce }))
  })

  const guarded = { preHandler: async (request: FastifyRequest) => checkSecret(bodyOf(request).secret, secret) }

  app.post('/phone/open', guarded, (request, reply) => {
    const notification = phone.dismiss(String(bodyOf(request).id))
    const address =
      notification?.navigate === appPath
        ? appAddress(request)
        : notification && onPhone(notification.navigate, product.origin)
    return reply.redirect(address ?? lockScreen(request), 303)
  })

  app.post('/phone/set-up', guarded, async (request, reply) => {
    const language = chooseLanguage(bodyOf(request).lang, request.headers['accept-language'])
    const helpers = { letter: () => options.letter(owner.id), messages: options.messages }
    const failed = await setUp(phone, issuerApp, language, helpers).catch((error: Error) => error)
    if (failed) console.error(failed)
    return reply.redirect(`${lockScreen(request)}${failed ? '&setUp=failed' : ''}`, 303)
  })

  app.get(appPath, async (request, reply) => {
    const query = queryOf(request)
    const language = chooseLanguage(query.lang, request.headers['accept-language'])
    const screen = await issuerApp.open()
    const outcome = typeof query.outcome === 'string' ? query.outcome : undefined
    return sendPage(reply, nonce => appPage({ language, screen, outcome, secret, nonce }))
  })
  app.post(`${appPath}/pair`, guarded, async (request, reply) => {
    const problem = await issuerApp.pair(String(bodyOf(request).code))
    return reply.redirect(appAddress(request, problem ?? 'paired'), 303)
  })
  app.post(`${appPath}/approve`, guarded, async (request, reply) => {
    // In any width, as people type it.
    const number = String(bodyOf(request).number).normalize('NFKC').replace(/\s/g, '')
    return reply.redirect(appAddress(request, await issuerApp.approve(number)), 303)
  })
  app.post(`${appPath}/refuse`, guarded, async (request, reply) => {
    const answer = bodyOf(request).answer === 'reported' ? 'reported' : 'declined'
    return reply.redirect(appAddress(request, await issuerApp.refuse(answer)), 303)
  })
  app.post(`${appPath}/forget`, guarded, (request, reply) => {
    issuerApp.forget()
    return reply.redirect(appAddress(request), 303)
  })

  app.post('/phone/unsubscribe', guarded, (request, reply) => {
    phone.unsubscribe()
    return reply.redirect(lockScreen(request), 303)
  })

  app.post('/phone/ceremony', guarded, async (request, reply) => {
    const page = String(bodyOf(request).page)
    const language = languageOf(page)
    if (!page.startsWith('/')) throw new Refused(400, 'page must be a path of the product.', 'page')
    const offer = offerOf(page, await phone.browser.page(page, language), phone.isSubscribed)
    // The page may have changed since it was shown, such as when a request has ended.
    if (!offer) return reply.redirect(`${webPath}${page}`, 303)
    const { answer, number } = bodyOf(request)
    const answering = { answer: String(answer ?? ''), number: String(number ?? '') }
    const done = await performCeremony(phone, offer, language, answering).catch(() => 'refused')
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
    const markup = fetched.body.toString('utf8')
    const page = { path, offer: offerOf(path, markup, phone.isSubscribed), problem, secret }
    return reply.send(showWebPage(markup, phone.origin, page))
  }
}

function lockScreen(request: FastifyRequest): string {
  return `/phone?lang=${chooseLanguage(bodyOf(request).lang, request.headers['accept-language'])}`
}

function appAddress(request: FastifyRequest, outcome?: string): string {
  const language = chooseLanguage(bodyOf(request).lang, request.headers['accept-language'])
  return `${appPath}?lang=${language}${outcome ? `&outcome=${encodeURIComponent(outcome)}` : ''}`
}

function inInbox(endpoint: string, message: Notification | Error): Omit<Message, 'id' | 'sentAt'> {
  const common = { channel: 'push', to: endpoint, from: 'SafeKey', html: null } as const
  return message instanceof Error
    ? { ...common, subject: `Unreadable (${message.constructor.name})`, text: message.message }
    : { ...common, subject: message.title, text: message.body }
}
