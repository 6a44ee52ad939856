import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contactPolicy } from './policy.ts'
import { isStillGood, type Reachable, type Routes, routesFor, watchedBy } from './routes.ts'

const now = Date.UTC(2026, 5, 1)
const email: Reachable = { channel: 'email' }
const newEmail: Reachable = { channel: 'email', changedAt: now - contactPolicy.newEmailWatched + 1 }
const oldEmail: Reachable = { channel: 'email', changedAt: now - contactPolicy.newEmailWatched }
const mobile: Reachable = { channel: 'sms' }
const newMobile: Reachable = { channel: 'sms', changedAt: now }

const told = (routes: Routes) =>
  routes.kind === 'to' ? routes.contacts.map(({ channel }) => channel).join(' and ') : routes.kind

describe('a payment’s code goes', () => {
  test.each<[string, readonly Reachable[], boolean, string, string]>([
    // contacts, guarded; a smaller purchase, a larger one
    ['to both contacts', [email, mobile], false, 'email and sms', 'email and sms'],
    ['to the one there is', [email], false, 'email', 'email'],
    ['to the other one there is', [mobile], false, 'sms', 'sms'],
    ['nowhere without any', [], false, 'no-contact', 'no-contact'],
    ['to the number alone after a report', [email, mobile], true, 'sms', 'sms'],
    ['to a mailbox after a report only for little', [email], true, 'email', 'guarded'],
    ['nowhere after a report without any contact', [], true, 'guarded', 'guarded'],
    ['to the number alone while the address is new', [newEmail, mobile], false, 'sms', 'sms'],
    ['to a new address only for little', [newEmail], false, 'email', 'email-too-new'],
    ['to both a day after the change', [oldEmail, mobile], false, 'email and sms', 'email and sms'],
    ['to the address a day after the change', [oldEmail], false, 'email', 'email'],
    ['to both whatever became of the number', [email, newMobile], false, 'email and sms', 'email and sms'],
    ['by the report, should both be the case', [newEmail], true, 'email', 'guarded'],
  ])('%s', (_what, contacts, guarded, smaller, larger) => {
    expect(told(routesFor(contacts, { guarded, larger: false }, now))).toBe(smaller)
    expect(told(routesFor(contacts, { guarded, larger: true }, now))).toBe(larger)
  })

  test('to no mailbox for a larger purchase while payments are watched, and always to a number there is', () => {
    const contact = fc.oneof(
      fc.record({ channel: fc.constant('email' as const), changedAt: fc.option(fc.integer(), { nil: undefined }) }),
      fc.record({ channel: fc.constant('sms' as const), changedAt: fc.option(fc.integer(), { nil: undefined }) }),
    )
    fc.assert(
      fc.property(fc.array(contact, { maxLength: 2 }), fc.boolean(), fc.boolean(), fc.integer(), (...given) => {
        const [contacts, guarded, larger, at] = given
        const routes = routesFor(contacts, { guarded, larger }, at)
        const channels = routes.kind === 'to' ? routes.contacts.map(({ channel }) => channel) : []
        if (watchedBy(contacts, guarded, at) && larger) expect(channels).not.toContain('email')
        if (contacts.some(({ channel }) => channel === 'sms')) expect(channels).toContain('sms')
        if (!watchedBy(contacts, guarded, at)) expect(channels).toEqual(contacts.map(({ channel }) => channel))
      }),
    )
  })
})

describe('a code that was sent', () => {
  const both: Routes = { kind: 'to', contacts: [email, mobile] }
  const texts: Routes = { kind: 'to', contacts: [mobile] }
  test.each<[string, Parameters<typeof isStillGood>, boolean]>([
    ['to both is good while it would go to both', [['email', 'sms'], both], true],
    ['to one is good while it would go to both', [['sms'], both], true],
    ['to both is good no longer once the mailbox counts no more', [['email', 'sms'], texts], false],
    ['by text is good all the same', [['sms'], texts], true],
    ['is good no longer without a contact', [['email'], { kind: 'no-contact' }], false],
    ['is good no longer where nobody may be asked', [['email'], { kind: 'guarded' }], false],
  ])('%s', (_what, given, good) => {
    expect(isStillGood(...given)).toBe(good)
  })
})
