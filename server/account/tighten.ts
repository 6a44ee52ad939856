import type { Queryable } from '#db/client.ts'
import { removeDevices } from '#db/queries/approval-devices.ts'
import { openChanges, setGuard } from '#db/queries/contact-changes.ts'
import { removePasskeys } from '#db/queries/passkeys.ts'
import { resetAsked } from '#db/queries/preferences.ts'
import { forgetKnownDevices } from '#db/queries/sessions.ts'
import { removeTrustedSince } from '#db/queries/trusted-merchants.ts'
import { queueMessage } from '../delivery/message.ts'
import { config } from '../platform/config.ts'
import { take } from './change-contact.ts'
import { endSessions } from './sessions.ts'

// What "this was not me" does, whoever says it and about whatever. It only ever tightens (docs/decisions/0009).

export interface Tightened {
  readonly cardholderId: string
  /** When it happened that was not theirs: what came from then on may not be theirs either. */
  readonly since: Date
  /** Passkeys, devices, trusted shops and the chosen way of being asked are removed from then on; by itself, from `since`. */
  readonly addedSince?: Date | undefined
  /** The session in which it was said stays. */
  readonly except?: string | undefined
}

/** Payments are watched, sessions end; passkeys and devices added, shops trusted, ways of being asked chosen, and changes of contacts that wait, since, are none any more. */
export async function tighten(
  tx: Queryable,
  { cardholderId, since, addedSince = since, except }: Tightened,
  at: number,
): Promise<void> {
  await setGuard(tx, cardholderId, new Date(at))
  await endSessions(tx, cardholderId, except)
  // One of them may be the stranger's, and known browsers have tries of their own.
  await forgetKnownDevices(tx, cardholderId)
  await removePasskeys(tx, cardholderId, new Date(at), addedSince)
  await removeDevices(tx, cardholderId, new Date(at), addedSince)
  await removeTrustedSince(tx, cardholderId, addedSince, new Date(at))
  await resetAsked(tx, cardholderId, addedSince)
  for (const kind of ['email', 'mobile'] as const) {
    const open = await openChanges(tx, cardholderId, kind)
    for (const change of open.filter(
      ({ requestedAt, effectiveAt }) => requestedAt >= since && !inForce(effectiveAt, at),
    )) {
      await take(tx, change, { kind: 'reported' }, at)
    }
  }
}

/** What has taken effect is shown to its owner, who can say so of it alone: it may be theirs. */
function inForce(effectiveAt: Date | null, at: number): boolean {
  return effectiveAt !== null && effectiveAt.getTime() <= at
}

type IssuerNotice = 'issuer-report' | 'issuer-identity-report' | 'issuer-payment-report'

/** The issuer knows the cardholder by its own id, and looks into it. */
export async function tellIssuer(
  tx: Queryable,
  about: IssuerNotice,
  values: Readonly<Record<string, string>>,
  at: number,
): Promise<void> {
  const to = config().issuer.reportsTo
  if (!to) return
  const content = { kind: 'notice' as const, words: about, values }
  const expiresAt = at + 7 * 24 * 60 * 60 * 1000
  await queueMessage(tx, { channel: 'email', to, language: 'ja', content, expiresAt }, at)
}
