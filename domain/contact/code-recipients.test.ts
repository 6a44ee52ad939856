import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import {
  activeRestriction,
  type CodeRecipients,
  codeRecipientsFor,
  inDoubtSince,
  type Reachable,
  restrictionOn,
  withoutLost,
} from './code-recipients.ts'
import { contactPolicy } from './policy.ts'

const now = Date.UTC(2026, 5, 1)
const email: Reachable = { channel: 'email' }
const newEmail: Reachable = { channel: 'email', changedAt: now - contactPolicy.newEmailRestricted + 1 }
const oldEmail: Reachable = { channel: 'email', changedAt: now - contactPolicy.newEmailRestricted }
const mobile: Reachable = { channel: 'sms' }
const newMobile: Reachable = { channel: 'sms', changedAt: now }

const told = (recipients: CodeRecipients) =>
  recipients.kind === 'to' ? recipients.contacts.map(({ channel }) => channel).join(' and ') : recipients.kind

describe('the code of a payment goes', () => {
  test.each<[string, readonly Reachable[], boolean, string, string]>([
    // Contacts; whether a report is open; the result for a smaller purchase, for a larger one.
    ['to both contacts', [email, mobile], false, 'email and sms', 'email and sms'],
    ['to the only contact, an e-mail address', [email], false, 'email', 'email'],
    ['to the only contact, a mobile number', [mobile], false, 'sms', 'sms'],
    ['nowhere without a contact', [], false, 'no-contact', 'no-contact'],
    ['only to the number while a report is open', [email, mobile], true, 'sms', 'sms'],
    ['to a mailbox while a report is open only for a smaller purchase', [email], true, 'email', 'report-open'],
    ['nowhere while a report is open without a contact', [], true, 'report-open', 'report-open'],
    ['only to the number while the address is new', [newEmail, mobile], false, 'sms', 'sms'],
    ['to a new address only for a smaller purchase', [newEmail], false, 'email', 'email-recently-changed'],
    ['to both a day after the change', [oldEmail, mobile], false, 'email and sms', 'email and sms'],
    ['to the address a day after the change', [oldEmail], false, 'email', 'email'],
    ['to both when the number has changed', [email, newMobile], false, 'email and sms', 'email and sms'],
    ['as a report requires when the address is new as well', [newEmail], true, 'email', 'report-open'],
  ])('%s', (_what, contacts, restricted, smaller, larger) => {
    const happened = { reportOpenSince: restricted ? now : undefined, numberStoppedAt: undefined }
    expect(told(codeRecipientsFor(contacts, { ...happened, larger: false, beyondProvisional: false }, now))).toBe(
      smaller,
    )
    expect(told(codeRecipientsFor(contacts, { ...happened, larger: true, beyondProvisional: false }, now))).toBe(larger)
  })

  const day = contactPolicy.newEmailRestricted
  const lookBack = contactPolicy.reportLookBack
  const agedEmail = (age: number): Reachable => ({ channel: 'email', changedAt: now - age })
  test.each<[string, readonly Reachable[], number | undefined, number, string]>([
    // Contacts; age of the report; time since the number was stopped; the result for a smaller purchase.
    ['to no mailbox when the number was stopped after a report', [email], 2, 1, 'report-open'],
    ['to no mailbox when the report itself stopped the number', [email], 2, 2, 'report-open'],
    ['to no mailbox when the number was stopped within the look-back', [email], 2, lookBack + 2, 'report-open'],
    [
      'to the mailbox for a smaller purchase when the number was stopped before the look-back',
      [email],
      2,
      lookBack + 3,
      'email',
    ],
    ['to no mailbox, however long ago both happened', [email], 90 * day, 89 * day, 'report-open'],
    [
      'to no mailbox when the number was stopped after the address changed',
      [agedEmail(2)],
      undefined,
      1,
      'email-recently-changed',
    ],
    [
      'to no mailbox when it was stopped shortly before that',
      [agedEmail(2)],
      undefined,
      day + 2,
      'email-recently-changed',
    ],
    [
      'to the mailbox for a smaller purchase when it was stopped long before that',
      [agedEmail(2)],
      undefined,
      day + 3,
      'email',
    ],
    ['to the mailbox a day after the change, even if a number was stopped', [agedEmail(day)], undefined, 1, 'email'],
    ['as a report requires when the address changed as well', [agedEmail(day - 1)], 1, 2 * day - 1, 'report-open'],
    ['to a newer number', [email, mobile], 2, 1, 'sms'],
    ['to the mailbox for a smaller purchase when the number was stopped within a day', [email], undefined, 1, 'email'],
  ])('%s', (_what, contacts, reported, stopped, smaller) => {
    const reportOpenSince = reported === undefined ? undefined : now - reported
    expect(
      told(
        codeRecipientsFor(
          contacts,
          { reportOpenSince, numberStoppedAt: now - stopped, larger: false, beyondProvisional: false },
          now,
        ),
      ),
    ).toBe(smaller)
  })

  test.each<[string, readonly Reachable[], number, string]>([
    // Contacts; time since the number was stopped; the result for a larger purchase.
    ['to no mailbox when the number was just stopped', [email], 0, 'number-stopped'],
    ['to no mailbox until a day later', [email], contactPolicy.stoppedNumberRestricted - 1, 'number-stopped'],
    ['to the mailbox a day later', [email], contactPolicy.stoppedNumberRestricted, 'email'],
    ['to a number that replaced it', [email, newMobile], 1, 'email and sms'],
    ['nowhere without a mailbox, however long ago it was stopped', [], 90 * contactPolicy.day, 'number-stopped'],
  ])('%s', (_what, contacts, stopped, larger) => {
    expect(
      told(
        codeRecipientsFor(
          contacts,
          { reportOpenSince: undefined, numberStoppedAt: now - stopped, larger: true, beyondProvisional: false },
          now,
        ),
      ),
    ).toBe(larger)
  })

  test('to no mailbox while a report is open if a number was stopped after the start of its look-back', () => {
    const ago = fc.integer({ min: 0, max: 60 }).map(days => days * day)
    const contact = fc.constantFrom(email, newEmail, oldEmail)
    fc.assert(
      fc.property(
        fc.array(contact, { maxLength: 2 }),
        ago,
        ago,
        fc.boolean(),
        (contacts, reported, stopped, larger) => {
          const happened = { reportOpenSince: now - reported, numberStoppedAt: now - stopped }
          const recipients = codeRecipientsFor(contacts, { ...happened, larger, beyondProvisional: false }, now)
          if (stopped <= reported + lookBack) expect(recipients.kind).not.toBe('to')
          // Waiting does not change the result unless the address is new.
          const later = codeRecipientsFor(
            contacts.filter(one => one !== newEmail),
            { ...happened, larger, beyondProvisional: false },
            now + 90 * day,
          )
          if (!contacts.includes(newEmail)) expect(later).toEqual(recipients)
        },
      ),
    )
  })

  test('to no mailbox for a larger purchase while payments are restricted, and always to an effective number', () => {
    const instant = fc.integer({ min: -6, max: 6 }).map(quarters => now + (quarters * day) / 4)
    const moment = fc.option(instant, { nil: undefined })
    const contact = fc.record({ channel: fc.constantFrom('email' as const, 'sms' as const), changedAt: moment })
    const happened = fc.record({
      reportOpenSince: moment,
      numberStoppedAt: moment,
      larger: fc.boolean(),
      beyondProvisional: fc.constant(false),
    })
    fc.assert(
      fc.property(fc.array(contact, { maxLength: 2 }), happened, instant, (contacts, asked, at) => {
        const recipients = codeRecipientsFor(contacts, asked, at)
        const channels = recipients.kind === 'to' ? recipients.contacts.map(({ channel }) => channel) : []
        const restricted = restrictionOn(contacts, asked, at)
        const stopped = (asked.numberStoppedAt ?? -1) >= (asked.reportOpenSince ?? Number.POSITIVE_INFINITY)
        if ((restricted && asked.larger) || stopped) expect(channels).not.toContain('email')
        if (contacts.some(({ channel }) => channel === 'sms')) expect(channels).toContain('sms')
        if (!restricted) expect(channels).toEqual(contacts.map(({ channel }) => channel))
      }),
    )
  })
})

