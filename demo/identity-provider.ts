import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import Provider from 'oidc-provider'
import { html } from '#server/platform/html.ts'

/** An issuer's identity provider: a real one, with a page on which the user picks who they are. */
export interface IdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Changes the claims of ID tokens from now on; they are still signed. */
  tamper(change: (claims: Record<string, unknown>) => Record<string, unknown>): void
  /** Sends garbage in place of tokens. */
  garble(on: boolean): void
  /** Signs ID tokens with a key that is not the provider's. */
  forge(on: boolean): void
  /** Stops listening until `resume`. */
  pause(): Promise<void>
  resume(): Promise<void>
}

export interface IdentityProviderSettings {
  readonly port: number
  /** The product's origin. */
  readonly client: string
  /** Cardholder ids by subject; undefined: a person who is not on the issuer's list. */
  readonly people: Readonly<Record<string, string | undefined>>
  /** Public key of a second client, `safekey-by-key`, which signs instead of using a secret. */
  readonly clientKey?: object
}

interface Asking {
  readonly oidc: { readonly session: { readonly accountId: string }; readonly client: { readonly clientId: string } }
}

/** Starts a provider, on loopback only. */
export async function startIdentityProvider(settings: IdentityProviderSettings): Promise<IdentityProvider> {
  const { port, client, people, clientKey } = settings
  const registered = {
    redirect_uris: [`${client}/api/auth/callback/issuer`],
    post_logout_redirect_uris: [`${client}/account/sign-in`],
  }
  const issuer = `http://localhost:${port}`
  const [clientId, clientSecret] = ['safekey', 'a-secret-of-the-demo-alone']
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const foreign = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: 'demo' }
  const provider = new Provider(issuer, {
    clients: [
      { ...registered, client_id: clientId, client_secret: clientSecret },
      ...(clientKey
        ? [
            {
              ...{ ...registered, client_id: 'safekey-by-key', jwks: { keys: [clientKey] } },
              token_endpoint_auth_method: 'private_key_jwt',
            },
          ]
        : []),
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ['demo'] },
    claims: { openid: ['sub', 'cardholder_id'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `/who/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...(people[accountId] && { cardholder_id: people[accountId] }) }),
    }),
    // No consent is requested: client and provider belong to one company.
    loadExistingGrant: async ({ oidc }: Asking) => {
      const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  })
  let change = (claims: Record<string, unknown>) => claims
  let garbled = false
  let forged = false
  provider.use(async (context, next) => {
    await next()
    if (context.oidc?.route !== 'token' || typeof context.body?.id_token !== 'string') return
    if (garbled) context.body = { access_token: 'x', id_token: 'no.token.at.all', token_type: 'Bearer' }
    else {
      const claims = change(decodeJwt(context.body.id_token) as Record<string, unknown>)
      context.body.id_token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'demo' })
        .sign(forged ? foreign.privateKey : privateKey)
    }
  })
  const answer = provider.callback()
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/who/')) void ask(provider, people, request, response)
    else answer(request, response)
  })
  const resume = async () => {
    server.listen(port, 'localhost')
    await once(server, 'listening')
  }
  await resume()
  return {
    ...{ issuer, clientId, clientSecret },
    tamper: wanted => {
      change = wanted
    },
    garble: on => {
      garbled = on
    },
    forge: on => {
      forged = on
    },
    resume,
    pause: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Shows one button for each person, and one to cancel. */
async function ask(
  provider: Provider,
  people: IdentityProviderSettings['people'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST') {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    const who = new URLSearchParams(Buffer.concat(parts).toString('utf8')).get('who') ?? ''
    const result = who === '' ? { error: 'access_denied' } : { login: { accountId: who } }
    return provider.interactionFinished(request, response, result)
  }
  const button = (who: string, text: string) =>
    html`<form method="post"><button name="who" value="${who}">${text}</button></form>`
  const buttons = [...Object.keys(people).map(who => button(who, who)), button('', 'cancel')]
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<!DOCTYPE html>${html`<html lang="en"><title>Identity provider</title><h1>Who?</h1>${buttons}</html>`}`)
}
