import { type Queryable, transaction } from '#db/client.ts'
import {
  type ChangeRow,
  changesSince,
  countChangeAttempt,
  fromChange,
  insertChange,
  insertReports,
  openChanges,
  toChange,
  updateChange,
} from '#db/queries/contact-changes.ts'
import { endContact, freezeContact, insertContact, latestContacts } from '#db/queries/contacts.ts'
import { dropMessagesAbout } from '#db/queries/outbox.ts'
import { guardOf } from '#db/queries/reports.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { maskEmail, maskPhone } from '#domain/challenge/mask.ts'
import { policy } from '#domain/challenge/policy.ts'
import { formatTime } from '#domain/challenge/purchase.ts'
import {
  beginChange,
  type ChangeAnswer,
  type ChangeEvent,
  type ChangeStep,
  type ContactKind,
  nextChange,
} from '#domain/contact/change.ts'
import { readMobile } from '#domain/contact/phone.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { audit } from '../audit/audit.ts'
import { notify, openContacts, orSmsLimited, queueMessage, SmsLimited } from '../delivery/message.ts'
import { recogniseEarlier, withReplaced } from '../earlier-codes.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { newCode, newId, sameBytes } from '../platform/crypto.ts'
import { contactContext, keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { type Actor, isFresh, isStrong } from './actor.ts'
import { noticeIdentity } from './report-identity.ts'
import { drawReportTokens } from './report-tokens.ts'
import { lockActor, lockFresh } from './sessions.ts'

export type Requested =
  | { readonly kind: 'sent' }
  | { readonly kind: 'stronger-authentication-needed' }
  /** It is the contact in force already. */
  | { readonly kind: 'unchanged' }
  /** No text messages are sent to that country. */
  | { readonly kind: 'mobile-country' }
  /** A report is open: nothing changes until it is resolved. */
  | { readonly kind: 'report-open' }
  | { readonly kind: 'sms-limited' }
  /** Too many changes in a day. */
  | { readonly kind: 'limited'; readonly until: number }

/**
 * Asks for a change: a code goes to the new contact, and nothing changes until it comes back. `value` is an address or a number
 * in its one form. Whose it may be besides is nobody's business: contacts may repeat.
 */
export async function requestChange(actor: Actor, kind: ContactKind, value: string): Promise<Requested> {
  return orSmsLimited<Requested>(async tx => {
    const at = now()
    if (!isFresh(actor, at)) return { kind: 'stronger-authentication-needed' }
    if (kind === 'mobile' && readMobile(value, config().issuer.smsCountries).kind !== 'mobile')
      return { kind: 'mobile-country' }
    const { cardholderId } = actor
    if (!(await lockFresh(tx, actor))) return { kind: 'stronger-authentication-needed' }
    if ((await guardOf(tx, cardholderId)).guardedAt) return { kind: 'report-open' }
    const today = await changesSince(tx, cardholderId, new Date(at - contactPolicy.day))
    const oldest = today.at(-1)
    if (oldest && today.length >= contactPolicy.changesPerDay) {
      return { kind: 'limited', until: oldest.requestedAt.getTime() + contactPolicy.day }
    }
    const channel = kind === 'email' ? 'email' : 'sms'
    const inForce = (await openContacts(tx, cardholderId, at)).find(contact => contact.channel === channel)
    if (inForce?.to === value) return { kind: 'unchanged' }
    for (const row of await openChanges(tx, cardholderId, kind)) {
      await take(tx, row, { kind: 'superseded', confirmed: false }, at)
    }
    const id = newId()
    const { change } = beginChange(kind, at)
    if (change.state !== 'asking') throw new Error('a change that does not ask')
    const row = {
      id,
      cardholderId,
      kind,
      value: await keys().seal('contact', value, contactContext(cardholderId, kind)),
      ...noCodeYet,
      masked: kind === 'email' ? maskEmail(value) : maskPhone(value),
      state: change.state,
      attempts: change.attempts,
      sends: change.sends,
      lastSentAt: new Date(change.lastSentAt),
      codeExpiresAt: new Date(change.codeExpiresAt),
      requestedAt: new Date(at),
      expiresAt: new Date(change.expiresAt),
    }
    await insertChange(tx, row)
    await updateChange(tx, id, await sendCode(tx, row, actor.language, change.codeExpiresAt, at))
    await audit(tx, { type: 'contact-change-requested', contact: kind, cardholderId, ref: id })
    log.info('contact.change-requested', { cardholderId, kind })
    return { kind: 'sent' }
  })
}

const noCodeYet = { codeTag: null, codeKeyId: null, earlierCodes: [] }

export type Confirmed = {
  readonly kind: ChangeAnswer | 'stronger-authentication-needed'
  readonly attemptsLeft?: number
}

/**
 * The code that came to the new contact. From here on it counts: an address at once, a number from its day on. Only in a session
 * that could have asked for it: who only reads a mailbox must not use up its owner's tries.
 */
export async function confirmChange(actor: Actor, kind: ContactKind, code: string): Promise<Confirmed> {
  if (!isStrong(actor)) return { kind: 'stronger-authentication-needed' }
  return transaction(async tx => {
    const at = now()
    if (!(await lockActor(tx, actor))) return { kind: 'stronger-authentication-needed' }
    const asking = (await openChanges(tx, actor.cardholderId, kind)).find(({ state }) => state === 'asking')
    const row = asking && (await countChangeAttempt(tx, asking.id, contactPolicy.codeAttempts))
    if (!row) return { kind: 'nothing-to-do' }
    const { answer } = await take(tx, row, await compare(tx, row, code), at, actor.language)
    log.info('contact.code-compared', { cardholderId: actor.cardholderId, kind, outcome: answer })
    return { kind: answer, attemptsLeft: contactPolicy.codeAttempts - row.attempts }
  })
}

type Answer = ChangeAnswer | 'stronger-authentication-needed'

/** Another code to the new contact, asked for in such a session as well. */
export async function resendChangeCode(actor: Actor, kind: ContactKind): Promise<Answer | 'sms-limited'> {
  if (!isStrong(actor)) return 'stronger-authentication-needed'
  const event = { kind: 'resend' } as const
  const answer = await orSmsLimited<Answer>(async tx =>
    (await lockActor(tx, actor))
      ? withOpenChanges(tx, actor, kind, event, ({ state }) => state === 'asking')
      : 'stronger-authentication-needed',
  )
  return typeof answer === 'string' ? answer : answer.kind
}

/**
 * The new contact is not wanted any more; possible until it has taken effect. Needs what asking for it needed: who only reads a
 * mailbox must not keep its owner from leaving it.
 */
export async function cancelChange(actor: Actor, kind: ContactKind): Promise<Answer> {
  return transaction(async tx => {
    if (!(await lockFresh(tx, actor))) return 'stronger-authentication-needed'
    return withOpenChanges(tx, actor, kind, { kind: 'cancel' }, row => isOpen(row, now()))
  })
}

/** Whatever waits is called off: nobody could do so later. The cardholder's row is locked. */
export async function callOffChanges(tx: Queryable, cardholderId: string, at: number): Promise<void> {
  for (const kind of ['email', 'mobile'] as const)
    for (const row of await openChanges(tx, cardholderId, kind))
      if (isOpen(row, at)) await take(tx, row, { kind: 'cancel' }, at)
}

/**
 * "The old number no longer works": no codes go there from this moment, whenever the new one begins. It takes no more than being
 * signed in, for a stolen phone must not go on receiving; so that very number is told as well, with a code for "this was not me".
 */
export async function stopMobile(actor: Actor): Promise<{ readonly kind: 'stopped' | 'nothing-to-do' }> {
  return transaction(async tx => {
    const at = now()
    if (!(await lockActor(tx, actor))) return { kind: 'nothing-to-do' }
    const mobile = (await latestContacts(tx, actor.cardholderId, at)).find(({ kind }) => kind === 'mobile')
    if (!mobile) return { kind: 'nothing-to-do' }
    const before = await openContacts(tx, actor.cardholderId, at)
    // Whatever came before it would count again.
    await freezeContact(tx, mobile, at)
    await endContact(tx, mobile.id, at)
    const number = maskPhone(await keys().open('contact', mobile.value, contactContext(actor.cardholderId, 'mobile')))
    await noticeIdentity(tx, actor, 'mobile-stopped', { contact: number }, at, before)
    await audit(tx, { type: 'contact-stopped', contact: 'mobile', cardholderId: actor.cardholderId, ref: mobile.id })
    log.info('contact.stopped', { cardholderId: actor.cardholderId, kind: 'mobile' })
    return { kind: 'stopped' }
  })
}

/**
 * A confirmed number may wait for its day while another one is asked for: both are meant. Answers for the newest. The
 * cardholder's row is locked.
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
    answers.push((await take(tx, row, event, at, actor.language)).answer)
  }
  const [answer = 'nothing-to-do'] = answers
  if (answers.length > 0) log.info(`contact.${event.kind}`, { cardholderId: actor.cardholderId, kind, outcome: answer })
  return answer
}

/** Somebody still waits for it: a code, or its day. */
export function isOpen(row: ChangeRow, at: number): boolean {
  if (row.state === 'asking') return at < row.expiresAt.getTime()
  return row.state === 'confirmed' && at < (row.effectiveAt?.getTime() ?? 0)
}

/** Does to a change what an event does; the cardholder's row is locked. */
export async function take(
  tx: Queryable,
  row: ChangeRow,
  event: ChangeEvent,
  at: number,
  language: Language = 'ja',
): Promise<ChangeStep> {
  const step = nextChange(toChange(row), event, at)
  let columns = fromChange(step.change, at)
  for (const effect of step.effects) {
    if (effect === 'send-code' && step.change.state === 'asking') {
      columns = { ...columns, ...(await sendCode(tx, row, language, step.change.codeExpiresAt, at)) }
    }
    if (effect === 'put-in-force' && step.change.state === 'confirmed') {
      columns = { ...columns, ...(await putInForce(tx, row, step.change.effectiveAt, at, language)) }
    }
    if (effect === 'take-back' && row.contactId) await endContact(tx, row.contactId, at)
    if (effect === 'freeze') await freeze(tx, row, at)
  }
  if (step.change.state !== row.state && step.change.state === 'ended') await dropMessagesAbout(tx, row.id, at)
  if (step.answer !== 'nothing-to-do') await updateChange(tx, row.id, columns)
  await auditChange(tx, row, step.change)
  return step
}

/** What came of a change, when its state is another one. */
async function auditChange(tx: Queryable, row: ChangeRow, change: ChangeStep['change']): Promise<void> {
  if (change.state === row.state) return
  const concerned = { contact: row.kind, cardholderId: row.cardholderId, ref: row.id }
  if (change.state === 'confirmed')
    await audit(tx, { type: 'contact-change-confirmed', effectiveAt: change.effectiveAt, ...concerned })
  if (change.state === 'ended') await audit(tx, { type: 'contact-change-ended', ending: change.ending, ...concerned })
}

async function sendCode(
  tx: Queryable,
  row: Pick<ChangeRow, 'id' | 'cardholderId' | 'kind' | 'value' | 'codeTag' | 'codeKeyId' | 'earlierCodes'>,
  language: Language,
  codeExpiresAt: number,
  at: number,
) {
  await dropMessagesAbout(tx, row.id, at)
  const code = newCode(policy.codeDigits)
  const { keyId, tag } = await keys().mac('code', codeInput(row.id, code))
  const queued = await queueMessage(
    tx,
    {
      channel: row.kind === 'email' ? 'email' : 'sms',
      to: await keys().open('contact', row.value, contactContext(row.cardholderId, row.kind)),
      language,
      content: { kind: 'code', words: 'contact', code, lifetime: codeExpiresAt - at },
      cardholderId: row.cardholderId,
      aboutId: row.id,
      expiresAt: codeExpiresAt,
    },
    at,
  )
  if (!queued) throw new SmsLimited()
  return { codeTag: tag, codeKeyId: keyId, earlierCodes: withReplaced(row) }
}

/** Writes the new contact, ends what waited before it, and tells the owner on the contacts that were in force until now. */
async function putInForce(tx: Queryable, row: ChangeRow, effectiveAt: number, at: number, language: Language) {
  const { cardholderId, kind } = row
  for (const other of await openChanges(tx, cardholderId, kind)) {
    if (other.id !== row.id) await take(tx, other, { kind: 'superseded', confirmed: true }, at)
  }
  const before = await openContacts(tx, cardholderId, at)
  const value = await keys().open('contact', row.value, contactContext(cardholderId, kind))
  const { keyId, tag } = await keys().mac('contact-lookup', `${kind}\0${value}`)
  const contactId = newId()
  await insertContact(tx, {
    id: contactId,
    cardholderId,
    kind,
    value: row.value,
    valueTag: tag,
    valueKeyId: keyId,
    source: 'cardholder',
    effectiveAt: new Date(effectiveAt),
  })
  const { link, code, digests } = await drawReportTokens()
  const expiresAt = new Date(Math.max(at, effectiveAt) + contactPolicy.reportWithin)
  await insertReports(
    tx,
    digests.map(digest => ({ digest, changeId: row.id, expiresAt })),
  )
  const told = { cardholderId, language, path: `/${language}/account/report/${link}` }
  const values = { contact: row.masked, at: formatTime(effectiveAt, language), report: code }
  await notify(tx, { ...told, words: kind === 'email' ? 'email-changed' : 'mobile-changing', values }, at, before)
  return { contactId }
}

async function freeze(tx: Queryable, row: ChangeRow, at: number) {
  const contact = (await latestContacts(tx, row.cardholderId, at)).find(({ kind }) => kind === row.kind)
  // Something newer may have come in its place; that is not what was reported.
  if (contact && contact.id === row.contactId) await freezeContact(tx, contact, at)
}

async function compare(tx: Queryable, row: ChangeRow, code: string): Promise<ChangeEvent> {
  if (await isCode(row, code)) return { kind: 'code-compared', match: true }
  const earlier = await recogniseEarlier(row.earlierCodes, codeInput(row.id, code))
  if (!earlier) return { kind: 'code-compared', match: false }
  await updateChange(tx, row.id, { earlierCodes: earlier.earlierCodes })
  return { kind: 'code-earlier', free: earlier.free }
}

async function isCode(row: ChangeRow, code: string): Promise<boolean> {
  if (row.codeTag === null || row.codeKeyId === null) return false
  const tag = await keys().macUnder('code', row.codeKeyId, codeInput(row.id, code))
  return tag !== undefined && sameBytes(tag, row.codeTag)
}

/** A code is bound to its change: the same digits elsewhere have another tag. */
function codeInput(changeId: string, code: string): string {
  return `contact\0${changeId}\0${code}`
}