describe('while payments are restricted, additions are in doubt', () => {
  const day = contactPolicy.newEmailRestricted
  const since = (
    contacts: readonly Reachable[],
    happened: { reportOpenSince?: number; disputedSince?: number; numberStoppedAt?: number },
  ) =>
    inDoubtSince(
      contacts,
      { reportOpenSince: undefined, disputedSince: undefined, numberStoppedAt: undefined, ...happened },
      now,
    )

  test('since the start of the dispute of an open report', () => {
    expect(since([email, mobile], { reportOpenSince: now - 5, disputedSince: now - 9 })).toBe(now - 9)
    expect(since([email], { reportOpenSince: now - 5 })).toBe(now - 5)
  })

  test('since a day before the address changed', () => {
    expect(since([{ channel: 'email', changedAt: now - 5 }, mobile], {})).toBe(now - 5 - day)
  })

  test('since a day before the number was stopped, if none is left', () => {
    expect(since([email], { numberStoppedAt: now - 5 })).toBe(now - 5 - contactPolicy.stoppedNumberRestricted)
    expect(since([email, mobile], { numberStoppedAt: now - 5 })).toBeUndefined()
  })

  test('since the earliest of several causes', () => {
    const changed: Reachable = { channel: 'email', changedAt: now - 5 }
    expect(since([changed], { reportOpenSince: now - 5, disputedSince: now - 9 })).toBe(now - 5 - day)
    expect(since([changed], { reportOpenSince: now - 5, disputedSince: now - 9 * day })).toBe(now - 9 * day)
  })

  test('and never without a restriction', () => {
    expect(since([email, mobile], {})).toBeUndefined()
    expect(since([oldEmail], { numberStoppedAt: now - 2 * contactPolicy.stoppedNumberRestricted })).toBeUndefined()
  })
})

