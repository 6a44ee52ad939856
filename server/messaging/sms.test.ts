import { createHmac, randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { dropMessagesAbout } from '#db/queries/outbox.ts'
import { policy } from '#domain/challenge/policy.ts'
import { Hosts } from '../outbox/hosts.ts'
import { now } from '../platform/clock.ts'
import { hanako } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble, smsSecret } from '../testing/sms-gateway.ts'
import { isSigned } from './gateways/signed-post.ts'
import { isFromTwilio } from './gateways/twilio.ts'
import { type Message, notify, queueMessage } from './message.ts'
import { sendSms } from './sms.ts'

let at: Deployment
const gateway = new SmsGatewayDouble()

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings('http,twilio'))
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
afterEach(() => {
  gateway.refusal = {}
  gateway.react = {}
})

const message: Message = {
  to: '+819012345678',
  language: 'ja',
  content: { kind: 'code', words: 'sign-in', code: '123456', lifetime: 600_000 },
}
const gatewaysAsked = () => gateway.asked.slice(-2).map(({ path }) => (path === '/messages' ? 'http' : 'twilio'))

describe('a gateway for text messages', () => {
  test('of the issuer’s own receives id, number and text, signed over time and body', async () => {
    const id = randomUUID()
    expect(await sendSms(message, id, new Hosts())).toEqual({ kind: 'handed-over', gateway: 'http', gatewayRef: id })
    const last = gateway.taken.at(-1)
    expect(JSON.parse(last?.body ?? '')).toEqual({ id, to: '+819012345678', text: expect.stringContaining('123456') })
    expect(last?.headers['x-signature']).toMatch(/^v1=[0-9a-f]{64}$/)
  })

  test('that already has a message from an attempt whose response was lost has taken it', async () => {
    gateway.refusal = { http: 409 }
    expect(await sendSms(message, 'again', new Hosts())).toMatchObject({ kind: 'handed-over', gateway: 'http' })
  })

  test.each([500, 503, 429, 401, 400])('that answers %i is skipped for the second, Twilio', async refusal => {
    gateway.refusal = { http: refusal }
    expect(await sendSms(message, 'id', new Hosts())).toMatchObject({
      kind: 'handed-over',
      gateway: 'twilio',
      gatewayRef: expect.stringMatching(/^SM/),
    })
    expect(gatewaysAsked()).toEqual(['http', 'twilio'])
    expect(gateway.taken.at(-1)).toMatchObject({ to: '+819012345678', text: expect.stringContaining('123456') })
  })

  test.each([
    { http: 400, twilio: 400, kind: 'never' },
    { http: 400, twilio: 503, kind: 'later' },
    { http: 503, twilio: 400, kind: 'later' },
    { http: 503, twilio: 429, kind: 'later' },
  ])('answers $http and the second $twilio: the message is tried again $kind', async ({ http, twilio, kind }) => {
    gateway.refusal = { http, twilio }
    expect(await sendSms(message, 'id', new Hosts())).toMatchObject({ kind })
  })
})

describe.each(['http', 'twilio'] as const)('a gateway (%s) that misbehaves', name => {
  const alone = () => at.configure({ SMS_GATEWAYS: name })
  afterEach(() => at.configure({ SMS_GATEWAYS: 'http,twilio' }))

  test('with a response that trickles without end is given up at the deadline', async () => {
    alone()
    const trickling = (response: ServerResponse) => {
      response.writeHead(201)
      const timer = setInterval(() => response.write(' '), 20)
      response.once('close', () => clearInterval(timer))
    }
    gateway.react = { [name]: trickling }
    expect(await sendSms(message, 'id', new Hosts())).toEqual({ kind: 'later', why: 'timeout' })
  })

  test('with an oversized response is cut off', async () => {
    alone()
    gateway.react = { [name]: (response: ServerResponse) => response.writeHead(201).end('x'.repeat(100_000)) }
    expect(await sendSms(message, 'id', new Hosts())).toEqual({ kind: 'later', why: 'too-large' })
  })

  test('with a redirect is not followed', async () => {
    alone()
    const before = gateway.asked.length
    gateway.react = { [name]: (response: ServerResponse) => response.writeHead(307, { location: '/messages' }).end() }
    expect(await sendSms(message, 'id', new Hosts())).toEqual({ kind: 'later', why: '307' })
    expect(gateway.asked).toHaveLength(before + 1)
  })
})

test('a gateway that leaves attempts without a response is skipped for a while, then tried again', async () => {
  gateway.react = { http: response => response.destroy() }
  const hosts = new Hosts()
  const askedByHttp = () => gateway.asked.filter(({ path }) => path === '/messages').length
  const before = askedByHttp()
  const sendOne = () => sendSms(message, 'id', hosts)
  for (let sent = 0; sent < policy.breakerThreshold + 3; sent++) {
    expect(await sendOne()).toMatchObject({ kind: 'handed-over', gateway: 'twilio' })
  }
  expect(askedByHttp()).toBe(before + policy.breakerThreshold)
  at.advance(policy.breakerPause / 1000)
  gateway.react = {}
  expect(await sendOne()).toMatchObject({ kind: 'handed-over', gateway: 'http' })
})

