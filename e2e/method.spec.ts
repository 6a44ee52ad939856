import { createServer, type Server } from 'node:http'
import postgres from 'postgres'
import { poll } from './poll.ts'
import { send } from './raw.ts'
import { addresses, cards } from './shop.ts'
import { test as base, expect } from './test.ts'
import { decode } from './visitor.ts'
import { ChallengeWindow } from './window.ts'

// 3DS Method: a hidden frame in which we see the browser before the payment.

const uuid = () => crypto.randomUUID()
const encode = (data: object) => Buffer.from(JSON.stringify(data)).toString('base64url')

interface Back {
  readonly url: string
  readonly data: string
}
/** A 3DS Server for the test: a page with the hidden frame, and the notification address. */
const test = base.extend<{ merchant: { readonly origin: string; readonly back: Back[] } }>({
  merchant: async ({ product }, use) => {
    const { spare: origin, acs } = product.addresses
    const back: Back[] = []
    const server: Server = createServer(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      response.setHeader('content-type', 'text/html; charset=utf-8')
      const url = request.url ?? ''
      if (request.method === 'POST') back.push({ url, data: new URLSearchParams(body).get('threeDSMethodData') ?? '' })
      if (request.method === 'POST' || url === '/empty') return response.end('<!doctype html><title>done</title>')
      const { sandbox, data } = Object.fromEntries(new URL(url, origin).searchParams)
      return response.end(`<!doctype html><title>A shop</title><iframe name="m"${sandbox ? ` sandbox="${sandbox}"` : ''}></iframe>
<form method="post" action="${acs}/acs/method"${data === 'top' ? '' : ' target="m"'}><input name="threeDSMethodData" value="${data === 'top' ? '' : data}"></form>`)
    })
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(Number(new URL(origin).port), 'localhost', resolve),
    )
    await use({ origin, back })
    await new Promise(closed => {
      server.close(closed)
      server.closeAllConnections()
    })
  },
})

const submit = () => document.querySelector('form')?.submit()

for (const [what, sandbox] of [
  ['a frame', ''],
  ['a sandboxed frame without an origin', 'allow-forms allow-scripts'],
] as const) {
  test(`[Req 264] in ${what} it leads back to the address exactly as given, and reports the time zone`, async ({
    page,
    product,
    merchant,
  }) => {
    const threeDSServerTransID = uuid()
    const path = '/notify?session=a%20b&x=%3C%22%27%3E&y=1#part'
    const data = encode({ threeDSServerTransID, threeDSMethodNotificationURL: merchant.origin + path })
    await page.goto(`${merchant.origin}/?${new URLSearchParams({ sandbox, data })}`)
    await page.evaluate(submit)
    await poll(() => merchant.back.length).toBe(1)
    expect(merchant.back[0]?.url).toBe(path.replace('#part', ''))
    expect(decode(merchant.back[0]?.data)).toEqual({ threeDSServerTransID })
    const sql = postgres({ ...product.database(), max: 1 })
    const [row] =
      await sql`select time_zone, device_digest from method_results where three_ds_server_trans_id = ${threeDSServerTransID}`
    await sql.end()
    expect(row?.time_zone).toBe(String(await page.evaluate(() => new Date().getTimezoneOffset())))
    expect(row?.device_digest).not.toBeNull()
  })
}

test('without scripts what the request reveals is still recorded', async ({ browser, product, merchant }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const threeDSServerTransID = uuid()
  const data = encode({ threeDSServerTransID, threeDSMethodNotificationURL: `${merchant.origin}/notify` })
  await page.setContent(
    `<form method="post" action="${product.addresses.acs}/acs/method" target="m"><input name="threeDSMethodData" value="${data}"><button>go</button></form><iframe name="m"></iframe>`,
  )
  await page.click('button')
  const sql = postgres({ ...product.database(), max: 1 })
  await poll(
    async () =>
      (await sql`select 1 from method_results where three_ds_server_trans_id = ${threeDSServerTransID}`).length,
  ).toBe(1)
  await sql.end()
  await context.close()
})

