import type { FastifyReply, FastifyRequest } from 'fastify'
import { checkSecret } from '../control-secret.ts'
import type { GatewaySecrets } from '../deployment.ts'
import { conditions, type FaultState, type Faults, type Gateway, gateways } from '../faults.ts'
import { bodyOf, isForm, listenOnLoopback, makeServer, queryOf, Refused, sendPage } from '../http-server.ts'
import { chooseLanguage } from '../language.ts'
import type { Product } from '../phone/browser.ts'
import { openPhone } from '../phone/index.ts'
import { arrivalsPage } from './arrivals.ts'
import { DemoClock, longestStep, readStep } from './clock.ts'
import { addressees, isAddressee } from './letters.ts'
import { type Channel, channels, type Message, Messages } from './messages.ts'
import { inboxPage } from './page.ts'
import { openSmsServer } from './sms.ts'
import { MailServer } from './smtp.ts'
import { words } from './words.ts'

export interface InboxOptions {
  port: number
  smtpPort: number
  /** What a caller must send to move the clock or set faults; a new one at each start. */
  secret: string
  dataDir: string
  faults: Faults
  /** Shared with the product's SMS gateway, and the address for delivery receipts. */
  gatewaySecrets: GatewaySecrets
  smsReceipts: string
  /** What the phone's browser visits. */
  product: Product
  shopOrigin: string
  /** Makes a new activation code for a cardholder. */
  letter: (cardholderId: string) => Promise<string>
}

/**
 * Starts the inbox, which receives everything that the product sends and controls the demo's clock and faults. The JSON
 * API requires the secret in `X-Demo-Secret`; the page's forms have it in a field.
 */
export async function startInbox({
  port,
  smtpPort,
  secret,
  dataDir,
  faults,
  gatewaySecrets,
  smsReceipts,
  product,
  shopOrigin,
  letter,
}: InboxOptions): Promise<{ close(): Promise<void> }> {
  const clock = new DemoClock(dataDir)
  const messages = new Messages(dataDir)
  const deliver = (delivered: Omit<Message, 'id' | 'sentAt'>) => {
    messages.add({ ...delivered, sentAt: clock.now().toISOString() })
  }
  const mail = new MailServer(smtpPort, faults, deliver)
  const app = makeServer(64 * 1024)
  openSmsServer(app, { secret: gatewaySecrets.sms, receipts: smsReceipts, clock, faults, deliver })
  const origin = `http://localhost:${port}`
  openPhone(app, {
    ...{ dataDir, product, shopOrigin, origin, secret, clock, faults, deliver },
    appPushSecret: gatewaySecrets.appPush,
    letter,
    messages: to => messages.list({ to }),
  })

  app.get('/', (request, reply) => {
    const query = queryOf(request)
    const to = typeof query.to === 'string' ? query.to.trim() : ''
    const channel = isChannel(query.channel) ? query.channel : ''
    const language = chooseLanguage(query.lang, request.headers['accept-language'])
    const found = messages.list({ to: to || undefined, channel: channel || undefined })
    return sendPage(
      reply,
      nonce =>
        inboxPage({
          language,
          messages: found,
          filter: { to, channel },
          now: clock.now(),
          faults: faults.state(),
          secret,
          nonce,
          shopOrigin,
          acsOrigin: product.origin,
        }),
      // The frames that show HTML mail inherit this policy, and mail has inline styles.
      { 'style-src': "'unsafe-inline'", 'img-src': 'data:' },
    )
  })

  app.get('/arrivals', (request, reply) => {
    const query = queryOf(request)
    const language = chooseLanguage(query.lang, request.headers['accept-language'])
    const { since } = readWanted({ since: query.since })
    const arrived = messages.list({ since })
    return sendPage(reply, nonce => arrivalsPage({ language, messages: arrived, nonce }), {
      'frame-ancestors': new URL(shopOrigin).origin,
    })
  })

  app.get('/api/messages', request => messages.list(readWanted(queryOf(request))))

  app.get('/api/faults', () => faults.state())

  const guarded = {
    onRequest: async (request: FastifyRequest) => {
      if (!isForm(request)) checkSecret(request.headers['x-demo-secret'], secret)
    },
    preHandler: async (request: FastifyRequest) => {
      if (isForm(request)) checkSecret(request.headers['x-demo-secret'] ?? bodyOf(request).secret, secret)
    },
  }

  app.post('/api/faults', guarded, async (request, reply) => {
    const state = await faults.set(readFaults(bodyOf(request), isForm(request)))
    return isForm(request) ? backToPage(request, reply) : state
  })

  app.post('/api/clock', guarded, (request, reply) => {
    const step = readStep(bodyOf(request).advanceSeconds)
    if (step === undefined)
      throw new Refused(400, `advanceSeconds must be a whole number from 0 to ${longestStep}.`, 'advanceSeconds')
    if (clock.advance(step) === 'too-far')
      throw new Refused(400, 'The clock is as far ahead as it goes; start anew with --reset.', 'advanceSeconds')
    return isForm(request) ? backToPage(request, reply) : { now: clock.now().toISOString() }
  })

  app.post('/api/letters', guarded, async (request, reply) => {
    const { cardholder, lang } = bodyOf(request)
    if (!isAddressee(cardholder))
      throw new Refused(400, `cardholder must be one of ${Object.keys(addressees).join(', ')}.`, 'cardholder')
    const language = chooseLanguage(lang, request.headers['accept-language'])
    const w = words[language]
    const to = addressees[cardholder][language]
    const code = await letter(cardholder)
    deliver({
      channel: 'letter',
      to,
      from: w.letterFrom,
      subject: w.letterSubject,
      text: w.letterText(code),
      html: null,
    })
    return isForm(request) ? backToPage(request, reply) : { activationCode: code }
  })

  await mail.follow()
  const front = await listenOnLoopback(app, port).catch(async error => {
    await mail.close()
    throw error
  })
  return {
    close: async () => {
      await Promise.all([front.close(), mail.close()])
    },
  }
}

function backToPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.redirect(`/?lang=${chooseLanguage(bodyOf(request).lang, request.headers['accept-language'])}`, 303)
}

function readWanted({ to, channel, since }: Readonly<Record<string, unknown>>) {
  if (to !== undefined && typeof to !== 'string') throw new Refused(400, 'to must be given once.', 'to')
  if (channel !== undefined && !isChannel(channel))
    throw new Refused(400, `channel must be one of ${channels.join(', ')}.`, 'channel')
  const from = typeof since === 'string' ? new Date(since) : undefined
  if (since !== undefined && (!from || Number.isNaN(from.getTime())))
    throw new Refused(400, 'since must be a date and time in ISO 8601.', 'since')
  return { to, channel, since: from }
}

function readFaults(body: Readonly<Record<string, unknown>>, form: boolean): Partial<FaultState> {
  const changes: Partial<FaultState> = {}
  for (const [name, value] of Object.entries(body)) {
    if (form && (name === 'secret' || name === 'lang')) continue
    if (!isGateway(name)) throw new Refused(400, `There is no gateway of that name, only ${gateways.join(', ')}.`, name)
    const condition = conditions[name].find(possible => possible === value)
    if (!condition) throw new Refused(400, `${name} must be one of ${conditions[name].join(', ')}.`, name)
    changes[name] = condition
  }
  return changes
}

const isChannel = (value: unknown): value is Channel => channels.some(channel => channel === value)
const isGateway = (value: unknown): value is Gateway => gateways.some(gateway => gateway === value)
