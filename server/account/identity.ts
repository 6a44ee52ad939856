import { type Queryable, transaction } from '#db/client.ts'
import { accountOf, lockCardholder, upsertAccount } from '#db/queries/accounts.ts'
import { cardholderByRef, cardholderBySubject, linkIdentity } from '#db/queries/identities.ts'
import { rememberKnownDevice } from '#db/queries/sessions.ts'
import { type Identity, strongSince } from '#domain/account/identity.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { provesDespiteReport } from '#domain/contact/report.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { comingTerms, effectiveTerms } from '#domain/terms/versions.ts'
import { audit } from '../audit/audit.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { newToken, sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { openSession, type SessionToken, strengthen } from './sessions.ts'
import { type Device, noticeNewDevice } from './visitor.ts'

// Sign-in by the issuer's identity provider, in place of ours. openid-connect.ts has checked the ID token (signature,
// audience, nonce); this file decides which cardholder it is about and what the session may do.

/** Whether cardholders sign in here by code and passkey; if not, no code or passkey opens a session. */
export function signsInHere(): boolean {
  return config().identityProvider === undefined
}

export type IdentityRefused =
  /** The issuer's list has no such cardholder. */
  | { readonly kind: 'unknown-cardholder' }
  /** The subject is linked to another cardholder, or the cardholder to another subject. */
  | { readonly kind: 'other-cardholder' }
  /** The cardholder did sign in there, but not recently or not strongly enough. */
  | { readonly kind: 'not-fresh' }

/**
 * Signs a cardholder in. The first sign-in links the subject, accepts the terms that our page named when the browser left
 * for the provider (`leftAt`), and notifies the contacts as an enrolment does.
 */
export async function signInByIdentity(
  device: Device,
  identity: Identity,
  leftAt: Instant,
): Promise<{ readonly kind: 'signed-in'; readonly token: SessionToken } | IdentityRefused> {
  return transaction(async tx => {
    const owner = await ownerOf(tx, identity)
    if ('kind' in owner) return refuse(tx, 'sign-in-failed', owner)
    const at = now()
    const { id: cardholderId, language } = owner
    await lockCardholder(tx, cardholderId)
    if (await accountOf(tx, cardholderId)) await noticeNewDevice(tx, { cardholderId, language }, device)
    else await begin(tx, owner, device, leftAt, at)
    const since = strongOf(identity, at)
    const { linkedAt: proofSince } = owner
    const session = { cardholderId, method: 'identity-provider', device: device.name, proofSince } as const
    return { kind: 'signed-in', token: await openSession(tx, session, since === undefined ? null : since) }
  })
}

/** Confirms that the signed-in cardholder has just signed in again at the provider, before something is changed. */
export async function confirmByIdentity(
  actor: Actor,
  identity: Identity,
): Promise<{ readonly kind: 'fresh'; readonly token: SessionToken } | IdentityRefused> {
  return transaction(async tx => {
    const owner = await ownerOf(tx, identity)
    if ('kind' in owner) return refuse(tx, 'strengthening-failed', owner)
    if (owner.id !== actor.cardholderId) return refuse(tx, 'strengthening-failed', { kind: 'other-cardholder' }, actor)
    const since = strongOf(identity, now())
    const { linkedAt } = owner
    if (since === undefined || !provesDespiteReport(linkedAt, actor.disputedSince))
      return refuse(tx, 'strengthening-failed', { kind: 'not-fresh' }, actor)
    return { kind: 'fresh', token: await strengthen(tx, actor, linkedAt, since) }
  })
}

/** The cardholder whom a subject is linked to, and since when. */
type Owner = NonNullable<Awaited<ReturnType<typeof cardholderBySubject>>>

/**
 * A link, once made, is permanent: neither a changed claim nor a second subject moves a person into another
 * cardholder's account.
 */
async function ownerOf(tx: Queryable, identity: Identity): Promise<Owner | IdentityRefused> {
  const { issuer, subject, cardholderRef } = identity
  const linked = await cardholderBySubject(tx, issuer, subject)
  if (linked) {
    const moved = cardholderRef !== undefined && cardholderRef !== linked.issuerRef
    return moved ? { kind: 'other-cardholder' } : linked
  }
  const named = cardholderRef === undefined ? undefined : await cardholderByRef(tx, cardholderRef)
  if (!named) return { kind: 'unknown-cardholder' }
  const link = { issuer, subject, cardholderId: named.id, linkedAt: now() }
  if (await linkIdentity(tx, link)) return { ...named, linkedAt: link.linkedAt }
  // Two tabs may both try to make the first link at once.
  const winner = await cardholderBySubject(tx, issuer, subject)
  return winner?.id === named.id ? winner : { kind: 'other-cardholder' }
}

async function begin(
  tx: Queryable,
  { id: cardholderId, language }: Owner,
  device: Device,
  leftAt: Instant,
  at: Instant,
) {
  await upsertAccount(tx, {
    ...{ cardholderId, userHandle: newToken(), termsAcceptedAt: at, enrolledAt: at },
    // The page that leads to the provider shows both.
    ...{ termsVersion: effectiveTerms(leftAt), termsAnnounced: comingTerms(leftAt) ?? '' },
  })
  await rememberKnownDevice(tx, cardholderId, sha256(device.token), at, at - accountPolicy.deviceKnownFor)
  await notify(tx, { cardholderId, language, words: 'enrolled', values: { at: formatTime(at, language) } }, at)
  await audit(tx, { type: 'enrolled', by: 'identity-provider', cardholderId })
  log.info('enrolment.finished', { cardholderId, kind: 'identity-provider' })
}

function strongOf(identity: Identity, at: number): number | undefined {
  const provider = config().identityProvider
  return provider && strongSince(identity, provider, at)
}

async function refuse<Refused extends IdentityRefused>(
  tx: Queryable,
  type: 'sign-in-failed' | 'strengthening-failed',
  refused: Refused,
  actor?: Actor,
): Promise<Refused> {
  await audit(tx, { type, method: 'identity-provider', why: refused.kind, cardholderId: actor?.cardholderId })
  log.warn('identity-provider.refused', { why: refused.kind })
  return refused
}
