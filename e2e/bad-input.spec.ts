import { randomUUID } from 'node:crypto'
import { formsIn } from '../demo/phone/forms.ts'
import { type RawRequest, send } from './raw.ts'
import { addresses, type Message } from './shop.ts'
import { expect, test } from './test.ts'
import { creqOf, decode, encode } from './visitor.ts'

// Any request of browsers and merchants to the site gets a plain 4xx, never a 5xx, and never details of the software.

/** What no answer may contain. */
const inside = /node_modules|\.tsx?\b|\n\s+at |Error:(?!\s*Confirm)|postgres|drizzle|stack/i

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

test.describe('a CReq that identifies no transaction', () => {
  const known = { messageType: 'CReq', messageVersion: '2.2.0', challengeWindowSize: '02' }
  const strangers = { threeDSServerTransID: randomUUID(), acsTransID: randomUUID() }
  const creqs: Record<string, string> = {
    'nothing at all': '',
    'no base64url': '%%%',
    'base64url of no JSON': Buffer.from('not json').toString('base64url'),
    'a JSON array': encode([1, 2]),
    'JSON null': encode(null),
    'no ids': encode(known),
    'unknown ids': encode({ ...known, ...strangers }),
    'ids that are no UUIDs': encode({ ...known, threeDSServerTransID: "' or 1=1", acsTransID: { $ne: 1 } }),
    'another message': encode({ ...known, ...strangers, messageType: 'AReq' }),
    'deep nesting': Buffer.from(`${'['.repeat(10_000)}${']'.repeat(10_000)}`).toString('base64url'),
    'no UTF-8': Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('base64url'),
  }
  for (const [what, creq] of Object.entries(creqs)) {
    test(`gets an error page in both languages without a reason: ${what}`, async ({ visitor }) => {
      const answer = await visitor.postCReq({ creq, threeDSSessionData: '"><script>alert(1)</script>' })
      const html = await answer.text()
      expect(answer.status).toBe(400)
      expect(html).toContain('この画面は表示できません')
      expect(html).toContain('Sorry, we cannot show this page')
      expect(formsIn(html)).toEqual([])
      expect(html).not.toMatch(/<script(?! src="\/return\.js")/)
      expect(html).not.toMatch(inside)
    })
  }

  test('gets the same page without the field', async ({ visitor }) => {
    expect((await visitor.postCReq({})).status).toBe(400)
    expect((await visitor.postCReq({ cres: 'x' })).status).toBe(400)
  })
})

test('a broken CReq of a known transaction is reported to the merchant, and ends the challenge', async ({
  shop,
  visitor,
}) => {
  for (const [change, errorCode, errorDetail] of [
    [{ challengeWindowSize: '09' }, '203', 'challengeWindowSize'],
    [{ challengeWindowSize: undefined }, '201', 'challengeWindowSize'],
    [{ messageVersion: '2.1.0' }, '203', 'messageVersion'],
    [{ messageVersion: '9.9.9' }, '102', /^2\.1\.0,2\.2\.0,2\.3\.1/],
  ] as const) {
    const order = await shop.order()
    const answer = await visitor.postCReq({ creq: encode({ ...creqOf(order), ...change }) })
    expect(answer.status).toBe(400)
    const [form] = formsIn(await answer.text())
    expect(form?.action).toBe(order.areq.notificationURL)
    const erro = decode(form?.fields.erro)
    expect(erro).toMatchObject({
      messageType: 'Erro',
      errorCode,
      errorComponent: 'A',
      acsTransID: order.ares.acsTransID,
    })
    expect(erro.errorDetail).toMatch(errorDetail)
    expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'U' })
  }
})

test('one right id of a pair opens nothing', async ({ shop, visitor }) => {
  const order = await shop.order()
  for (const half of [{ acsTransID: randomUUID() }, { threeDSServerTransID: randomUUID() }]) {
    const answer = await visitor.postCReq({ creq: encode({ ...creqOf(order), ...half }) })
    expect(answer.status).toBe(400)
    expect(formsIn(await answer.text())).toEqual([])
  }
  // The transaction is not affected.
  expect((await shop.see(order)).rreq).toBeNull()
  await visitor.open(order)
})

test('a CReq after the end leads back to the shop with an error, and changes nothing', async ({
  shop,
  visitor,
  inbox,
}) => {
  const order = await shop.order()
  const path = await visitor.open(order)
  await visitor.enter(path, await inbox.codeFor(addresses.hanako))
  const answer = await visitor.postCReq({ creq: encode(creqOf(order)) })
  expect(answer.status).toBe(400)
  const [form] = formsIn(await answer.text())
  expect(decode(form?.fields.erro)).toMatchObject({ errorCode: '305' })
  expect((await shop.see(order)).rreq).toMatchObject({ transStatus: 'Y' })
})

