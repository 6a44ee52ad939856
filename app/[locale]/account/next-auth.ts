import type { NextAuthOptions } from 'next-auth'
import { decode, encode, type JWT } from 'next-auth/jwt'
import { accountPolicy } from '#domain/account/policy.ts'
import { endSession, resumeSession, type SessionToken, timeLeft } from '#server/account/sessions.ts'
import { keys } from '#server/platform/keys.ts'

declare module 'next-auth' {
  interface Session {
    /** Milliseconds until the session ends if it is not used; 0 when it has ended. */
    readonly left: number
  }
}

/** The session: next-auth's token, whose content names a row of `sessions` (docs/decisions/0003). */
export const sessionCookie = {
  name: '__Host-safekey-session',
  options: { httpOnly: true, secure: true, sameSite: 'lax', path: '/' },
} as const

/** How long the cookie may live, seconds. Idle and absolute limits are in the row. */
export const sessionMaxAge = accountPolicy.sessionTime / 1000

/** What next-auth derives its keys from, the one in use first. */
async function secrets(): Promise<string[]> {
  return (await keys().macs('session', 'next-auth')).map(({ hmac }) => hmac.toString('base64'))
}

export async function encodeSession(token: JWT): Promise<string> {
  const [secret = ''] = await secrets()
  return encode({ token, secret, maxAge: sessionMaxAge })
}

/** Null when the token is of another key, changed, or too old. */
export async function decodeSession(value: string | undefined): Promise<JWT | null> {
  if (!value || value.length > 2000) return null
  for (const secret of await secrets()) {
    const token = await decode({ token: value, secret }).catch(() => null)
    if (token) return token
  }
  return null
}

/** The session that a token names. */
export function sessionIn(token: JWT | null): SessionToken | undefined {
  const { sessionId, secret } = token ?? {}
  return typeof sessionId === 'string' && typeof secret === 'string' ? { sessionId, secret } : undefined
}

/**
 * next-auth's routes: `session` says how long the session has (asking does not use it), its update uses it, `signout` ends it.
 * Sign-in is ours: by code, by passkey, by the issuer's identity provider. `onFailure`: next-auth swallows what a callback throws.
 */
export async function authOptions(onFailure: (error: unknown) => void): Promise<NextAuthOptions> {
  const [secret = ''] = await secrets()
  const orReport = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work
    } catch (error) {
      onFailure(error)
      throw error
    }
  }
  return {
    secret,
    providers: [],
    useSecureCookies: true,
    session: { strategy: 'jwt', maxAge: sessionMaxAge },
    cookies: { sessionToken: sessionCookie },
    pages: { signIn: '/account/sign-in', signOut: '/account', error: '/account/sign-in' },
    jwt: {
      encode: ({ token }) => encodeSession(token ?? {}),
      decode: ({ token }) => decodeSession(token),
    },
    callbacks: {
      jwt: async ({ token, trigger }) => {
        const session = sessionIn(token)
        if (trigger === 'update' && session) await orReport(resumeSession(session))
        return token
      },
      session: async ({ session: { expires }, token }) => {
        const session = sessionIn(token)
        return { expires, left: (session && (await orReport(timeLeft(session)))) ?? 0 }
      },
    },
    events: {
      signOut: async ({ token }) => {
        const session = sessionIn(token)
        const actor = session && (await orReport(resumeSession(session)))
        if (actor) await orReport(endSession(actor, actor.sessionId))
      },
    },
    // A token that opens nothing is no failure; the others come by onFailure.
    logger: { error: () => {}, warn: () => {}, debug: () => {} },
  }
}
