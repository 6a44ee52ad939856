import type { NextAuthOptions } from 'next-auth'
import { decode, encode, type JWT } from 'next-auth/jwt'
import { accountPolicy } from '#domain/account/policy.ts'
import { resumeSession, type SessionToken, timeLeft } from '#server/account/sessions.ts'
import { keys } from '#server/platform/keys.ts'

declare module 'next-auth' {
  interface Session {
    /** Milliseconds until an unused session ends; 0 once it has ended. */
    readonly left: number
  }
}

/** The session cookie: next-auth's token, which names a row of `sessions` (docs/decisions/0003). */
export const sessionCookie = {
  name: '__Host-safekey-session',
  options: { httpOnly: true, secure: true, sameSite: 'lax', path: '/' },
} as const

/** The lifetime of the cookie in seconds. The row has the idle and the absolute limit. */
export const sessionMaxAge = accountPolicy.sessionTime / 1000

/** The secrets from which next-auth derives its keys, the one in use first. */
async function secrets(): Promise<string[]> {
  return (await keys().macs('session', 'next-auth')).map(({ hmac }) => hmac.toString('base64'))
}

export async function encodeSession(token: JWT): Promise<string> {
  const [secret = ''] = await secrets()
  return encode({ token, secret, maxAge: sessionMaxAge })
}

/** Null if the token was made with an unknown key, was altered, or has expired. */
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
 * The options of next-auth's routes: `session` returns how long the session lasts, without counting as use; its update
 * counts as use. Sign-in and sign-out are ours. `onFailure` is called because next-auth swallows what a callback throws.
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
    cookies: {
      sessionToken: sessionCookie,
      // No other host of the domain can set a cookie with this prefix; one that is no address would fail every answer.
      callbackUrl: { name: '__Host-next-auth.callback-url', options: sessionCookie.options },
    },
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
    // An invalid token is not a failure; real failures go to `onFailure`.
    logger: { error: () => {}, warn: () => {}, debug: () => {} },
  }
}
