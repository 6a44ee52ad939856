import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '#server/platform/config.ts'
import { keyVariable, purposes } from '#server/platform/key-ring.ts'
import { freePort } from '#server/testing/free-port.ts'
import { type IdentityProvider, startIdentityProvider } from '../../../../demo/identity-provider.ts'
import { beginAtProvider, finishAtProvider, logoutAtProvider } from './protocol.ts'

// Against a real OpenID provider, with a browser that is a jar of cookies.

const client = 'https://acs.issuer.example'

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const clientKey = own.publicKey.export({ format: 'jwk' })
let provider: IdentityProvider

function configure(changes: Readonly<Record<string, string>> = {}) {
  const environment = {
    PUBLIC_URL: client,
    ISSUER_FILE: new URL('../../../../issuer.example.json', import.meta.url).pathname,
    SMTP_URL: 'smtp://localhost:25',
    LOG_LEVEL: 'silent',
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
    OIDC_CARDHOLDER_CLAIM: 'cardholder_id',
    ...Object.fromEntries(purposes.map(purpose => [keyVariable(purpose), `1:${randomBytes(32).toString('base64')}`])),
    ...changes,
  }
  Object.assign(globalThis, {
    [Symbol.for('safekey.stage')]: { name: 'demo', clockFile: '/nowhere' },
    [Symbol.for('safekey.config')]: readConfig(environment, true),
    [Symbol.for('safekey.keys')]: undefined,
    [Symbol.for('safekey.log')]: undefined,
  })
}

beforeAll(async () => {
  process.env.NEXTAUTH_URL = client
  const people = { hanako: 'C-1001', stranger: undefined }
  provider = await startIdentityProvider({ port: await freePort(), client, people, clientKey })
})
afterAll(() => provider.pause())
beforeEach(() => {
  asked = 0
  configure()
  provider.tamper(claims => claims)
  provider.garble(false)
})

type Jar = Map<string, string>

function fill(jar: Jar, lines: readonly string[]): Jar {
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    jar.set(name, decodeURIComponent(value))
  }
  return jar
}

/** How often the provider has asked who somebody is. */
let asked = 0

/** To the provider, through its page, and back to the door that we named: the query that comes there. */
async function visit(to: string, who: string, jar: Jar = new Map()): Promise<Record<string, string>> {
  let [address, body] = [to, undefined as URLSearchParams | undefined]
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const method = body ? 'POST' : 'GET'
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie }, method, body: body ?? null })
    fill(jar, answer.headers.getSetCookie())
    body = undefined
    const location = answer.headers.get('location')
    if (location?.startsWith(client)) return Object.fromEntries(new URL(location).searchParams)
    if (location) address = new URL(location, address).href
    else {
      asked += 1
      body = new URLSearchParams({ who })
    }
  }
  throw new Error('no way back')
}

async function begin(maxAge = 43_200) {
  const begun = await beginAtProvider({ maxAge, language: 'en' })
  if (!begun) throw new Error('the provider does not answer')
  return { to: begun.to, cookies: Object.fromEntries(fill(new Map(), begun.cookies)) }
}

test('people are sent with PKCE, state, nonce and an age, and come back as who they are', async () => {
  const { to, cookies } = await begin()
  const sent = new URL(to).searchParams
  expect(Object.fromEntries(sent)).toMatchObject({
    ...{ response_type: 'code', scope: 'openid', code_challenge_method: 'S256', max_age: '43200', ui_locales: 'en' },
    redirect_uri: `${client}/api/auth/callback/issuer`,
  })
  for (const name of ['state', 'nonce', 'code_challenge']) expect(sent.get(name)?.length).toBeGreaterThan(40)
  const claims = await finishAtProvider(await visit(to, 'hanako'), cookies)
  expect(claims).toMatchObject({ iss: provider.issuer, sub: 'hanako', cardholder_id: 'C-1001' })
  expect(Number(claims?.iat) - Number(claims?.auth_time)).toBeLessThan(60)
})

test('whoever is signed in there is asked anew before a change, and not otherwise', async () => {
  const jar: Jar = new Map()
  for (const [maxAge, times] of [
    [43_200, 1],
    [43_200, 1],
    [0, 2],
  ] as const) {
    const { to, cookies } = await begin(maxAge)
    const query = await visit(to, 'hanako', jar)
    expect(asked).toBe(times)
    expect(await finishAtProvider(query, cookies)).toMatchObject({ sub: 'hanako' })
  }
})

test('a client that has a key in place of a secret signs with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'safekey-oidc-'))
  const file = join(folder, 'key.pem')
  writeFileSync(file, own.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  configure({ OIDC_CLIENT_ID: 'safekey-by-key', OIDC_CLIENT_SECRET: '', OIDC_CLIENT_KEY_FILE: file })
  rmSync(folder, { recursive: true })
  const { to, cookies } = await begin()
  expect(await finishAtProvider(await visit(to, 'hanako'), cookies)).toMatchObject({ sub: 'hanako' })
})

describe('nobody comes in', () => {
  const wrong: Readonly<Record<string, object>> = {
    'another nonce': { nonce: 'x'.repeat(43) },
    'no nonce': { nonce: undefined },
    'another audience': { aud: 'somebody-else' },
    'another issuer': { iss: 'https://other.example' },
    'a time that is over': { exp: 1_000_000 },
  }
  test.each(Object.keys(wrong))('with %s in the token', async name => {
    provider.tamper(claims => ({ ...claims, ...wrong[name] }))
    const { to, cookies } = await begin()
    expect(await finishAtProvider(await visit(to, 'hanako'), cookies)).toBeUndefined()
  })

  test('with a state of another start, none, or one that was used', async () => {
    const one = await begin()
    const other = await begin()
    const query = await visit(one.to, 'hanako')
    expect(await finishAtProvider(query, other.cookies)).toBeUndefined()
    expect(await finishAtProvider(query, {})).toBeUndefined()
    expect(await finishAtProvider(query, one.cookies)).toMatchObject({ sub: 'hanako' })
    // A code is good once, even for whoever kept the cookies.
    expect(await finishAtProvider(query, one.cookies)).toBeUndefined()
  })

  test('with nonsense in place of a token, or made up', async () => {
    provider.garble(true)
    const { to, cookies } = await begin()
    expect(await finishAtProvider(await visit(to, 'hanako'), cookies)).toBeUndefined()
    for (const query of [{}, { code: 'x' }, { state: 'x', code: 'x' }, { error: 'server_error' }])
      expect(await finishAtProvider(query, cookies)).toBeUndefined()
  })

  test('after saying no there', async () => {
    const { to } = await begin()
    expect(await visit(to, '')).toMatchObject({ error: 'access_denied' })
  })

  test('while the provider is away', async () => {
    const { to, cookies } = await begin()
    const query = await visit(to, 'hanako')
    configure({ OIDC_ISSUER: `http://localhost:${await freePort()}` })
    expect(await finishAtProvider(query, cookies)).toBeUndefined()
    expect(await beginAtProvider({ maxAge: 0, language: 'ja' })).toBeUndefined()
    expect(await logoutAtProvider()).toBeUndefined()
  })
})

test('the way out names us and nobody else', async () => {
  const address = new URL((await logoutAtProvider()) ?? '')
  expect(address.origin).toBe(provider.issuer)
  expect(Object.fromEntries(address.searchParams)).toEqual({
    client_id: 'safekey',
    post_logout_redirect_uri: `${client}/account/sign-in`,
  })
})
