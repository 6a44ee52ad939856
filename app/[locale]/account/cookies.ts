import { cookies } from 'next/headers'
import { decode, encode } from 'next-auth/jwt'
import { accountPolicy } from '#domain/account/policy.ts'
import { forgetDrafts } from '#server/account/drafts.ts'
import { areOfOnePerson, type SessionToken } from '#server/account/sessions.ts'
import { newToken } from '#server/platform/crypto.ts'
import { visitCookie } from '#server/web/visit-cookie.ts'
import { sessionSecrets } from './session-secrets.ts'

/** The session: next-auth's token, whose content names a row (docs/decisions/0003). */
const sessionCookie = '__Host-safekey-session'
/** A browser that has signed in before. */
const deviceCookie = '__Host-safekey-device'

/** Where somebody was going who shows themselves at the issuer's identity provider. */
const wayCookie = '__Host-safekey-way'

const common = { httpOnly: true, secure: true, sameSite: 'lax', path: '/' } as const
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000)

async function readToken(value: string | undefined): Promise<SessionToken | undefined> {
  if (!value || value.length > 2000) return undefined
  for (const secret of await sessionSecrets()) {
    // Wrong key, tampered or too old: all the same, nobody is signed in by it.
    const token = await decode({ token: value, secret }).catch(() => null)
    if (typeof token?.sessionId === 'string' && typeof token.secret === 'string')
      return { sessionId: token.sessionId, secret: token.secret }
  }
  return undefined
}

export async function currentToken(): Promise<SessionToken | undefined> {
  return readToken((await cookies()).get(sessionCookie)?.value)
}

/** Somebody is signed in here from now on. Unless it is who was before, they find nothing of what was typed or under way here. */
export async function keepSession(token: SessionToken): Promise<void> {
  const before = await currentToken()
  if (!before || !(await areOfOnePerson(before, token))) await endVisit()
  const [secret = ''] = await sessionSecrets()
  const maxAge = seconds(accountPolicy.sessionTime)
  const value = await encode({ token: { ...token }, secret, maxAge })
  ;(await cookies()).set(sessionCookie, value, { ...common, maxAge })
}

/** Nobody is signed in here any more, and whoever comes next finds nothing of what was typed. */
export async function dropSession(): Promise<void> {
  await drop(sessionCookie)
  await endVisit()
}

/** Another visit begins. A button pressed twice may bring the cookie back, but nothing of what was typed. */
async function endVisit(): Promise<void> {
  const visit = await currentVisit()
  if (visit !== undefined) await forgetDrafts(visit)
  ;(await cookies()).set(visitCookie, newToken(), common)
}

async function drop(cookie: string): Promise<void> {
  ;(await cookies()).set(cookie, '', { ...common, maxAge: 0 })
}

/** The visit of this browser, if it has one. */
export async function currentVisit(): Promise<string | undefined> {
  return readRandom(visitCookie)
}

/** Whether this browser has brought back what every page of the account gives it. */
export async function hasCookies(): Promise<boolean> {
  const brought = await cookies()
  return brought.has(visitCookie) || brought.has(sessionCookie)
}

/** The visit of this browser, begun now if it has none; for actions and routes, which may set cookies. */
export async function ensureVisit(): Promise<string> {
  const visit = (await readRandom(visitCookie)) ?? newToken()
  ;(await cookies()).set(visitCookie, visit, common)
  return visit
}

/** What tells this browser from others, if a cardholder has signed in here before. */
export async function currentDevice(): Promise<string | undefined> {
  return readRandom(deviceCookie)
}

/** What tells this browser from others, kept for the next sign-in. */
export async function ensureDevice(): Promise<string> {
  const device = (await readRandom(deviceCookie)) ?? newToken()
  ;(await cookies()).set(deviceCookie, device, { ...common, maxAge: seconds(accountPolicy.deviceKnownFor) })
  return device
}

async function readRandom(name: string): Promise<string | undefined> {
  const value = (await cookies()).get(name)?.value
  return value && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined
}

/** Language and page for the way back from the identity provider; it opens nothing. */
export async function keepWay(way: string): Promise<void> {
  ;(await cookies()).set(wayCookie, way, { ...common, maxAge: seconds(accountPolicy.draftTime) })
}

export async function takeWay(): Promise<string> {
  const kept = (await cookies()).get(wayCookie)?.value ?? ''
  await drop(wayCookie)
  return kept
}