describe('a contact that was registered in a window', () => {
  const asked = { reportOpenSince: undefined, numberStoppedAt: undefined, larger: false }
  const provisional = {
    channel: 'email',
    changedAt: now - 2 * contactPolicy.newEmailRestricted,
    isProvisional: true,
  } as const
  const number = { channel: 'sms' } as const

  test('gets no code of a purchase above its amount, and is the reason if there is no other contact', () => {
    expect(codeRecipientsFor([provisional], { ...asked, beyondProvisional: true }, now)).toEqual({
      kind: 'contact-provisional',
    })
    expect(codeRecipientsFor([provisional], { ...asked, beyondProvisional: false }, now)).toEqual({
      kind: 'to',
      contacts: [provisional],
    })
    expect(codeRecipientsFor([provisional, number], { ...asked, beyondProvisional: true }, now)).toEqual({
      kind: 'to',
      contacts: [number],
    })
  })

  test('gets no code of a larger purchase in its first day, nor while a report is open', () => {
    const fresh = { ...provisional, changedAt: now }
    expect(codeRecipientsFor([fresh], { ...asked, larger: true, beyondProvisional: false }, now)).toEqual({
      kind: 'email-recently-changed',
    })
    const reported = { ...asked, reportOpenSince: now, larger: true, beyondProvisional: true }
    expect(codeRecipientsFor([provisional], reported, now)).toEqual({ kind: 'report-open' })
  })
})

test('a restriction after a change of the e-mail address ends a day later, and says whether a number is left', () => {
  const changedAt = 1_000_000
  const email = { channel: 'email', changedAt } as const
  const nothing = { reportOpenSince: undefined, numberStoppedAt: undefined }
  const until = changedAt + contactPolicy.newEmailRestricted
  const found = { kind: 'email-recently-changed', until }
  expect(activeRestriction([email], nothing, until - 1)).toEqual({ ...found, hasNumber: false })
  expect(activeRestriction([email, { channel: 'sms' }], nothing, until - 1)).toEqual({ ...found, hasNumber: true })
  expect(activeRestriction([email], nothing, until)).toBeUndefined()
})

describe('a contact that the cardholder has lost', () => {
  const asked = { reportOpenSince: undefined, numberStoppedAt: undefined, larger: false, beyondProvisional: false }
  test.each<[string, readonly Reachable[], readonly ('email' | 'sms')[], string]>([
    ['leaves the other one', [email, mobile], ['sms'], 'email'],
    ['leaves the other one, whichever it is', [email, mobile], ['email'], 'sms'],
    ['leaves nothing if it was the only one', [mobile], ['sms'], 'contacts-lost'],
    ['leaves nothing once both are lost', [email, mobile], ['sms', 'email'], 'contacts-lost'],
    ['changes nothing if there is no such contact', [email], ['sms'], 'email'],
    ['changes nothing without a contact', [], ['sms'], 'no-contact'],
    ['does not open the mailbox while payments are restricted', [newEmail, mobile], ['sms'], 'contacts-lost'],
  ])('%s', (_what, contacts, lost, left) => {
    expect(told(withoutLost(codeRecipientsFor(contacts, asked, now), lost))).toBe(left)
  })

  test('does not lift a refusal', () => {
    const restricted = { ...asked, larger: true, reportOpenSince: now }
    expect(told(withoutLost(codeRecipientsFor([email], restricted, now), ['sms']))).toBe('report-open')
  })
})
