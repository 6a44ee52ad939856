import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { database } from '#db/client.ts'
import { enqueue, undelivered } from '#db/queries/outbox.ts'
import { until } from '#db/testing/until.ts'
import { policy } from '#domain/challenge/policy.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { DirectoryServerDouble, receipt } from '../testing/directory-server.ts'
import { queueMail } from '../testing/queue-mail.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { handlers } from './handlers.ts'
import { Sender } from './sender.ts'
import { leaseOf } from './settle.ts'

let at: Deployment
const hanging = new DirectoryServerDouble()
const gateway = new SmsGatewayDouble()

beforeAll(async () => {
  await Promise.all([hanging.start(), gateway.start()])
  at = await startDeployment(gateway.settings('http,twilio'))
  at.changeIssuer(({ directoryServers: [first, second], ...rest }) => ({
    ...rest,
    directoryServers: [first, { ...second, hosts: [hanging.host] }],
  }))
  at.configure({})
})
afterAll(async () => {
  await Promise.all([at.stop(), hanging.stop(), gateway.stop()])
})
beforeEach(async () => {
  at.advance(3600)
  at.directoryServer.react = receipt()
  hanging.react = () => {}
  await at.sql`delete from outbox`
})

/** Queues results for a directory server, as many challenges would, but of one challenge. */
async function queueResults(double: DirectoryServerDouble, count: number): Promise<void> {
  const { acsTransID = '', ...ids } = await at.areq()
  await at.sql`update challenges set ds_url = ${double.url}, directory_server = ${
    double === hanging ? 'second' : 'first'
  } where acs_trans_id = ${acsTransID}`
  const challengeId = await at.idOf(acsTransID)
  for (let queued = 0; queued < count; queued++) {
    await enqueue(database(), {
      id: randomUUID(),
      kind: 'rreq',
      host: double.host,
      challengeId,
      body: JSON.stringify({ ...ids, acsTransID, messageType: 'RReq' }),
      nextAt: now(),
      createdAt: now(),
    })
  }
}

test('a row of each kind is leased for longer than an attempt may take', () => {
  expect(leaseOf(handlers.email)).toBeGreaterThan(policy.mailTimeout)
  expect(leaseOf(handlers.sms)).toBeGreaterThan(config().smsGateways.length * policy.smsTimeout)
  expect(leaseOf(handlers.rreq)).toBeGreaterThan(policy.resultTimeout)
})

describe('a directory server that hangs', () => {
  test('delays no result for another, however many of its own are due before', async () => {
    await queueResults(hanging, 100)
    at.advance(1)
    await queueResults(at.directoryServer, 1)
    const [before, asked] = [at.directoryServer.rreqs.length, hanging.rreqs.length]
    const sender = new Sender(handlers)
    await sender.startDue('rreq')
    await until(() => at.directoryServer.rreqs.length > before)
    await until(() => hanging.rreqs.length === asked + policy.slotsPerHost.rreq)
    // Its slots are taken, so no more of its rows are leased.
    await sender.startDue('rreq')
    const [row] = await at.sql`select count(*)::int as leased from outbox where host = ${hanging.host} and tries > 0`
    expect(row?.leased).toBe(policy.slotsPerHost.rreq)
    await sender.settled()
  })

  test('is rested after enough attempts in a row without a response, then gets one at a time, and all once it responds', async () => {
    await hanging.stop()
    await queueResults(hanging, policy.slotsPerHost.rreq + 4)
    const sender = new Sender(handlers)
    const tried = async () => Number((await at.sql`select sum(tries) from outbox`)[0]?.sum)
    const round = async () => {
      const before = await tried()
      await sender.startDue('rreq')
      await sender.settled()
      return (await tried()) - before
    }
    expect(await round()).toBe(policy.slotsPerHost.rreq)
    expect(await round()).toBe(0)
    at.advance(policy.breakerPause / 1000)
    expect(await round()).toBe(1)
    expect(await round()).toBe(0)
    await hanging.start()
    hanging.react = receipt()
    at.advance(policy.resultRetryPause / 1000)
    expect(await round()).toBe(1)
    // The rows that were never tried, and half as many tried ones as there are slots.
    expect(await round()).toBe(2 + policy.slotsPerHost.rreq / 2)
  })

  test('has a queue of its own; results for a host that is no longer configured are still tried', async () => {
    await queueResults(hanging, 1)
    await at.sql`update outbox set host = 'former.ds.example'`
    await at.sql`update challenges set ds_url = 'https://former.ds.example/' where ds_url = ${hanging.url}`
    await at.deliver()
    expect(await at.sql`select tries, leased_until from outbox`).toEqual([{ tries: 1, leased_until: null }])
  })
})

describe('messages that hang at the mail server', () => {
  test('leave room for others: at most half the slots are used for messages that were tried before', async () => {
    const slots = policy.slotsPerHost.email
    at.mailbox.hangsFor = to => to.startsWith('stuck')
    for (let queued = 0; queued < slots; queued++) await queueMail(`stuck-${queued}@cardholder.example`)
    await at.sql`update outbox set tries = 1`
    const sender = new Sender(handlers)
    const before = at.mailbox.mails.length
    await sender.startDue('email')
    await until(() => at.mailbox.hanging === slots / 2)
    await queueMail('hanako@cardholder.example')
    await sender.startDue('email')
    await until(() => at.mailbox.mails.length === before + 1)
    expect(at.mailbox.hanging).toBe(slots / 2)
    await at.mailbox.down()
    await sender.settled()
    await at.mailbox.up()
    at.mailbox.hangsFor = () => false
  })
})

describe('a code that no gateway has taken in time', () => {
  const due = () => undelivered(now() - policy.deliveryPatience, 10)

  test('is found even while an attempt is under way, and not before', async () => {
    const { acsTransID } = await at.window()
    await at.sql`update outbox set leased_until = ${now() + 3_600_000}, tries = 1`
    expect(await due()).toEqual([])
    at.advance(policy.deliveryPatience / 1000)
    expect(await due()).toEqual([await at.idOf(acsTransID)])
  })

  test('is not found if the other channel has taken it, or its challenge has ended', async () => {
    gateway.refusal = { http: 503, twilio: 503 }
    await at.windowWithCode()
    gateway.refusal = {}
    const { acsTransID } = await at.window()
    await at.sql`update challenges set state = 'ended', outcome = 'cancelled' where acs_trans_id = ${acsTransID}`
    at.advance(policy.deliveryPatience / 1000)
    expect(await due()).toEqual([])
  })
})
