import { database, type Queryable, transaction } from '#db/client.ts'
import { preferencesOf, savePreferences } from '#db/queries/preferences.ts'
import { openReportOf } from '#db/queries/reports.ts'
import { allows } from '#domain/account/assurance.ts'
import { restrictionOn } from '#domain/contact/code-recipients.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { type AccountPreference, accountPreferences } from '#domain/methods/selection.ts'
import { approvingDevices } from '../approval/devices.ts'
import { audit } from '../audit/audit.ts'
import { restrictionFacts } from '../challenge/code-recipients.ts'
import { decryptEffectiveContacts } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { signsInHere } from './identity.ts'
import { noticeIdentity } from './identity-notice.ts'
import { decryptPersonalMessage, encryptPersonalMessage } from './personal-message.ts'
import { lockFor } from './sessions.ts'

// A cardholder's own preferences. They are stored apart from the issuer's list, so that an import cannot overwrite
// them.

export interface Preferences {
  /** The language of messages, and the window's first language; undefined if the cardholder has not chosen one. */
  readonly language: Language | undefined
  /** By this the cardholder recognises the real window and the real e-mail. */
  readonly personalMessage: string | undefined
  /** The preferred method for payments. */
  readonly preferredMethod: AccountPreference
}

/** The preferences that a cardholder may choose now: a device only where one is registered. */
export async function offeredPreferences(
  { cardholderId }: Actor,
  chosen: AccountPreference,
): Promise<AccountPreference[]> {
  const devices = await approvingDevices(database(), cardholderId, false, now())
  return accountPreferences.filter(preference => {
    if (preference === 'passkey') return signsInHere()
    return preference !== 'push' || devices.length > 0 || preference === chosen
  })
}

export async function readPreferences({ cardholderId }: Actor): Promise<Preferences> {
  const row = await preferencesOf(database(), cardholderId)
  const { language, preferredMethod } = row ?? {}
  return {
    language: language ?? undefined,
    personalMessage: await decryptPersonalMessage(row),
    preferredMethod: preferredMethod ?? 'automatic',
  }
}

/**
 * Saves the language; undefined removes the choice. It needs strong authentication: an intruder who only reads the
 * mailbox must not switch notices to a language that the cardholder cannot read.
 */
export async function chooseLanguage(
  actor: Actor,
  language: Language | undefined,
): Promise<{ readonly kind: 'done' | 'stronger-authentication-needed' }> {
  const { cardholderId } = actor
  return transaction(async tx => {
    if (!(await lockFor(tx, 'change-settings', actor))) return { kind: 'stronger-authentication-needed' }
    await savePreferences(tx, { cardholderId, language: language ?? null, updatedAt: now() })
    await audit(tx, { type: 'preference-chosen', preference: 'language', cardholderId })
    log.info('preferences.language-chosen', { cardholderId })
    return { kind: 'done' }
  })
}

/** Saves the personal message, already normalised (domain/account/personal-message.ts); undefined removes it. */
export async function choosePersonalMessage(
  actor: Actor,
  personalMessage: string | undefined,
): Promise<{ readonly kind: 'done' | 'stronger-authentication-needed' }> {
  const { cardholderId } = actor
  const encrypted = personalMessage === undefined ? null : await encryptPersonalMessage(cardholderId, personalMessage)
  return transaction(async tx => {
    if (!(await lockFor(tx, 'change-settings', actor))) return { kind: 'stronger-authentication-needed' }
    await savePreferences(tx, { cardholderId, personalMessage: encrypted, updatedAt: now() })
    await audit(tx, { type: 'preference-chosen', preference: 'personalMessage', cardholderId })
    log.info('preferences.personal-message-chosen', { cardholderId })
    return { kind: 'done' }
  })
}

/**
 * Saves the preferred method for payments, from the next one on, and notifies every contact. While payments are
 * restricted, the cardholder can only go back to codes.
 */
export async function choosePreferredMethod(
  actor: Actor,
  preferredMethod: AccountPreference,
): Promise<{ readonly kind: 'done' | 'restricted' | 'limited' | 'stronger-authentication-needed' }> {
  if (!allows('change-settings', actor, now())) return { kind: 'stronger-authentication-needed' }
  const { cardholderId, language } = actor
  if (preferredMethod === (await preferredMethodNow(database(), cardholderId))) return { kind: 'done' }
  if (preferredMethod !== 'code' && (await countTry('preferredMethodChanges', cardholderId)).kind === 'limited')
    return { kind: 'limited' }
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'change-settings', actor))) return { kind: 'stronger-authentication-needed' }
    const happened = restrictionFacts(await openReportOf(tx, cardholderId))
    if (preferredMethod !== 'code' && restrictionOn(await decryptEffectiveContacts(tx, cardholderId, at), happened, at))
      return { kind: 'restricted' }
    const before = await preferredMethodNow(tx, cardholderId)
    const saved = preferredMethod === 'automatic' ? null : preferredMethod
    await savePreferences(tx, { cardholderId, preferredMethod: saved, updatedAt: at })
    if (preferredMethod !== before)
      await noticeIdentity(tx, actor, 'preferred-method-changed', { at: formatTime(at, language) }, at)
    await audit(tx, { type: 'preference-chosen', preference: 'preferredMethod', cardholderId })
    log.info('preferences.preferred-method-chosen', { cardholderId, outcome: preferredMethod })
    return { kind: 'done' }
  })
}

async function preferredMethodNow(tx: Queryable, cardholderId: string): Promise<AccountPreference> {
  return (await preferencesOf(tx, cardholderId))?.preferredMethod ?? 'automatic'
}
