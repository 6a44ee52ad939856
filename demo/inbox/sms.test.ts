import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Faults } from '../faults.ts'
import { freePort } from '../free-port.ts'
import { startInbox } from './index.ts'

const smsSecret = 'swordfish'
const faults = new Faults()
const receipts: { readonly body: string; readonly signature: unknown; readonly time: unknown }[] = []
const product = createServer((request, response) => {
  const { 'x-signature': signature, 'x-signature-time': time } = request.headers
  request.on('data', data => receipts.push({ body: String(data), signature, time }))
  response.statusCode = 204
  response.end()
})
let origin = ''
let inbox: Awaited<ReturnType<typeof startInbox>>

beforeAll(async () => {
  product.listen(0, '127.0.0.1')
  await once(product, 'listening')
  const [port, smtpPort] = [await freePort(), await freePort()]
  origin = `http://127.0.0.1:${port}`
  inbox = await startInbox({
    port,
    smtpPort,
    secret: 'door',
    dataDir: mkdtempSync(join(tmpdir(), 'inbox-')),
    faults,
    gatewaySecrets: { sms: smsSecret, appPush: 'unused' },
    smsReceipts: `http://127.0.0.1:${(product.address() as AddressInfo).port}/`,
    product: { origin: 'http://localhost/unused', port: 1 },
    shopOrigin: 'http://localhost/unused',
    letter: async () => '',
  })
})
afterAll(async () => {
  product.close()
  await inbox.close()
})

const sign = (time: string, body: string) =>
  `v1=${createHmac('sha256', smsSecret).update(`${time}.${body}`).digest('hex')}`
const seconds = () => String(Math.floor(Date.now() / 1000))

function send(message: object, { time = seconds(), signature = '' } = {}) {
  const body = JSON.stringify(message)
  return fetch(`${origin}/gateway/sms`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-signature-time': time,
      'x-signature': signature || sign(time, body),
    },
    body,
  })
}
const message = () => ({ id: randomUUID(), to: '+819012345678', text: '【SafeKey】認証コード123456' })
const arrived = async () =>
  (await (await fetch(`${origin}/api/messages?to=%2B81 90-1234-5678&channel=sms`)).json()) as { text: string }[]

test('a signed text message arrives once, however often it is sent, and its sender gets a receipt', async () => {
  const sent = message()
  expect([(await send(sent)).status, (await send(sent)).status]).toEqual([202, 409])
  expect(await arrived()).toMatchObject([{ to: '+819012345678', text: sent.text }])
  await vi.waitUntil(() => receipts.length > 0, 5_000)
  const [receipt] = receipts
  expect(JSON.parse(receipt?.body ?? '')).toEqual({ id: sent.id, state: 'delivered' })
  expect(receipt?.signature).toBe(sign(String(receipt?.time), receipt?.body ?? ''))
})

test('refuses a message without a signature, or with an old one', async () => {
  const before = (await arrived()).length
  const old = String(Number(seconds()) - 400)
  expect((await send(message(), { signature: 'v1=00' })).status).toBe(401)
  expect((await send(message(), { time: old })).status).toBe(401)
  expect(await arrived()).toHaveLength(before)
})

test.each([
  [{ ...message(), to: '090-1234-5678' }, 400],
  [{ ...message(), id: 7 }, 400],
  [{ ...message(), text: 'あ'.repeat(135) }, 422],
  [{ ...message(), text: '' }, 422],
  [[], 400],
])('refuses %j as a message', async (sent, status) => {
  expect((await send(sent)).status).toBe(status)
})

test('a gateway that is down cuts the connection, and accepts messages again once it is up', async () => {
  await faults.set({ sms: 'down' })
  await expect(send(message())).rejects.toThrow()
  await faults.set({ sms: 'up' })
  expect((await send(message())).status).toBe(202)
})
