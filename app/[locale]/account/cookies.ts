import { cookies } from 'next/headers'
import { accountPolicy } from '#domain/account/policy.ts'
import { forgetDrafts } from '#server/account/drafts.ts'
import { areOfOnePerson, type SessionToken } from '#server/account/sessions.ts'
import { newToken } from '#server/platform/crypto.ts'
import { visitCookie } from '#server/web/visit-cookie.ts'
import { decodeSession, encodeSession, sessionCookie, sessionIn, sessionMaxAge } from './next-auth.ts'

/** A browser that has signed in before. */
const deviceCookie = '__Host-safekey-device'

const common = sessionCookie.options
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000)

export async function currentToken(): Promise<SessionToken | undefined> {
  return sessionIn(await decodeSession((await cookies()).get(sessionCookie.name)?.value))
}

/** A cardholder is signed in here from now on. Unless it is who was before, they find nothing of what was typed or under way here. */
export async function keepSession(token: SessionToken): Promise<void> {
  const before = await currentToken()
  if (!before || !(await areOfOnePerson(before, token))) await endVisit()
  const value = await encodeSession({ ...token })
  ;(await cookies()).set(sessionCookie.name, value, { ...sessionCookie.options, maxAge: sessionMaxAge })
}

/** No cardholder is signed in here any more, and the next visitor finds nothing of what was typed. */
export async function dropSession(): Promise<void> {
  ;(await cookies()).set(sessionCookie.name, '', { ...sessionCookie.options, maxAge: 0 })
  await endVisit()
}

/** Another visit begins. A button pressed twice may bring the cookie back, but nothing of what was typed. */
async function endVisit(): Promise<void> {
  const visit = await currentVisit()
  if (visit !== undefined) await forgetDrafts(visit)
  ;(await cookies()).set(visitCookie, newToken(), common)
}

/** The visit of this browser, if it has one. */
export async function currentVisit(): Promise<string | undefined> {
  return readRandom(visitCookie)
}

/** Whether this browser has brought back what every page of the account gives it. */
export async function hasCookies(): Promise<boolean> {
  const brought = await cookies()
  return brought.has(visitCookie) || brought.has(sessionCookie.name)
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