const refused: [what: string, status: number, request: RawRequest][] = [
  [
    'a CReq as plain text',
    415,
    { method: 'POST', path: '/acs/challenge', headers: { 'content-type': 'text/plain' }, body: '{}' },
  ],
  ['a CReq without a type', 415, { method: 'POST', path: '/acs/challenge', body: 'creq=x' }],
  [
    'a CReq of 100 kB',
    413,
    { method: 'POST', path: '/acs/challenge', headers: urlencoded, body: `creq=${'A'.repeat(100_000)}` },
  ],
  [
    'a broken multipart form',
    400,
    {
      method: 'POST',
      path: '/acs/challenge/x',
      headers: { 'content-type': 'multipart/form-data; boundary=a' },
      body: '--a\r\nContent-',
    },
  ],
  [
    'a multipart form without a boundary',
    400,
    { method: 'POST', path: '/acs/challenge/x', headers: { 'content-type': 'multipart/form-data' }, body: 'x' },
  ],
  [
    'a window action from another site',
    403,
    {
      method: 'POST',
      path: '/acs/challenge/x',
      headers: { ...urlencoded, origin: 'https://evil.example' },
      body: 'a=b',
    },
  ],
  [
    'a window action with an invalid origin',
    403,
    { method: 'POST', path: '/acs/challenge/x', headers: { ...urlencoded, origin: 'evil' }, body: 'a=b' },
  ],
  [
    'a post to the site from nowhere',
    403,
    { method: 'POST', path: '/ja', headers: { ...urlencoded, origin: 'null' }, body: 'a=b' },
  ],
  [
    'a post to the site with an action of the framework',
    403,
    {
      method: 'POST',
      path: '/en',
      headers: { ...urlencoded, origin: 'null', 'next-action': 'a'.repeat(42) },
      body: 'a=b',
    },
  ],
  ['an unknown host', 421, { path: '/ja', headers: { host: 'evil.example' } }],
  [
    'a CReq under an unknown host',
    421,
    { method: 'POST', path: '/acs/challenge', headers: { ...urlencoded, host: 'evil.example' }, body: 'creq=x' },
  ],
  ['broken percent-encoding', 400, { path: '/ja/%E0%A4%A' }],
  ['a zero byte', 400, { path: '/ja/%00' }],
  ['a path that begins like a host', 400, { path: '//evil.example/' }],
  ['a backslash', 400, { path: '/\\evil.example' }],
  ['an absolute address as path', 400, { path: 'http://evil.example/ja' }],
  ['PUT', 405, { method: 'PUT', path: '/ja' }],
  ['DELETE', 405, { method: 'DELETE', path: '/acs/challenge/x' }],
  ['OPTIONS', 405, { method: 'OPTIONS', path: '/acs/challenge' }],
  ['TRACE', 405, { method: 'TRACE', path: '/' }],
  ['a CReq by GET', 405, { path: '/acs/challenge' }],
]

for (const [what, status, request] of refused) {
  test(`${what} is refused with ${status}`, async ({ product }) => {
    const answer = await send(product.addresses.web, request)
    expect(answer.status).toBe(status)
    expect(answer.body).not.toMatch(inside)
  })
}

for (const path of [
  '/../../etc/passwd',
  '/..%2f..%2f.env',
  '/%2e%2e/%2e%2e/package.json',
  '/_next/../../package.json',
  '/_next/static/..%2f..%2f..%2fpackage.json',
  '/_next/image?url=%2fetc%2fpasswd&w=64&q=75',
  '/_next/data/x/ja.json',
  '/.env',
  '/server/main.ts',
  '/.next/BUILD_ID',
  `/${'a'.repeat(8_000)}`,
  '/acs/challenge/unknown',
  '/acs/challenge/..%2f..%2fja',
  '/acs/challenge/%2e%2e%2funknown/return',
  `/acs/challenge/${'A'.repeat(43)}`,
  '/ja?__proto__[x]=1&x=%E0%A4%A',
  '/health/nothing',
]) {
  test(`a request for ${path.slice(0, 50)} finds no file and breaks nothing`, async ({ product }) => {
    for (const headers of [
      {},
      { rsc: '1' },
      { 'next-router-state-tree': '%' },
      { 'x-middleware-subrequest': 'middleware' },
    ]) {
      const answer = await send(product.addresses.web, { path, headers })
      expect(answer.status).toBeLessThan(500)
      expect(answer.body).not.toMatch(/root:|"dependencies"|KEY_|spawn/)
      expect(answer.body).not.toMatch(inside)
    }
  })
}

