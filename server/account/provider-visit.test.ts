import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type IdentityProvider, startIdentityProvider } from '../../demo/identity-provider.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { freePort } from '../testing/free-port.ts'
import { ProviderBrowser } from '../testing/provider-browser.ts'
import { leaveForProvider, returnFromProvider } from './provider-visit.ts'

// A browser leaves for the issuer's identity provider and comes back, on a real database.

const client = 'https://acs.test'
let at: Deployment
let provider: IdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider({ port: await freePort(), client, people: { hanako: 'hanako' } })
  at = await startDeployment({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
  })
})
afterAll(async () => {
  await at.stop()
  await provider.pause()
})

const newVisit = () => randomBytes(32).toString('base64url')
const request = { maxAge: 43_200, language: 'en' } as const

async function leave(visit: string, leadsTo = 'en/sign-in/sessions'): Promise<string> {
  return (await leaveForProvider(visit, request, leadsTo)) ?? expect.unreachable('the provider does not answer')
}

const signIn = (to: string, who = 'hanako') => new ProviderBrowser(client).visit(to, who)

test('returns the claims of the cardholder and the path that the browser was going to', async () => {
  const visit = newVisit()
  const query = await signIn(await leave(visit))
  expect(await returnFromProvider(visit, query)).toMatchObject({
    kind: 'authenticated',
    leadsTo: 'en/sign-in/sessions',
    claims: { sub: 'hanako' },
  })
})

test('accepts a started authentication once, whatever its result', async () => {
  const visit = newVisit()
  const query = await signIn(await leave(visit))
  const answers = await Promise.all([returnFromProvider(visit, query), returnFromProvider(visit, query)])
  expect(answers.map(({ kind }) => kind).sort()).toEqual(['authenticated', 'failed'])
  const another = await signIn(await leave(visit))
  expect(await returnFromProvider(visit, new URLSearchParams({ code: 'x', state: 'x' }))).toMatchObject({
    kind: 'failed',
  })
  expect(await returnFromProvider(visit, another)).toMatchObject({ kind: 'failed' })
})

test('refuses a response to what another browser started', async () => {
  const query = await signIn(await leave(newVisit()))
  const other = newVisit()
  await leave(other)
  for (const visit of [other, newVisit(), undefined])
    expect(await returnFromProvider(visit, query)).toMatchObject({ kind: 'failed' })
})

test('distinguishes a cardholder who declined there from an invalid response', async () => {
  const visit = newVisit()
  const query = await signIn(await leave(visit), '')
  expect(await returnFromProvider(visit, query)).toEqual({ kind: 'cancelled', leadsTo: 'en/sign-in/sessions' })
})

test('stores nothing of a started authentication unencrypted', async () => {
  const visit = newVisit()
  const state = new URL(await leave(visit)).searchParams.get('state') ?? ''
  const rows = await at.sql`select visit, body from drafts where form = 'identity-provider'`
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) for (const value of Object.values(row)) expect(String(value)).not.toContain(state)
})
