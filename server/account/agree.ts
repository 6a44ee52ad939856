import { type Queryable, transaction } from '#db/client.ts'
import { accountOf, cardholderById, lockCardholder, upsertAccount } from '#db/queries/accounts.ts'
import { removeDevices } from '#db/queries/approval-devices.ts'
import { type EnrolmentRow, lockEnrolment, removeEnrolment, spendActivationCode } from '#db/queries/enrolments.ts'
import { removePasskeys } from '#db/queries/passkeys.ts'
import { rememberKnownDevice } from '#db/queries/sessions.ts'
import { enrolment } from '#domain/account/enrolment.ts'
import { follow } from '#domain/account/journey.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { comingTerms } from '#domain/terms/versions.ts'
import { audit } from '../audit/audit.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { newToken, sha256 } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { forgiveAccount } from './attempts.ts'
import { emailOf, isTaken } from './enrol.ts'
import { endSessions, openSession, type SessionToken } from './sessions.ts'
import { signInContext, signInHmacs } from './sign-in-address.ts'
import type { Device, Visitor } from './visitor.ts'

export type Agreed =
  | { readonly kind: 'enrolled'; readonly token: SessionToken }
  | { readonly kind: 'out-of-order' }
  /**
   * Another enrolment has used the letter, a newer letter has replaced it, or another account has taken the address.
   */
  | { readonly kind: 'overtaken' }

/**
 * Accepts the terms: creates the account, spends the activation code, notifies every contact on file and opens a
 * session. A cardholder who was enrolled before enrols again because the mailbox is lost, so the old sessions, passkeys
 * and devices are removed.
 */
export async function agree(visitor: Visitor, device: Device, termsVersion: string): Promise<Agreed> {
  const visit = sha256(visitor.visit)
  try {
    return await transaction(async tx => {
      const at = now()
      const row = await lockEnrolment(tx, visit, at)
      const email = row && (await emailOf(row))
      if (!row || !email || follow(enrolment, row.step, 'agreed') !== 'enrolled') return { kind: 'out-of-order' }
      await lockCardholder(tx, row.cardholderId)
      await removeEnrolment(tx, visit)
      const letter = await spendActivationCode(tx, row.activationCodeId, at)
      if (!letter || (await isTaken(tx, row.cardholderId, email))) return { kind: 'overtaken' }
      const token = await enrol(tx, row, email, device, termsVersion, at, letter.createdAt)
      return { kind: 'enrolled', token }
    })
  } catch (error) {
    // Another enrolment took the same address at the same moment.
    if (isConflict(error)) return { kind: 'overtaken' }
    throw error
  }
}

async function enrol(
  tx: Queryable,
  { cardholderId }: EnrolmentRow,
  email: string,
  device: Device,
  termsVersion: string,
  at: number,
  proofSince: number,
): Promise<SessionToken> {
  const [signInHmac] = await signInHmacs(email)
  const before = await accountOf(tx, cardholderId)
  if (before) {
    await endSessions(tx, cardholderId)
    const passkeys = await removePasskeys(tx, cardholderId, at)
    const devices = await removeDevices(tx, cardholderId, at)
    if (passkeys + devices > 0)
      await audit(tx, { type: 'additions-removed', passkeys, devices, merchants: 0, cardholderId })
  }
  await upsertAccount(tx, {
    cardholderId,
    signInEmail: await keys().encrypt('contact', email, signInContext(cardholderId)),
    signInHmac: signInHmac?.hmac ?? null,
    signInKeyId: signInHmac?.keyId ?? null,
    userHandle: newToken(),
    termsVersion,
    termsAcceptedAt: at,
    // The page on which the terms are accepted shows the next version, too.
    termsAnnounced: comingTerms(at) ?? '',
    enrolledAt: at,
  })
  const language = (await cardholderById(tx, cardholderId))?.language ?? 'ja'
  const values = { at: formatTime(at, language) }
  // As everywhere, rows of the account are locked before a text message is counted, so that a transaction that holds
  // the deployment's counters never waits for an account.
  await rememberKnownDevice(tx, cardholderId, sha256(device.token), at, at - accountPolicy.deviceKnownFor)
  await forgiveAccount(tx, cardholderId)
  await notify(tx, { cardholderId, language, words: before ? 'enrolled-anew' : 'enrolled', values }, at)
  await audit(tx, { type: 'enrolled', by: 'letter', cardholderId })
  log.info('enrolment.finished', { cardholderId, kind: before ? 'anew' : 'first' })
  return openSession(tx, { cardholderId, method: 'letter', device: device.name, proofSince })
}

/** Whether this is PostgreSQL's unique_violation, which drizzle may wrap as the cause of its own error. */
function isConflict(error: unknown): boolean {
  const code = (thing: unknown) => (thing instanceof Error && 'code' in thing ? thing.code : undefined)
  return code(error) === '23505' || (error instanceof Error && code(error.cause) === '23505')
}
