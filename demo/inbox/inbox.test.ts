import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Faults } from '../faults.ts'
import { freePort } from '../free-port.ts'
import { startInbox } from './index.ts'
import type { Message } from './messages.ts'

const secret = 'swordfish'
const dataDir = mkdtempSync(join(tmpdir(), 'inbox-'))
const clockFile = join(dataDir, 'clock')
let origin = ''
let options: Parameters<typeof startInbox>[0]
const unused = 'http://localhost/unused'
const others = {
  gatewaySecrets: { sms: 'unused', appPush: 'unused' },
  smsReceipts: unused,
  product: { origin: unused, port: 1 },
  shopOrigin: unused,
  letter: async (cardholder: string) => `code of ${cardholder}`,
}
let inbox: Awaited<ReturnType<typeof startInbox>>

beforeAll(async () => {
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  options = { port, smtpPort: await freePort(), secret, dataDir, faults: new Faults(), ...others }
  inbox = await startInbox(options)
})

afterAll(() => inbox.close())

function post(path: string, body: unknown, headers: Record<string, string> = { 'x-demo-secret': secret }) {
  return fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

function send(mail: { to: string; subject?: string; text?: string; html?: string }) {
  const transport = createTransport({ host: 'localhost', port: options.smtpPort, ignoreTLS: true })
  return transport.sendMail({ from: 'SafeKey <noreply@issuer.example>', ...mail })
}

async function messages(query = ''): Promise<Message[]> {
  // A separate connection: one kept alive would end with the inbox that a test closes.
  const response = await fetch(`${origin}/api/messages${query}`, { headers: { connection: 'close' } })
  return (await response.json()) as Message[]
}

test('finds a mail by its recipient, even after a restart', async () => {
  await send({ to: 'hanako@cardholder.example', subject: '認証コード', text: '123456', html: '<b>123456</b>' })
  await send({ to: 'Alex@cardholder.example', subject: 'Your code', text: '654321' })
  const seen = await messages('?to=hanako@cardholder.example&channel=email')
  expect(seen).toMatchObject([{ subject: '認証コード', text: '123456', html: '<b>123456</b>' }])
  expect((await messages()).map(({ to }) => to)).toEqual(['Alex@cardholder.example', 'hanako@cardholder.example'])
  await inbox.close()
  inbox = await startInbox(options)
  expect(await messages('?to=hanako@cardholder.example')).toEqual(seen)
})

test('lists only messages received since a given time, and refuses an invalid time', async () => {
  const [newest, ...older] = await messages()
  expect(await messages(`?since=${newest?.sentAt}`)).toContainEqual(newest)
  expect(await messages(`?since=${newest?.sentAt}`)).not.toContainEqual(older.at(-1))
  expect(await messages('?since=2999-01-01')).toEqual([])
  expect((await fetch(`${origin}/api/messages?since=soon`)).status).toBe(400)
  expect((await fetch(`${origin}/api/messages?channel=fax`)).status).toBe(400)
})

test('moves the clock forward by the given step, in the file that the product reads', async () => {
  writeFileSync(clockFile, '1000')
  const before = Date.now()
  const answer = (await (await post('/api/clock', { advanceSeconds: 60 })).json()) as { now: string }
  expect(readFileSync(clockFile, 'utf8')).toBe('61000')
  expect(Date.parse(answer.now) - 61_000).toBeGreaterThanOrEqual(before)
  expect(Date.parse(answer.now) - 61_000).toBeLessThanOrEqual(Date.now())
  await Promise.all(Array.from({ length: 10 }, () => post('/api/clock', { advanceSeconds: 1 })))
  expect(readFileSync(clockFile, 'utf8')).toBe('71000')
})

test.each([
  [{ advanceSeconds: -1 }],
  [{ advanceSeconds: 1.5 }],
  [{ advanceSeconds: '1e3' }],
  [{ advanceSeconds: 400 * 86_400 + 1 }],
  [{ advanceSeconds: null }],
  [{}],
  [[]],
  ['{'],
  ['null'],
])('does not move the clock for %j', async body => {
  const before = readFileSync(clockFile, 'utf8')
  expect((await post('/api/clock', body)).status).toBe(400)
  expect(readFileSync(clockFile, 'utf8')).toBe(before)
})

test('does not move the clock beyond the years that dates may have', async () => {
  const before = readFileSync(clockFile, 'utf8')
  writeFileSync(clockFile, String(40 * 365 * 86_400_000))
  expect((await post('/api/clock', { advanceSeconds: 1 })).status).toBe(400)
  writeFileSync(clockFile, before)
})

test('lets no caller without the secret move the clock or set faults', async () => {
  for (const headers of [{}, { 'x-demo-secret': 'guess' }] as Record<string, string>[]) {
    expect((await post('/api/clock', { advanceSeconds: 60 }, headers)).status).toBe(403)
    expect((await post('/api/faults', { smtp: 'down' }, headers)).status).toBe(403)
  }
  const form = new URLSearchParams({ advanceSeconds: '60', secret: 'guess' })
  expect((await fetch(`${origin}/api/clock`, { method: 'POST', body: form })).status).toBe(403)
})

test("the page's forms contain the secret and lead back to the page", async () => {
  const page = await (await fetch(`${origin}/?lang=en`)).text()
  const field = /name="secret" value="([^"]*)"/.exec(page)?.[1] ?? ''
  const form = new URLSearchParams({ smtp: 'up', secret: field, lang: 'en' })
  const answer = await fetch(`${origin}/api/faults`, { method: 'POST', body: form, redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?lang=en'])
})

test('a mail server that is down refuses, and accepts mail again once it is up', async () => {
  expect(await (await post('/api/faults', { smtp: 'down' })).json()).toMatchObject({ smtp: 'down', ds: 'up' })
  await expect(send({ to: 'ken@cardholder.example' })).rejects.toThrow('ECONNREFUSED')
  await post('/api/faults', { smtp: 'up' })
  await send({ to: 'ken@cardholder.example', text: 'again' })
  expect(await messages('?to=ken@cardholder.example')).toHaveLength(1)
})

test('refuses an unknown fault by name', async () => {
  expect(await (await post('/api/faults', { fax: 'down' })).json()).toMatchObject({ field: 'fax' })
  expect(await (await post('/api/faults', { smtp: 'tired' })).json()).toMatchObject({ field: 'smtp' })
  expect(await (await fetch(`${origin}/api/faults`)).json()).toMatchObject({ smtp: 'up' })
})

test('shows HTML mail without its scripts and without our origin', async () => {
  await send({ to: 'yui@cardholder.example', html: '<script>parent.x=1</script><p style="color:red">hi</p>' })
  const page = await (await fetch(`${origin}/?to=yui@cardholder.example`)).text()
  expect(page).toMatch(/<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"/)
  expect(page).not.toContain('<script>parent')
})

test('sends a letter with an activation code to a cardholder of the demo, and to no one else', async () => {
  expect((await post('/api/letters', { cardholder: 'demo-hanako', lang: 'en' })).status).toBe(200)
  const [letter] = await messages('?channel=letter')
  expect(letter).toMatchObject({ to: 'Hanako Yamada', text: expect.stringContaining('code of demo-hanako') })
  for (const cardholder of ['constructor', 'demo-stranger', null, ['demo-hanako']])
    expect((await post('/api/letters', { cardholder })).status).toBe(400)
  expect((await post('/api/letters', { cardholder: 'demo-hanako' }, {})).status).toBe(403)
  expect(await messages('?channel=letter')).toHaveLength(1)
})

test('shows in a frame of the shop what arrived since an order, newest first, with its code to copy', async () => {
  await send({ to: 'mei@cardholder.example', subject: 'before', text: 'code 111111' })
  const [before] = await messages('?to=mei@cardholder.example')
  const since = new Date(Date.parse(before?.sentAt ?? '') + 1).toISOString()
  await post('/api/clock', { advanceSeconds: 1 })
  await send({ to: 'mei@cardholder.example', subject: 'code', text: 'Code: 222222. Total 128,000 yen. <b>x</b>' })
  await send({ to: 'mei@cardholder.example', subject: 'notice', text: 'call 0120-000-000, or 12345678' })
  const answer = await fetch(`${origin}/arrivals?${new URLSearchParams({ since, lang: 'en' })}`)
  expect(answer.headers.get('content-security-policy')).toContain('frame-ancestors http://localhost')
  const page = await answer.text()
  expect(page).not.toContain('111111')
  expect(page.indexOf('notice')).toBeLessThan(page.indexOf('222222'))
  expect(page.match(/data-code="[^"]*"/g)).toEqual(['data-code="222222"'])
  expect(page).not.toContain('<b>x</b>')
  expect((await fetch(`${origin}/arrivals?since=soon`)).status).toBe(400)
})
