import { cookies } from 'next/headers'
import { accountPolicy } from '#domain/account/policy.ts'
import { forgetDrafts } from '#server/account/drafts.ts'
import { belongToSameCardholder, type SessionToken } from '#server/account/sessions.ts'
import { newToken } from '#server/platform/crypto.ts'
import { visitCookie } from '#server/web/visit-cookie.ts'
import { decodeSession, encodeSession, sessionCookie, sessionIn, sessionMaxAge } from './next-auth.ts'

/** Identifies a browser in which a cardholder has signed in before. */
const deviceCookie = '__Host-safekey-device'

/** Identifies an approval device of the web app. It lists and answers that device's requests, and does nothing else. */
const approvalCookie = '__Host-safekey-approval'

const common = sessionCookie.options
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000)

export async function currentToken(): Promise<SessionToken | undefined> {
  return sessionIn(await decodeSession((await cookies()).get(sessionCookie.name)?.value))
}

/**
 * Signs a cardholder in on this browser. Unless the same cardholder was signed in before, the earlier input and flows
 * are discarded.
 */
export async function keepSession(token: SessionToken): Promise<void> {
  const before = await currentToken()
  if (!before || !(await belongToSameCardholder(before, token))) await endVisit()
  const value = await encodeSession({ ...token })
  ;(await cookies()).set(sessionCookie.name, value, { ...sessionCookie.options, maxAge: sessionMaxAge })
}

/** Signs the cardholder out on this browser, and discards the input, so that the next visitor does not find it. */
export async function dropSession(): Promise<void> {
  ;(await cookies()).set(sessionCookie.name, '', { ...sessionCookie.options, maxAge: 0 })
  await endVisit()
}

/**
 * Starts another visit. A request that is still under way may bring the old cookie back, but the input under it is
 * deleted.
 */
async function endVisit(): Promise<void> {
  const visit = await currentVisit()
  if (visit !== undefined) await forgetDrafts(visit)
  ;(await cookies()).set(visitCookie, newToken(), common)
}

/** The visit of this browser, if it has one. */
export async function currentVisit(): Promise<string | undefined> {
  return readRandom(visitCookie)
}

/** Whether this browser returns the cookies that every page of the account sets. */
export async function hasCookies(): Promise<boolean> {
  const brought = await cookies()
  return brought.has(visitCookie) || brought.has(sessionCookie.name)
}

/** The visit of this browser, started now if it has none. For actions and routes, which may set cookies. */
export async function ensureVisit(): Promise<string> {
  const visit = (await readRandom(visitCookie)) ?? newToken()
  ;(await cookies()).set(visitCookie, visit, common)
  return visit
}

/** The device token of this browser, if a cardholder has signed in here before. */
export async function currentDevice(): Promise<string | undefined> {
  return readRandom(deviceCookie)
}

/** The device token of this browser, stored for the next sign-in. */
export async function ensureDevice(): Promise<string> {
  const device = (await readRandom(deviceCookie)) ?? newToken()
  ;(await cookies()).set(deviceCookie, device, { ...common, maxAge: seconds(accountPolicy.deviceKnownFor) })
  return device
}

/** The secret of this browser's approval device, if it is one. */
export async function currentApprovalSecret(): Promise<string | undefined> {
  return readRandom(approvalCookie)
}

/** Stores the secret of this browser's approval device, from now on for as long as browsers permit. */
export async function keepApprovalSecret(secret: string): Promise<void> {
  ;(await cookies()).set(approvalCookie, secret, { ...common, maxAge: seconds(accountPolicy.devices.cookieTime) })
}

async function readRandom(name: string): Promise<string | undefined> {
  const value = (await cookies()).get(name)?.value
  return value && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined
}