test.describe('a post to a window', () => {
  interface Case {
    readonly what: string
    readonly fields?: Message
    readonly headers?: Readonly<Record<string, string>>
  }
  const elsewhere = { windowKey: 'A'.repeat(43) }
  const cases: Case[] = [
    { what: 'a made-up token', fields: { formToken: 'A'.repeat(43) } },
    { what: 'no token', fields: { formToken: '' } },
    { what: 'a made-up window key', fields: elsewhere },
    { what: 'an invalid key', fields: { windowKey: '../../../ja' } },
  ]
  for (const { what, fields } of cases) {
    test(`with ${what} does nothing`, async ({ shop, visitor, inbox }) => {
      const order = await shop.order()
      const path = await visitor.open(order)
      const code = await inbox.codeFor(addresses.hanako)
      const form = await visitor.form(path, 'name="code"')
      const answer = await visitor.submit(path, form, { ...(fields as Record<string, string>), code })
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe('/acs/challenge/unknown')
      expect((await shop.see(order)).rreq).toBeNull()
    })
  }

  test('with another window’s token or key affects neither', async ({ shop, visitor, inbox }) => {
    const mine = await shop.order()
    const theirs = await shop.order({ card: '371449635398431' })
    const [myPath, theirPath] = [await visitor.open(mine), await visitor.open(theirs)]
    const code = await inbox.codeFor(addresses.alex)
    const [my, their] = [await visitor.form(myPath, 'name="code"'), await visitor.form(theirPath, 'name="code"')]
    const { windowKey = '', formToken = '' } = my.fields
    for (const mixed of [{ windowKey }, { formToken }]) {
      const answer = await visitor.submit(theirPath, their, { ...mixed, code })
      expect(answer.headers.get('location')).toBe('/acs/challenge/unknown')
    }
    for (const order of [mine, theirs]) expect((await shop.see(order)).rreq).toBeNull()
  })

  test('with duplicate fields, files or thousands of fields breaks nothing', async ({ product, shop, visitor }) => {
    const path = await visitor.open(await shop.order())
    const { fields } = await visitor.form(path, 'name="code"')
    const twice = new FormData()
    const files = new FormData()
    const many = new FormData()
    for (const [name, value] of Object.entries(fields)) {
      twice.append(name, value)
      twice.append(name, value)
      files.append(name, new Blob([value]), 'file')
      many.append(name, value)
    }
    for (let nth = 0; nth < 500; nth++) many.append(`f${nth}`, 'x')
    for (const body of [twice, files, many]) {
      const headers = { origin: product.addresses.web }
      const answer = await fetch(product.addresses.web + path, { method: 'POST', headers, body, redirect: 'manual' })
      expect(answer.status).toBeLessThan(500)
      expect(await answer.text()).not.toMatch(inside)
    }
  })
})

test.describe('a post to a window that contains no action of ours', () => {
  // The framework logs each, without its content.
  test.use({ tolerated: /"msg":"web\.error"/ })

  test('breaks nothing', async ({ shop, visitor }) => {
    const path = await visitor.open(await shop.order())
    const { fields, action } = await visitor.form(path, 'name="code"')
    const { windowKey = '', formToken = '' } = fields
    const names = Object.keys(fields).filter(name => name.startsWith('$ACTION'))
    expect(names.length).toBeGreaterThan(0)
    const madeUp: Record<string, string>[] = [
      { windowKey, formToken, code: '123456' },
      { windowKey, formToken, [`$ACTION_ID_${'0'.repeat(42)}`]: '' },
      { windowKey, formToken, [`$ACTION_ID_${'z'.repeat(5_000)}`]: '' },
      { windowKey, formToken, $ACTION_ID_: '' },
      { windowKey, formToken, $ACTION_REF_1: '', '$ACTION_1:0': '{"id":"x","bound":"$@1"}', '$ACTION_1:1': '[}' },
      { windowKey, formToken, $ACTION_KEY: 'k', $ACTION_REF_: '', '$ACTION_:0': '{' },
    ]
    for (const given of madeUp) {
      for (const headers of [
        {},
        { 'next-action': '0'.repeat(42) },
        { 'next-action': 'x', accept: 'text/x-component' },
      ]) {
        const answer = await visitor.submit(path, { action, fields: given }, {}, headers)
        expect(answer.status, JSON.stringify([Object.keys(given), headers])).toBeLessThan(500)
        const said = await answer.text()
        expect(said).not.toMatch(inside)
        if (answer.status >= 400)
          expect(said).toMatch(
            /リクエストの形式が正しくありません|この画面は表示できません.*Sorry, we cannot show this page/s,
          )
      }
    }
  })
})
