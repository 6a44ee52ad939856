import { type Queryable, transaction } from '#db/client.ts'
import { toStoredCode } from '#db/queries/code-columns.ts'
import { type ChangeRow, changesSince, countChangeAttempt, openChanges, toChange } from '#db/queries/contact-changes.ts'
import { endContact, freezeContact, latestContacts } from '#db/queries/contacts.ts'
import { openReportOf } from '#db/queries/reports.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { type ChangeAnswer, type ChangeEvent, type ContactKind, isPending } from '#domain/contact/change.ts'
import { maskPhone } from '#domain/contact/mask.ts'
import { readMobile } from '#domain/contact/phone.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { audit } from '../audit/audit.ts'
import { compareCode } from '../codes/one-time-code.ts'
import { decryptEffectiveContacts, orSmsLimited } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { contactContext, keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { applyChangeEvent, changeCode, startChange } from './apply-change.ts'
import { noticeIdentity } from './identity-notice.ts'
import { lockFor } from './sessions.ts'

export type Requested =
  | { readonly kind: 'sent' }
  | { readonly kind: 'stronger-authentication-needed' }
  /** It is the effective contact already. */
  | { readonly kind: 'unchanged' }
  /** No text messages are sent to that country. */
  | { readonly kind: 'mobile-country' }
  /** A report is open: nothing changes until it is resolved. */
  | { readonly kind: 'report-open' }
  | { readonly kind: 'sms-limited' }
  /** Too many changes in a day. */
  | { readonly kind: 'limited'; readonly until: number }

/**
 * Asks for a change: sends a code to the new contact, and changes nothing until the code is entered. `value` is a
 * normalised address or number. Several cardholders may have the same contact.
 */
export async function requestChange(actor: Actor, kind: ContactKind, value: string): Promise<Requested> {
  return orSmsLimited<Requested>(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'change-contact', actor))) return { kind: 'stronger-authentication-needed' }
    if (kind === 'mobile' && readMobile(value, config().issuer.smsCountries).kind !== 'mobile')
      return { kind: 'mobile-country' }
    const { cardholderId } = actor
    if ((await openReportOf(tx, cardholderId)).reportOpenSince) return { kind: 'report-open' }
    const today = await changesSince(tx, cardholderId, at - contactPolicy.day)
    const oldest = today.at(-1)
    if (oldest && today.length >= contactPolicy.changesPerDay) {
      return { kind: 'limited', until: oldest.requestedAt + contactPolicy.day }
    }
    const channel = kind === 'email' ? 'email' : 'sms'
    const effective = (await decryptEffectiveContacts(tx, cardholderId, at)).find(
      contact => contact.channel === channel,
    )
    if (effective?.to === value) return { kind: 'unchanged' }
    await startChange(tx, { cardholderId, kind, value, language: actor.language }, at)
    return { kind: 'sent' }
  })
}

export type Confirmed = {
  readonly kind: ChangeAnswer | 'stronger-authentication-needed'
  readonly attemptsLeft?: number
}

/**
 * Enters the code that was sent to the new contact. An address is effective at once, a number from its effective day.
 * It needs a session that could have requested the change, so that an intruder who only reads the mailbox cannot use up
 * the cardholder's attempts.
 */
export async function confirmChange(actor: Actor, kind: ContactKind, code: string): Promise<Confirmed> {
  const { attempts } = codePolicy['contact-change']
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'enter-change-code', actor))) return { kind: 'stronger-authentication-needed' }
    const asking = (await openChanges(tx, actor.cardholderId, kind)).find(({ state }) => state === 'asking')
    if (!asking) return { kind: (await hasConfirmedBy(code, tx, actor, kind, at)) ? 'confirmed' : 'nothing-to-do' }
    const row = await countChangeAttempt(tx, asking.id, attempts)
    if (!row) return { kind: 'nothing-to-do' }
    const compared = await compareCode(changeCode(row.id), toStoredCode(row), code)
    const { answer } = await applyChangeEvent(tx, row, { kind: 'code-entered', compared }, at, actor.language)
    log.info('contact.code-compared', { cardholderId: actor.cardholderId, kind, outcome: answer })
    return { kind: answer, attemptsLeft: attempts - row.attempts }
  })
}

type Answer = ChangeAnswer | 'stronger-authentication-needed'

