import { database, type Queryable, transaction } from '#db/client.ts'
import { preferencesOf, savePreferences } from '#db/queries/preferences.ts'
import { guardOf } from '#db/queries/reports.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { formatTime } from '#domain/challenge/purchase.ts'
import type { Preference } from '#domain/challenge/ways.ts'
import { watchedBy } from '#domain/contact/routes.ts'
import { whatHappened } from '../acs/routes.ts'
import { audit } from '../audit/audit.ts'
import { openContacts } from '../delivery/message.ts'
import { now } from '../platform/clock.ts'
import { keys } from '../platform/keys.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { type Actor, isFresh } from './actor.ts'
import { noticeIdentity } from './report-identity.ts'
import { lockFresh } from './sessions.ts'

// What a cardholder has chosen for themselves. Nothing of it comes from the issuer's list, so no import undoes it.

export interface Preferences {
  /** Of messages, and of the window at first; undefined: no choice of their own. */
  readonly language: Language | undefined
  /** Tells the real window and the real e-mail from false ones. */
  readonly greeting: string | undefined
  /** How payments are asked about. */
  readonly asked: Preference
}

export async function readPreferences({ cardholderId }: Actor): Promise<Preferences> {
  const row = await preferencesOf(database(), cardholderId)
  const { language, asked } = row ?? {}
  return { language: language ?? undefined, greeting: await openGreeting(row), asked: asked ?? 'codes' }
}

/** Undefined takes the choice back. Who only reads a mailbox must not make notices that their owner cannot read. */
export async function chooseLanguage(
  actor: Actor,
  language: Language | undefined,
): Promise<{ readonly kind: 'done' | 'stronger-authentication-needed' }> {
  if (!isFresh(actor, now())) return { kind: 'stronger-authentication-needed' }
  const { cardholderId } = actor
  return transaction(async tx => {
    if (!(await lockFresh(tx, actor))) return { kind: 'stronger-authentication-needed' }
    await savePreferences(tx, { cardholderId, language: language ?? null, updatedAt: new Date(now()) })
    await audit(tx, { type: 'preference-chosen', preference: 'language', cardholderId })
    log.info('preferences.language-chosen', { cardholderId })
    return { kind: 'done' }
  })
}

/** `greeting` in its one form (domain/account/greeting.ts); undefined: none any more. */
export async function chooseGreeting(
  actor: Actor,
  greeting: string | undefined,
): Promise<{ readonly kind: 'done' | 'stronger-authentication-needed' }> {
  if (!isFresh(actor, now())) return { kind: 'stronger-authentication-needed' }
  const { cardholderId } = actor
  const sealed = greeting === undefined ? null : await keys().seal('contact', greeting, greetingContext(cardholderId))
  return transaction(async tx => {
    if (!(await lockFresh(tx, actor))) return { kind: 'stronger-authentication-needed' }
    await savePreferences(tx, { cardholderId, greeting: sealed, updatedAt: new Date(now()) })
    await audit(tx, { type: 'preference-chosen', preference: 'greeting', cardholderId })
    log.info('preferences.greeting-chosen', { cardholderId })
    return { kind: 'done' }
  })
}

/**
 * From the next purchase on, and told to every contact. Who only reads a mailbox must not move the codes for good, nor whoever
 * payments are watched for; the way back to codes is always open.
 */
export async function chooseAsked(
  actor: Actor,
  asked: Preference,
): Promise<{ readonly kind: 'done' | 'watched' | 'limited' | 'stronger-authentication-needed' }> {
  if (!isFresh(actor, now())) return { kind: 'stronger-authentication-needed' }
  const { cardholderId, language } = actor
  if (asked === (await askedNow(database(), cardholderId))) return { kind: 'done' }
  if (asked !== 'codes' && (await countTry('askedChanges', cardholderId)).kind === 'limited') return { kind: 'limited' }
  return transaction(async tx => {
    const at = now()
    if (!(await lockFresh(tx, actor))) return { kind: 'stronger-authentication-needed' }
    const happened = whatHappened(await guardOf(tx, cardholderId))
    if (asked !== 'codes' && watchedBy(await openContacts(tx, cardholderId, at), happened, at))
      return { kind: 'watched' }
    const before = await askedNow(tx, cardholderId)
    await savePreferences(tx, { cardholderId, asked, updatedAt: new Date(at) })
    if (asked !== before) await noticeIdentity(tx, actor, 'asked-changed', { at: formatTime(at, language) }, at)
    await audit(tx, { type: 'preference-chosen', preference: 'asked', cardholderId })
    log.info('preferences.asked-chosen', { cardholderId, outcome: asked })
    return { kind: 'done' }
  })
}

async function askedNow(tx: Queryable, cardholderId: string): Promise<Preference> {
  return (await preferencesOf(tx, cardholderId))?.asked ?? 'codes'
}

/** A cardholder's greeting, if they have one. */
export async function greetingOf(tx: Queryable, cardholderId: string): Promise<string | undefined> {
  return openGreeting(await preferencesOf(tx, cardholderId))
}

async function openGreeting(row: Awaited<ReturnType<typeof preferencesOf>>): Promise<string | undefined> {
  return row?.greeting ? keys().open('contact', row.greeting, greetingContext(row.cardholderId)) : undefined
}

/** It opens for its own cardholder alone. */
export function greetingContext(cardholderId: string): string {
  return `${cardholderId}\0greeting`
}