describe('a receipt from a gateway', () => {
  const body = '{"id":"1","state":"delivered"}'
  const time = () => String(Math.floor(now() / 1000))
  const sign = (text: string) => `v1=${createHmac('sha256', smsSecret).update(text).digest('hex')}`

  test('is accepted if signed with our secret, within five minutes, over exactly this body', () => {
    const good = sign(`${time()}.${body}`)
    const early = String(Number(time()) - 301)
    expect(isSigned(smsSecret, body, time(), good, now())).toBe(true)
    expect(isSigned(smsSecret, `${body} `, time(), good, now())).toBe(false)
    expect(isSigned('another secret', body, time(), good, now())).toBe(false)
    expect(isSigned(smsSecret, body, early, sign(`${early}.${body}`), now())).toBe(false)
    expect(isSigned(smsSecret, body, undefined, good, now())).toBe(false)
    expect(isSigned(smsSecret, body, time(), undefined, now())).toBe(false)
  })

  test('from Twilio is accepted if Twilio signed its fields for our address', () => {
    const fields = { MessageSid: 'SM1', MessageStatus: 'delivered' }
    const signature = getExpectedTwilioSignature(
      at.setting('TWILIO_AUTH_TOKEN'),
      'https://acs.test/gateway/sms/twilio/an-id',
      fields,
    )
    expect(isFromTwilio(signature, 'an-id', fields)).toBe(true)
    expect(isFromTwilio(signature, 'an-id', { ...fields, MessageStatus: 'failed' })).toBe(false)
    expect(isFromTwilio(signature, 'another', fields)).toBe(false)
    expect(isFromTwilio('', 'an-id', fields)).toBe(false)
  })
})

describe('a message that is not about a payment', () => {
  const cardholder = async () => {
    const [row] = await at.sql`select id from cardholders where issuer_ref = 'hanako'`
    return String(row?.id)
  }
  const queued = async () => ({ ...message, channel: 'sms' as const, cardholderId: await cardholder() })

  test('is sent once, by its own channel; the outbox names the gateway and keeps no content', async () => {
    const id = await transaction(async tx => queueMessage(tx, { ...(await queued()), expiresAt: now() + 1000 }, now()))
    const sent = gateway.taken.length
    await Promise.all([at.deliver(), at.deliver(), at.deliver()])
    expect(gateway.taken).toHaveLength(sent + 1)
    expect(
      await at.sql`select kind, template, body, gateway, gateway_ref, failed_at from outbox where id = ${id ?? null}`,
    ).toEqual([
      { kind: 'sms', template: 'code.sign-in', body: null, gateway: 'http', gateway_ref: id, failed_at: null },
    ])
  })

  test('is never sent after it expires, however long the gateways were down', async () => {
    const id = await transaction(async tx =>
      queueMessage(tx, { ...(await queued()), expiresAt: now() + 60_000 }, now()),
    )
    gateway.refusal = { http: 503, twilio: 503 }
    await at.deliver()
    gateway.refusal = {}
    at.advance(60)
    const sent = gateway.taken.length
    await at.deliver()
    expect(gateway.taken).toHaveLength(sent)
    expect(await at.sql`select body, failed_at from outbox where id = ${id ?? null}`).toEqual([
      { body: null, failed_at: expect.any(Date) },
    ])
  })

  test('is not sent once its subject is void', async () => {
    const aboutId = randomUUID()
    await transaction(async tx => {
      await queueMessage(tx, { ...(await queued()), aboutId, expiresAt: now() + 60_000 }, now())
      await dropMessagesAbout(tx, aboutId, now())
    })
    const sent = gateway.taken.length
    await at.deliver()
    expect(gateway.taken).toHaveLength(sent)
  })

  test('goes to every contact on file, in the cardholder’s language, if it is a notice', async () => {
    const told = { cardholderId: await cardholder(), language: 'ja', words: 'email-changed' } as const
    const values = { report: 'ABCDE-FGHJK', contact: 'h•••@•••.jp', at: '11月22日 15:04(日本時間)' }
    await transaction(tx => notify(tx, { ...told, values, path: '/ja/report/token' }, now()))
    await at.deliver()
    expect(gateway.taken.at(-1)).toMatchObject({
      to: hanako.mobile.replace(/[ -]/g, ''),
      text: expect.stringContaining('h•••@•••.jp'),
    })
    expect(at.mailbox.mails.at(-1)).toMatchObject({
      subject: '【SafeKey】メールアドレスが変更されました',
      text: expect.stringContaining('https://acs.test/ja/report/token'),
    })
    expect(gateway.taken.at(-1)?.text).not.toContain('http')
  })
})