/** Sends another code to the new contact. It needs the same kind of session as entering the code. */
export async function resendChangeCode(actor: Actor, kind: ContactKind): Promise<Answer | 'sms-limited'> {
  const event = { kind: 'resend' } as const
  const answer = await orSmsLimited<Answer>(async tx =>
    (await lockFor(tx, 'enter-change-code', actor))
      ? withOpenChanges(tx, actor, kind, event, ({ state }) => state === 'asking')
      : 'stronger-authentication-needed',
  )
  return typeof answer === 'string' ? answer : answer.kind
}

/**
 * Withdraws a change that has not taken effect yet. It needs the same authentication as the request, so that an
 * intruder who only reads the mailbox cannot keep the cardholder from moving away from it.
 */
export async function cancelChange(actor: Actor, kind: ContactKind): Promise<Answer> {
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'cancel-change', actor))) return 'stronger-authentication-needed'
    const answer = await withOpenChanges(tx, actor, kind, { kind: 'cancel' }, row => isPending(toChange(row), at))
    if (answer !== 'nothing-to-do') return answer
    return (await newestChange(tx, actor, kind, at))?.outcome === 'cancelled' ? 'ended' : answer
  })
}

/**
 * Whether this very code has confirmed the newest change. A button pressed twice, without scripts to prevent it, gets the
 * second answer on its screen: it must be the answer to the first.
 */
async function hasConfirmedBy(
  code: string,
  tx: Queryable,
  actor: Actor,
  kind: ContactKind,
  at: number,
): Promise<boolean> {
  const newest = await newestChange(tx, actor, kind, at)
  if (newest?.state !== 'confirmed') return false
  return (await compareCode(changeCode(newest.id), toStoredCode(newest), code)).kind === 'match'
}

async function newestChange(tx: Queryable, { cardholderId }: Actor, kind: ContactKind, at: number) {
  return (await changesSince(tx, cardholderId, at - contactPolicy.day)).find(change => change.kind === kind)
}

/**
 * Cancels every pending change: without an account the cardholder could not do so later. The caller holds the lock on
 * the cardholder's row.
 */
export async function cancelPendingChanges(tx: Queryable, cardholderId: string, at: number): Promise<void> {
  for (const kind of ['email', 'mobile'] as const)
    for (const row of await openChanges(tx, cardholderId, kind))
      if (isPending(toChange(row), at)) await applyChangeEvent(tx, row, { kind: 'cancel' }, at)
}

/**
 * "The old number no longer works": stops codes to it at once, whenever the new number takes effect. Being signed in is
 * enough, because a stolen phone must not keep receiving codes. For the same reason the number itself is notified as
 * well, with a code for "this was not me".
 */
export async function stopMobile(actor: Actor): Promise<{ readonly kind: 'stopped' | 'nothing-to-do' }> {
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'stop-mobile', actor))) return { kind: 'nothing-to-do' }
    const mobile = (await latestContacts(tx, actor.cardholderId, at)).find(({ kind }) => kind === 'mobile')
    if (!mobile) return { kind: 'nothing-to-do' }
    const before = await decryptEffectiveContacts(tx, actor.cardholderId, at)
    // Without this, the number before it would become effective again.
    await freezeContact(tx, mobile, at)
    await endContact(tx, mobile.id, at)
    const number = maskPhone(
      await keys().decrypt('contact', mobile.value, contactContext(actor.cardholderId, 'mobile')),
    )
    await noticeIdentity(tx, actor, 'mobile-stopped', { contact: number }, at, before)
    await audit(tx, { type: 'contact-stopped', contact: 'mobile', cardholderId: actor.cardholderId, ref: mobile.id })
    log.info('contact.stopped', { cardholderId: actor.cardholderId, kind: 'mobile' })
    return { kind: 'stopped' }
  })
}

/**
 * Applies an event to all wanted changes, because a confirmed number may wait for its effective day while another one
 * is being requested. Returns the answer for the newest. The caller holds the lock on the cardholder's row.
 */
async function withOpenChanges(
  tx: Queryable,
  actor: Actor,
  kind: ContactKind,
  event: ChangeEvent,
  wanted: (row: ChangeRow) => boolean,
): Promise<ChangeAnswer> {
  const at = now()
  const answers: ChangeAnswer[] = []
  for (const row of (await openChanges(tx, actor.cardholderId, kind)).filter(wanted)) {
    answers.push((await applyChangeEvent(tx, row, event, at, actor.language)).answer)
  }
  const [answer = 'nothing-to-do'] = answers
  if (answers.length > 0) log.info(`contact.${event.kind}`, { cardholderId: actor.cardholderId, kind, outcome: answer })
  return answer
}
