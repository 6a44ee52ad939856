import { database, type Queryable, transaction } from '#db/client.ts'
import { preferencesOf, savePreferences } from '#db/queries/preferences.ts'
import { openReportOf } from '#db/queries/reports.ts'
import { allows } from '#domain/account/assurance.ts'
import { restrictionOn } from '#domain/contact/code-recipients.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import type { Preference } from '#domain/methods/selection.ts'
import { audit } from '../audit/audit.ts'
import { whatHappened } from '../challenge/code-recipients.ts'
import { openContacts } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { noticeIdentity } from './identity-notice.ts'
import { decryptPersonalMessage, encryptPersonalMessage } from './personal-message.ts'
import { lockFor } from './sessions.ts'

// What a cardholder has chosen for themselves. Nothing of it comes from the issuer's list, so no import undoes it.

export interface Preferences {
  /** Of messages, and of the window at first; undefined: no choice of their own. */
  readonly language: Language | undefined
  /** Tells the real window and the real e-mail from false ones. */
  readonly personalMessage: string | undefined
  /** How payments are asked about. */
  readonly asked: Preference
}

export async function readPreferences({ cardholderId }: Actor): Promise<Preferences> {
  const row = await preferencesOf(database(), cardholderId)
  const { language, asked } = row ?? {}
  return { language: language ?? undefined, personalMessage: await decryptPersonalMessage(row), asked: asked ?? 'code' }
}

/** Undefined takes the choice back. Who only reads a mailbox must not make notices that their owner cannot read. */
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

/** `greeting` in its one form (domain/account/personal-message.ts); undefined: none any more. */
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
 * From the next purchase on; every contact is notified. While payments are restricted, only going back to codes is possible.
 */
export async function chooseAsked(
  actor: Actor,
  asked: Preference,
): Promise<{ readonly kind: 'done' | 'restricted' | 'limited' | 'stronger-authentication-needed' }> {
  if (!allows('change-settings', actor, now())) return { kind: 'stronger-authentication-needed' }
  const { cardholderId, language } = actor
  if (asked === (await askedNow(database(), cardholderId))) return { kind: 'done' }
  if (asked !== 'code' && (await countTry('askedChanges', cardholderId)).kind === 'limited') return { kind: 'limited' }
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'change-settings', actor))) return { kind: 'stronger-authentication-needed' }
    const happened = whatHappened(await openReportOf(tx, cardholderId))
    if (asked !== 'code' && restrictionOn(await openContacts(tx, cardholderId, at), happened, at))
      return { kind: 'restricted' }
    const before = await askedNow(tx, cardholderId)
    await savePreferences(tx, { cardholderId, asked, updatedAt: at })
    if (asked !== before) await noticeIdentity(tx, actor, 'asked-changed', { at: formatTime(at, language) }, at)
    await audit(tx, { type: 'preference-chosen', preference: 'asked', cardholderId })
    log.info('preferences.asked-chosen', { cardholderId, outcome: asked })
    return { kind: 'done' }
  })
}

async function askedNow(tx: Queryable, cardholderId: string): Promise<Preference> {
  return (await preferencesOf(tx, cardholderId))?.asked ?? 'code'
}
