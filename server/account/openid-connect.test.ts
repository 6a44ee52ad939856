import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type IdentityProvider, startIdentityProvider } from '../../demo/identity-provider.ts'
import { readConfig } from '../platform/config.ts'
import { keyVariable, purposes } from '../platform/key-ring.ts'
import { freePort } from '../testing/free-port.ts'
import { ProviderBrowser } from '../testing/provider-browser.ts'
import { finishAuthentication, logoutAddress, startAuthentication } from './openid-connect.ts'

// Against a real OpenID provider.

const client = 'https://acs.issuer.example'

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const clientKey = own.publicKey.export({ format: 'jwk' })
let provider: IdentityProvider

function configure(changes: Readonly<Record<string, string>> = {}) {
  const environment = {
    PUBLIC_URL: client,
    DATABASE_URL: 'postgres://localhost/unused',
    ISSUER_FILE: new URL('../../issuer.example.json', import.meta.url).pathname,
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
    [Symbol.for('safekey.mode')]: { name: 'demo', clockFile: '/nowhere' },
    [Symbol.for('safekey.config')]: readConfig(environment, true),
    [Symbol.for('safekey.keys')]: undefined,
    [Symbol.for('safekey.log')]: undefined,
  })
}

beforeAll(async () => {
  const people = { hanako: 'C-1001', stranger: undefined }
  provider = await startIdentityProvider({ port: await freePort(), client, people, clientKey })
})
afterAll(() => provider.pause())
beforeEach(() => {
  configure()
  provider.tamper(claims => claims)
  provider.garble(false)
  provider.forge(false)
})

/** Authenticates at the provider's page in a new browser. */
const visit = (to: string, who: string) => new ProviderBrowser(client).visit(to, who)

async function begin(maxAge = 43_200) {
  const begun = await startAuthentication({ maxAge, language: 'en' })
  if (!begun) throw new Error('the provider does not answer')
  return begun
}

test('sends PKCE, state, nonce and max_age, and reads the claims of the cardholder who returns', async () => {
  const { to, started } = await begin()
  const sent = new URL(to).searchParams
  expect(Object.fromEntries(sent)).toMatchObject({
    ...{ response_type: 'code', scope: 'openid', code_challenge_method: 'S256', max_age: '43200', ui_locales: 'en' },
    redirect_uri: `${client}/api/auth/callback/issuer`,
  })
  for (const name of ['state', 'nonce', 'code_challenge']) expect(sent.get(name)?.length).toBeGreaterThan(40)
  const claims = await finishAuthentication(await visit(to, 'hanako'), started)
  expect(claims).toMatchObject({ iss: provider.issuer, sub: 'hanako', cardholder_id: 'C-1001' })
  expect(Number(claims?.iat) - Number(claims?.auth_time)).toBeLessThan(60)
})

test('makes the provider authenticate again before a change, and only then', async () => {
  const browser = new ProviderBrowser(client)
  for (const [maxAge, times] of [
    [43_200, 1],
    [43_200, 1],
    [0, 2],
  ] as const) {
    const { to, started } = await begin(maxAge)
    const query = await browser.visit(to, 'hanako')
    expect(browser.asked).toBe(times)
    expect(await finishAuthentication(query, started)).toMatchObject({ sub: 'hanako' })
  }
})

test('authenticates the client with its private key if it has one in place of a secret', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'safekey-oidc-'))
  const file = join(folder, 'key.pem')
  writeFileSync(file, own.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  configure({ OIDC_CLIENT_ID: 'safekey-by-key', OIDC_CLIENT_SECRET: '', OIDC_CLIENT_KEY_FILE: file })
  rmSync(folder, { recursive: true })
  const { to, started } = await begin()
  expect(await finishAuthentication(await visit(to, 'hanako'), started)).toMatchObject({ sub: 'hanako' })
})

describe('refuses a response', () => {
  const wrong: Readonly<Record<string, object>> = {
    'another nonce': { nonce: 'x'.repeat(43) },
    'no nonce': { nonce: undefined },
    'another audience': { aud: 'somebody-else' },
    'another issuer': { iss: 'https://other.example' },
    'a time that is over': { exp: 1_000_000 },
  }
  test.each(Object.keys(wrong))('with %s in the token', async name => {
    provider.tamper(claims => ({ ...claims, ...wrong[name] }))
    const { to, started } = await begin()
    expect(await finishAuthentication(await visit(to, 'hanako'), started)).toBeUndefined()
  })

  test('with a state that is missing, of another request, or already used', async () => {
    const one = await begin()
    const other = await begin()
    const query = await visit(one.to, 'hanako')
    expect(await finishAuthentication(query, other.started)).toBeUndefined()
    expect(await finishAuthentication(query, { ...one.started, state: '' })).toBeUndefined()
    expect(await finishAuthentication(query, one.started)).toMatchObject({ sub: 'hanako' })
    // The provider accepts a code once, even with the right checks.
    expect(await finishAuthentication(query, one.started)).toBeUndefined()
  })

  test('with a token that another key signed', async () => {
    provider.forge(true)
    const { to, started } = await begin()
    expect(await finishAuthentication(await visit(to, 'hanako'), started)).toBeUndefined()
  })

  test('with a response of another issuer', async () => {
    const { to, started } = await begin()
    const query = await visit(to, 'hanako')
    query.set('iss', 'https://other.example')
    expect(await finishAuthentication(query, started)).toBeUndefined()
  })

  test('with nonsense in place of a token, or a made-up query', async () => {
    provider.garble(true)
    const { to, started } = await begin()
    expect(await finishAuthentication(await visit(to, 'hanako'), started)).toBeUndefined()
    for (const query of [{}, { code: 'x' }, { state: 'x', code: 'x' }, { error: 'server_error' }])
      expect(await finishAuthentication(new URLSearchParams(query as Record<string, string>), started)).toBeUndefined()
  })

  test('when the person declined', async () => {
    const { to } = await begin()
    expect((await visit(to, '')).get('error')).toBe('access_denied')
  })

  test('when the provider does not respond', async () => {
    const { to, started } = await begin()
    const query = await visit(to, 'hanako')
    configure({ OIDC_ISSUER: `http://localhost:${await freePort()}` })
    expect(await finishAuthentication(query, started)).toBeUndefined()
    expect(await startAuthentication({ maxAge: 0, language: 'ja' })).toBeUndefined()
    expect(await logoutAddress()).toBeUndefined()
  })
})

test('the sign-out address names the client and no person', async () => {
  const address = new URL((await logoutAddress()) ?? '')
  expect(address.origin).toBe(provider.issuer)
  expect(Object.fromEntries(address.searchParams)).toEqual({
    client_id: 'safekey',
    post_logout_redirect_uri: `${client}/account/sign-in`,
  })
})