test('outside a frame it is refused, so that our name redirects no visitor', async ({ page, product, merchant }) => {
  const data = encode({ threeDSServerTransID: uuid(), threeDSMethodNotificationURL: `${merchant.origin}/notify` })
  await page.goto(`${merchant.origin}/empty`)
  const [answer] = await Promise.all([
    page.waitForResponse(`${product.addresses.acs}/acs/method`),
    page.evaluate(
      ([action, value]) => {
        document.body.innerHTML = `<form method="post" action="${action}"><input name="threeDSMethodData" value="${value}"></form>`
        document.querySelector('form')?.submit()
      },
      [`${product.addresses.acs}/acs/method`, data] as const,
    ),
  ])
  expect(answer.status()).toBe(403)
  expect(merchant.back).toEqual([])
})

test.describe('the address', () => {
  const ask = async (web: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    send(web, {
      method: 'POST',
      path: '/acs/method',
      headers: { host: new URL(web).host, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  const good = (threeDSMethodNotificationURL = 'https://3ds.merchant.example:8443/x') => ({
    threeDSMethodData: encode({ threeDSServerTransID: uuid(), threeDSMethodNotificationURL }),
  })

  test('has only the notification address’s origin in its policy', async ({ product }) => {
    const { status, headers } = await ask(product.addresses.web, good(), { origin: 'https://shop.example' })
    expect(status).toBe(200)
    const policy = String(headers['content-security-policy']).split('; ')
    expect(policy).toContain('form-action https://3ds.merchant.example:8443')
    expect(policy).toContain("default-src 'none'")
    expect(String(headers['content-security-policy'])).not.toMatch(/form-action 'self'|, /)
    expect(headers['cache-control']).toBe('no-store')
    expect(String(headers['set-cookie'])).toMatch(
      /^device=[\w-]{43}; Path=\/acs\/method; Max-Age=15552000; Secure; HttpOnly; SameSite=None; Partitioned$/,
    )
  })

  test('escapes the address in markup', async ({ product }) => {
    const { body } = await ask(product.addresses.web, good('https://merchant.example/"><script>alert(1)</script>'))
    expect(body).not.toContain('<script>alert')
    expect(body).toContain('action="https://merchant.example/&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;"')
  })

  test('refuses other requests with a plain 4xx', async ({ product }) => {
    const { web } = product.addresses
    for (const url of [
      'http://merchant.example/',
      'javascript:alert(1)',
      'https://a;sandbox/',
      'https://u:p@merchant.example/',
    ])
      expect((await ask(web, good(url))).status).toBe(400)
    expect((await ask(web, {})).status).toBe(400)
    expect((await ask(web, { threeDSServerTransID: uuid(), pageToken: 'x', timeZone: '0' })).status).toBe(400)
    for (const dest of ['document', 'object', 'embed', 'script'])
      expect((await ask(web, good(), { 'sec-fetch-dest': dest })).status).toBe(403)
    expect((await ask(web, good(), { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await ask(web, { threeDSMethodData: 'x'.repeat(70_000) })).status).toBe(413)
    expect((await send(web, { path: '/acs/method', headers: { host: new URL(web).host } })).status).toBe(405)
  })
})

test('the shop runs it before paying, and a browser in which the cardholder succeeded is known for that card', async ({
  page,
  product,
  shop,
  inbox,
}) => {
  await page.goto(`${product.addresses.merchant}/?lang=ja`)
  await page.check(`input[name="card"][value="${cards.hanako}"]`)
  await page.check('input[name="product"][value="teapot"]')
  await page.selectOption('select[name="presentation"]', 'page')
  await page.click('button.pay')
  await page.waitForURL(/\/acs\/challenge\//)
  const window = new ChallengeWindow(page)
  await window.enter(await inbox.codeFor(addresses.hanako))
  await page.waitForURL(/\/orders\//)
  const orderId = /orders\/([\w-]+)/.exec(page.url())?.[1] ?? ''
  const order = await shop.result({ orderId })
  expect(order.areq).toMatchObject({ threeDSCompInd: 'Y' })
  expect(order.rreq).toMatchObject({ transStatus: 'Y' })
  const sql = postgres({ ...product.database(), max: 1 })
  const rows =
    await sql`select r.time_zone from method_results r join card_browsers b on b.device_digest = r.device_digest
    where r.three_ds_server_trans_id = ${String(order.areq.threeDSServerTransID)}`
  await sql.end()
  expect(rows).toHaveLength(1)
})
