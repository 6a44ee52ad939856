import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CodeRecipients, codeRecipientsFor, type Reachable, restrictionOn } from './code-recipients.ts'
import { contactPolicy } from './policy.ts'

const now = Date.UTC(2026, 5, 1)
const email: Reachable = { channel: 'email' }
const newEmail: Reachable = { channel: 'email', changedAt: now - contactPolicy.newEmailRestricted + 1 }
const oldEmail: Reachable = { channel: 'email', changedAt: now - contactPolicy.newEmailRestricted }
const mobile: Reachable = { channel: 'sms' }
const newMobile: Reachable = { channel: 'sms', changedAt: now }

const told = (recipients: CodeRecipients) =>
  recipients.kind === 'to' ? recipients.contacts.map(({ channel }) => channel).join(' and ') : recipients.kind

describe('a payment’s code goes', () => {
  test.each<[string, readonly Reachable[], boolean, string, string]>([
    // contacts, guarded; a smaller purchase, a larger one
    ['to both contacts', [email, mobile], false, 'email and sms', 'email and sms'],
    ['to the one there is', [email], false, 'email', 'email'],
    ['to the other one there is', [mobile], false, 'sms', 'sms'],
    ['nowhere without any', [], false, 'no-contact', 'no-contact'],
    ['to the number alone after a report', [email, mobile], true, 'sms', 'sms'],
    ['to a mailbox after a report only for little', [email], true, 'email', 'report-open'],
    ['nowhere after a report without any contact', [], true, 'report-open', 'report-open'],
    ['to the number alone while the address is new', [newEmail, mobile], false, 'sms', 'sms'],
    ['to a new address only for little', [newEmail], false, 'email', 'email-recently-changed'],
    ['to both a day after the change', [oldEmail, mobile], false, 'email and sms', 'email and sms'],
    ['to the address a day after the change', [oldEmail], false, 'email', 'email'],
    ['to both whatever became of the number', [email, newMobile], false, 'email and sms', 'email and sms'],
    ['by the report, should both be the case', [newEmail], true, 'email', 'report-open'],
  ])('%s', (_what, contacts, restricted, smaller, larger) => {
    const happened = { reportOpenSince: restricted ? now : undefined, numberStoppedAt: undefined }
    expect(told(codeRecipientsFor(contacts, { ...happened, larger: false }, now))).toBe(smaller)
    expect(told(codeRecipientsFor(contacts, { ...happened, larger: true }, now))).toBe(larger)
  })

  const day = contactPolicy.newEmailRestricted
  const lookBack = contactPolicy.reportLookBack
  const agedEmail = (age: number): Reachable => ({ channel: 'email', changedAt: now - age })
  test.each<[string, readonly Reachable[], number | undefined, number, string]>([
    // contacts, how long ago a report was made, how long ago the number was stopped; a smaller purchase
    ['to no mailbox once the number was stopped after a report', [email], 2, 1, 'report-open'],
    ['to no mailbox where the report itself stopped the number', [email], 2, 2, 'report-open'],
    ['to no mailbox where the number was stopped within the look-back', [email], 2, lookBack + 2, 'report-open'],
    ['to the mailbox for little where the number was stopped before it', [email], 2, lookBack + 3, 'email'],
    ['to no mailbox however long ago both were', [email], 90 * day, 89 * day, 'report-open'],
    [
      'to no mailbox once the number was stopped after the address changed',
      [agedEmail(2)],
      undefined,
      1,
      'email-recently-changed',
    ],
    [
      'to no mailbox where it was stopped shortly before that',
      [agedEmail(2)],
      undefined,
      day + 2,
      'email-recently-changed',
    ],
    ['to the mailbox for little where it was stopped long before that', [agedEmail(2)], undefined, day + 3, 'email'],
    ['to the mailbox a day after the change, whatever was stopped', [agedEmail(day)], undefined, 1, 'email'],
    ['by what began first, should both be the case', [agedEmail(day - 1)], 1, 2 * day - 1, 'report-open'],
    ['to a newer number', [email, mobile], 2, 1, 'sms'],
    ['to the mailbox for little where the number was stopped within a day', [email], undefined, 1, 'email'],
  ])('%s', (_what, contacts, reported, stopped, smaller) => {
    const reportOpenSince = reported === undefined ? undefined : now - reported
    expect(
      told(codeRecipientsFor(contacts, { reportOpenSince, numberStoppedAt: now - stopped, larger: false }, now)),
    ).toBe(smaller)
  })

  test.each<[string, readonly Reachable[], number, string]>([
    // contacts, how long ago the number was stopped; a larger purchase
    ['to no mailbox at all once the number was stopped', [email], 0, 'number-stopped'],
    ['to no mailbox until a day later', [email], contactPolicy.stoppedNumberRestricted - 1, 'number-stopped'],
    ['to the mailbox a day later', [email], contactPolicy.stoppedNumberRestricted, 'email'],
    ['to a number that came in its place', [email, newMobile], 1, 'email and sms'],
    ['nowhere without a mailbox, ever', [], 90 * contactPolicy.day, 'number-stopped'],
  ])('%s', (_what, contacts, stopped, larger) => {
    expect(
      told(
        codeRecipientsFor(contacts, { reportOpenSince: undefined, numberStoppedAt: now - stopped, larger: true }, now),
      ),
    ).toBe(larger)
  })

  test('to no mailbox while a report is open by which a number was stopped within its look-back, whatever else happens', () => {
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
          const recipients = codeRecipientsFor(contacts, { ...happened, larger }, now)
          if (stopped <= reported + lookBack) expect(recipients.kind).not.toBe('to')
          // Waiting does not alter it while the address is not new.
          const later = codeRecipientsFor(
            contacts.filter(one => one !== newEmail),
            { ...happened, larger },
            now + 90 * day,
          )
          if (!contacts.includes(newEmail)) expect(later).toEqual(recipients)
        },
      ),
    )
  })

  test('to no mailbox for a larger purchase while payments are watched, and always to a number there is', () => {
    const instant = fc.integer({ min: -6, max: 6 }).map(quarters => now + (quarters * day) / 4)
    const moment = fc.option(instant, { nil: undefined })
    const contact = fc.record({ channel: fc.constantFrom('email' as const, 'sms' as const), changedAt: moment })
    const happened = fc.record({ reportOpenSince: moment, numberStoppedAt: moment, larger: fc.boolean() })
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
