import { type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { openReportOf } from '#db/queries/reports.ts'
import * as db from '#db/queries/sessions.ts'
import { allows, type Operation } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { endOf, type SessionEnd, type SignInMethod, whyEnded } from '#domain/account/session.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { newRandomId, newToken, sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'

/** The content of the session cookie: the id of the row, and the secret that it must come with. */
export interface SessionToken {
  readonly sessionId: string
  readonly secret: string
}

/**
 * When a new session was strongly authenticated: a passkey and an enrolment are strong, an e-mail code alone is not.
 */
function strongFrom(method: SignInMethod, at: number): number | null {
  return method === 'passkey' || method === 'letter' ? at : null
}

interface NewSession {
  readonly cardholderId: string
  readonly method: SignInMethod
  readonly device: string
  /**
   * Since when the cardholder has had the proof that was shown; without it, the session proves nothing while a report
   * is open.
   */
  readonly proofSince?: number
}

/** Opens a session. The identity provider's sign-in passes `strongAt` itself; the other methods have it by default. */
export async function openSession(
  tx: Queryable,
  session: NewSession,
  strongAt: number | null = strongFrom(session.method, now()),
): Promise<SessionToken> {
  const at = now()
  const token = { sessionId: newRandomId(), secret: newToken() }
  await db.insertSession(tx, {
    id: token.sessionId,
    ...session,
    secretDigest: sha256(token.secret),
    createdAt: at,
    lastSeenAt: at,
    strongAt,
  })
  const { cardholderId, method } = session
  await audit(tx, { type: 'signed-in', method, cardholderId, ref: token.sessionId })
  log.info('session.opened', { cardholderId: session.cardholderId, kind: session.method })
  return token
}

/** The cardholder whom the cookie signs in; marks the session as used. Undefined if it has ended, idled or expired. */
export async function resumeSession({ sessionId, secret }: SessionToken): Promise<Actor | undefined> {
  if (!isId(sessionId)) return undefined
  const at = now()
  const row = await db.touchSession(sessionId, sha256(secret), at, aliveSince())
  if (!row) return undefined
  return {
    cardholderId: row.session.cardholderId,
    sessionId,
    language: row.language,
    strongAt: row.session.strongAt ?? undefined,
    proofSince: row.session.proofSince ?? undefined,
    disputedSince: row.disputedSince ?? undefined,
  }
}

/** Milliseconds until an unused session ends; undefined once it has ended. Reading it does not count as use. */
export async function timeLeft({ sessionId, secret }: SessionToken): Promise<number | undefined> {
  if (!isId(sessionId)) return undefined
  const row = await db.peekSession(sessionId, sha256(secret))
  return row && !whyEnded(row, now()) ? endOf(row) - now() : undefined
}

/** Why the session of a cookie is over; undefined while it is not, or if there was no such session. */
export async function endOfSession({ sessionId, secret }: SessionToken): Promise<SessionEnd | undefined> {
  if (!isId(sessionId)) return undefined
  const row = await db.peekSession(sessionId, sha256(secret))
  return row && whyEnded(row, now())
}

/**
 * Locks the cardholder's row until the transaction ends, and returns it if the session still allows the operation:
 * since the request arrived, a report may have ended the session or put its proof in dispute.
 */
export async function lockFor(tx: Queryable, operation: Operation, actor: Actor) {
  const owner = await lockCardholder(tx, actor.cardholderId)
  if (!owner || (await db.hasEnded(tx, actor.sessionId))) return undefined
  return allows(operation, await asReported(tx, actor), now()) ? owner : undefined
}

/** The actor with the current start of the dispute. The caller holds the lock on the cardholder's row. */
export async function asReported(tx: Queryable, actor: Actor): Promise<Actor> {
  const { disputedSince } = await openReportOf(tx, actor.cardholderId)
  return { ...actor, disputedSince: disputedSince ?? undefined }
}

/** Records strong authentication in a session, which may then make changes, and gives it a new secret. */
export async function strengthen(
  tx: Queryable,
  actor: Actor,
  proofSince: number | null,
  strongAt = now(),
): Promise<SessionToken> {
  const token = { sessionId: actor.sessionId, secret: newToken() }
  const secretDigest = sha256(token.secret)
  await db.strengthenSession(tx, actor.sessionId, { secretDigest, strongAt, proofSince, lastSeenAt: now() })
  await audit(tx, { type: 'session-strengthened', cardholderId: actor.cardholderId, ref: actor.sessionId })
  log.info('session.strengthened', { cardholderId: actor.cardholderId })
  return token
}

export interface SessionInList {
  readonly id: string
  readonly device: string
  readonly method: SignInMethod
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly current: boolean
}

export async function listSessions(actor: Actor): Promise<SessionInList[]> {
  const rows = await db.sessionsOf(actor.cardholderId, aliveSince())
  return rows.map(({ id, device, method, createdAt, lastSeenAt }) => ({
    id,
    device,
    method,
    createdAt,
    lastSeenAt,
    current: id === actor.sessionId,
  }))
}

/** Whether both sessions belong, or belonged, to the same cardholder. Does not check the secrets. */
export async function belongToSameCardholder(one: SessionToken, other: SessionToken): Promise<boolean> {
  const ids = [one.sessionId, other.sessionId]
  if (!ids.every(isId)) return false
  const owners = await Promise.all(ids.map(id => db.ownerOfSession(id)))
  return owners[0] !== undefined && owners[0] === owners[1]
}

/** Ends one of the actor's own sessions. Another cardholder's session is `unknown`, like one that never existed. */
export async function endSession(actor: Actor, id: string): Promise<{ readonly kind: 'ended' | 'unknown' }> {
  const { cardholderId } = actor
  const ended =
    isId(id) &&
    (await transaction(async tx => {
      const found = await db.endSession(tx, cardholderId, id, now())
      if (found) await audit(tx, { type: 'session-ended', cardholderId, ref: id })
      return found
    }))
  if (ended) log.info('session.ended', { cardholderId })
  return { kind: ended ? 'ended' : 'unknown' }
}

/** Ends all sessions of a cardholder but `except`, and returns how many. */
export async function endSessions(tx: Queryable, cardholderId: string, except?: string): Promise<number> {
  const count = await db.endSessions(tx, cardholderId, now(), except)
  if (count > 0) await audit(tx, { type: 'sessions-ended', count, cardholderId })
  log.info('sessions.ended', { cardholderId, count })
  return count
}

export async function endOtherSessions(actor: Actor): Promise<number> {
  return transaction(tx => endSessions(tx, actor.cardholderId, actor.sessionId))
}

function aliveSince(): db.AliveSince {
  const at = now()
  return { idleSince: at - accountPolicy.idleTime, begunSince: at - accountPolicy.sessionTime }
}

/** Whether a text is a UUID. PostgreSQL raises an error if a uuid column is compared with anything else. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}
