import { createHmac } from 'node:crypto'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { showWindow } from '../challenge/view.ts'
import { now } from '../platform/clock.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble, smsSecret } from '../testing/sms-gateway.ts'
import { takeHttpReceipt, takeTwilioReceipt } from './delivery-receipt.ts'

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
  at.mailbox.refusal = undefined
  at.advance(3600)
})

const http = (receipt: object) => {
  const body = JSON.stringify(receipt)
  const time = String(Math.floor(now() / 1000))
  return takeHttpReceipt(body, time, `v1=${createHmac('sha256', smsSecret).update(`${time}.${body}`).digest('hex')}`)
}
const twilio = (id: string, fields: Record<string, string>) =>
  takeTwilioReceipt(
    id,
    new URLSearchParams(fields).toString(),
    getExpectedTwilioSignature(at.setting('TWILIO_AUTH_TOKEN'), `https://acs.test/gateway/sms/twilio/${id}`, fields),
  )
const smsOf = async (acsTransID: string) => String((await at.outbox(acsTransID, 'sms'))[0]?.id)
const states = async (windowKey: string) => {
  const window = await showWindow(windowKey)
  return window.kind === 'asking' ? window.destinations.map(({ state }) => state) : window.kind
}

describe('the state of a message', () => {
  test('is queued, handed over, then what the receipt says, and the window shows it', async () => {
    const { windowKey, acsTransID } = await at.window()
    expect(await states(windowKey)).toEqual(['queued', 'queued'])
    await at.deliver()
    expect(await states(windowKey)).toEqual(['handed-over', 'handed-over'])
    await http({ id: await smsOf(acsTransID), state: 'delivered' })
    expect(await states(windowKey)).toEqual(['handed-over', 'delivered'])
  })

  test('follows Twilio’s receipts, even before Twilio has answered the request', async () => {
    const { windowKey, acsTransID } = await at.window()
    const id = await smsOf(acsTransID)
    await twilio(id, { MessageSid: 'SM1', MessageStatus: 'sent' })
    expect(await states(windowKey)).toEqual(['queued', 'queued'])
    await twilio(id, { MessageSid: 'SM1', MessageStatus: 'delivered' })
    await twilio(id, { MessageSid: 'SM1', MessageStatus: 'undelivered' })
    expect(await states(windowKey)).toEqual(['queued', 'delivered'])
  })
})

describe('a message that does not arrive', () => {
  test('leaves the challenge open while the code can still arrive by the other channel', async () => {
    const { windowKey, acsTransID } = await at.windowWithCode()
    await http({ id: await smsOf(acsTransID), state: 'failed' })
    expect(await states(windowKey)).toEqual(['handed-over', 'failed'])
  })

  test('ends the challenge with U if it was the last channel', async () => {
    at.mailbox.refusal = 550
    const { windowKey, acsTransID } = await at.window()
    await at.deliver()
    expect(await states(windowKey)).toEqual(['failed', 'handed-over'])
    await twilio(await smsOf(acsTransID), { MessageStatus: 'failed' })
    expect(await states(windowKey)).toBe('ended')
    // The worker sends the result.
    at.advance(policy.resultHeadStart / 1000)
    await at.deliver()
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'U', transStatusReason: '22' }])
  })
})

describe('a receipt', () => {
  test('that is forged, malformed or about no message changes nothing', async () => {
    const { windowKey, acsTransID } = await at.windowWithCode()
    const id = await smsOf(acsTransID)
    expect(await takeHttpReceipt(JSON.stringify({ id, state: 'failed' }), '1', 'v1=0')).toEqual({ kind: 'foreign' })
    expect(await takeTwilioReceipt(id, 'MessageStatus=failed', 'forged')).toEqual({ kind: 'foreign' })
    expect(await http({ id, state: 'lost' })).toEqual({ kind: 'malformed' })
    expect(await http({ id: acsTransID, state: 'failed' })).toEqual({ kind: 'taken' })
    expect(await states(windowKey)).toEqual(['handed-over', 'handed-over'])
  })
})
