import { newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import { actionsOfAccount, call, filesOf, formFields, pathOf, postAction } from './routes.ts'
import { Rows } from './rows.ts'
import { expect, test } from './test.ts'

// Requests that no browser sends, to every page, route and action of the account, by a signed-in cardholder: never a
// 5xx, and (as for every test here) no log line of level error.

/** Every header that Next.js 16 reads, and some that other servers act on. */
const headerNames = [
  ...['rsc', 'next-action', 'next-url', 'next-router-state-tree', 'next-router-prefetch', 'next-hmr-refresh'],
  ...['next-router-segment-prefetch', 'next-resume', 'next-resume-state-length', 'x-next-resume-state-length'],
  ...['x-next-cache-tags', 'x-next-revalidated-tags', 'x-next-revalidate-tag-token', 'x-prerender-revalidate'],
  ...['x-prerender-revalidate-if-generated', 'x-middleware-prefetch', 'x-middleware-rewrite', 'x-middleware-next'],
  ...['x-middleware-subrequest', 'x-middleware-override-headers', 'x-middleware-set-cookie', 'x-nextjs-data'],
  ...['x-nextjs-request-id', 'x-nextjs-html-request-id', 'x-nextjs-matched-path', 'x-nextjs-postponed'],
  ...['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'x-forwarded-for', 'forwarded', 'x-invoke-path'],
  ...['x-invoke-status', 'x-invoke-error', 'x-invoke-query', 'x-invoke-output', 'x-matched-path'],
  ...['x-now-route-matches', 'x-deployment-id', 'x-action-forwarded', 'x-invocation-id', 'accept', 'accept-language'],
  ...['accept-encoding', 'content-type', 'content-encoding', 'if-none-match', 'if-modified-since', 'range', 'referer'],
  ...['user-agent', 'purpose', 'sec-fetch-dest', 'sec-fetch-mode', 'sec-fetch-site', 'traceparent', 'tracestate'],
  ...['cache-control', 'content-security-policy', 'content-security-policy-report-only', 'te', 'constructor'],
  ...['x-page-path', 'x-client-address', 'x-window-nonce', 'x-posted-message', 'x-http-method-override'],
]
const headerValues = [
  '',
  '1',
  '{',
  '["",{}]',
  '%5B%22x%22%2C%7B%22children%22%3A%5B%22y%22%2C%7B%7D%5D%7D%5D',
  '%',
  'ÿÿ',
]

const odd = [
  '\0',
  'a\0@mail.example',
  '12345\0',
  "' or 1=1",
  '../..',
  '٣'.repeat(6),
  '9'.repeat(40),
  '-1',
  '{}',
  '\u202e\u{e0001}',
]

/** Odd address segments; the HTTP front itself refuses a zero byte there. */
const oddSegments = [
  '%EF%BF%BD',
  'x%0Ay',
  '%7F',
  '9'.repeat(40),
  '-1',
  '1e3',
  "'",
  '%F0%9F%94%91',
  'x'.repeat(1000),
  '%2500',
]

test('nothing odd in a header, an address or a field causes an error of ours', async ({
  page,
  context,
  product,
  inbox,
}) => {
  // Thousands of requests.
  test.slow()
  const person = await newCardholder(product, 'en')
  await enrol(page, product, inbox, person)
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const rows = new Rows(product)
  const has = await rows.of(person.ref)

  await test.step('headers', async () => {
    // A page, its data and a route: Next.js handles each in its own way. It reads more headers for the data.
    for (const [path, more, names] of [
      ['/en/account/contact/email', {}, headerNames],
      ['/en/account/contact/email', { rsc: '1' }, headerNames.filter(name => /^(?:x-)?next/.test(name))],
      ['/api/auth/session', {}, headerNames],
    ] as const)
      for (const name of names) {
        const answers = await Promise.all(
          headerValues.map(value => call(product, path, cookie, { headers: { ...more, [name]: value } })),
        )
        for (const { status } of answers) expect(status, `${path} ${name}`).toBeLessThan(400)
      }
  })

  await test.step('addresses', async () => {
    const routes = [
      ...filesOf('app/[locale]/account', 'page.tsx'),
      ...filesOf('app/[locale]/account', 'route.ts', 'account'),
    ]
    for (const route of routes.filter(each => each.includes('['))) {
      const named = oddSegments.flatMap(id => ['sign-in', 'payment', 'change', id].map(kind => ({ id, kind })))
      for (const path of new Set(named.map(each => pathOf(route, each))))
        for (const { status } of await Promise.all(['', cookie].map(as => call(product, path, as))))
          expect(status, path).toBeLessThan(500)
    }
  })

  await test.step('fields of forms', async () => {
    const fields = await formFields()
    for (const action of actionsOfAccount()) {
      for (const as of ['', cookie]) {
        const answers = await Promise.all(
          odd.map(value => postAction(product, action, as, Object.fromEntries(fields.map(field => [field, value])))),
        )
        for (const { status } of answers) expect(status, action.name).toBeLessThan(500)
      }
      await rows.putBack(person.ref, has)
    }
  })

  await test.step('calls of actions', async () => {
    // React's encoding of arguments: wrong, which ends before any action …
    const wrong: Record<string, string>[] = [
      ...['', '{', '[', '["$1"]', '["$F1"]', '["$K2"]', '["$B1"]', '["$nx"]'].map(said => ({ '0': said })),
      { '0': '["$1:a:b"]', '1': '{}' },
      { '0': '["$Q1"]', '1': 'x' },
      { '0': '["$@1"]', '1': '}' },
      { x: 'y' },
      { '0': '['.repeat(20_000) },
    ]
    // … and right, which calls the action with arguments that no form of ours sends.
    const right: Record<string, string>[] = [
      ...['[]', '7', 'null', '[7]', '["a","$K1"]'].map(said => ({ '0': said, _1_locale: 'en' })),
      { '0': '["$K1"]', _1_email: '\0', _1_code: '\0', _1_$ACTION_ID_0: '' },
      { '0': '["$K1","$K1"]' },
    ]
    for (const [index, action] of actionsOfAccount().entries()) {
      const headers = { 'next-action': action.id, accept: 'text/x-component' }
      const calls = index === 0 ? [...wrong, ...right] : right
      const answers = await Promise.all(calls.map(fields => postAction(product, action, '', fields, headers)))
      for (const { status } of answers) expect(status, action.name).toBeLessThan(500)
    }
  })

  await test.step('passkeys', async () => {
    const asForm = { 'content-type': 'application/x-www-form-urlencoded' }
    const post = (ceremony: string, credential: string) =>
      call(product, `/api/passkeys/${ceremony}`, cookie, {
        method: 'POST',
        headers: asForm,
        body: Buffer.from(new URLSearchParams({ credential }).toString()),
      })
    const response = {
      clientDataJSON: 'e30',
      authenticatorData: 'AA',
      signature: 'AA',
      userHandle: '\0',
      attestationObject: 'oA',
    }
    const credentials: unknown[] = [
      ...['\0', '\ud800', 'a'.repeat(20_000), '', 7, null, {}].map(id => ({
        id,
        rawId: id,
        type: 'public-key',
        response,
      })),
      { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: '\0' },
      {
        id: 'AAAA',
        rawId: 'AAAA',
        type: 'public-key',
        clientExtensionResults: '\0',
        response: { ...response, transports: '\0' },
      },
      [],
      null,
      '\0',
    ]
    for (const ceremony of ['sign-in', 'confirm', 'register'])
      for (const credential of credentials) {
        await post(`${ceremony}-options`, '')
        const { status, body } = await post(ceremony, JSON.stringify(credential))
        expect(status, `${ceremony} ${JSON.stringify(credential).slice(0, 80)}`).toBe(200)
        expect(JSON.parse(body).ok).toBe(false)
      }
  })
  await rows.putBack(person.ref, has)
  await rows.remove(person.ref)
  await rows.close()
})

test('odd input from the issuer’s app and gateways is refused', async ({ product }) => {
  const json = { 'content-type': 'application/json' }
  const fine = { code: 'ABCDE-FGHJK', name: 'phone', platform: 'x', publicKey: {}, proof: 'a.b.c' }
  for (const field of Object.keys(fine))
    for (const value of ['\0', '\ud800', 'x\0', 7, null, [], { kty: '\0' }]) {
      const body = Buffer.from(JSON.stringify({ ...fine, [field]: value }))
      const { status } = await call(product, '/api/devices/pair', '', { method: 'POST', headers: json, body })
      expect([400, 429], field).toContain(status)
    }
  for (const path of ['/gateway/sms/http', `/gateway/sms/twilio/${'-'.repeat(36)}`])
    for (const body of ['{"id":"\\u0000"}', '\0', 'MessageStatus=%00']) {
      const { status } = await call(product, path, '', { method: 'POST', headers: json, body: Buffer.from(body) })
      expect([403, 404], path).toContain(status)
    }
})
