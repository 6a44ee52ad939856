import { describe, expect, test } from 'vitest'
import type { Instant } from '#domain/kernel/instant.ts'
import fc from '#domain/testing/fast-check.ts'
import { beginChange, type Change, type ContactKind, nextChange } from './change.ts'
import { codeRecipientsFor, type Reachable } from './code-recipients.ts'
import { contactPolicy } from './policy.ts'
import { disputedSince, endedByReport, isDisputed, provesDespiteReport, type ReportedChange } from './report.ts'

const { day, reportLookBack } = contactPolicy
const start = Date.UTC(2026, 5, 1, 1)

describe('a report ends', () => {
  const change = (id: string, requested: number, effective?: number): ReportedChange => ({
    id,
    requestedAt: start - requested,
    effectiveAt: effective === undefined ? undefined : start - effective,
  })
  const old = reportLookBack + 1
  test.each<[string, ReportedChange, boolean]>([
    ['a change whose code is awaited', change('a', 1), true],
    ['a change that is not effective yet, however long ago it was requested', change('a', old, -day), true],
    ['a change that became effective within the look-back', change('a', 5 * day, 2 * day), true],
    ['a change that was requested exactly at the beginning of the look-back', change('a', reportLookBack, day), true],
    ['the change that it names, however old it is', change('named', old, old), true],
    ['no other change that is older', change('a', old, day), false],
  ])('%s', (_what, given, ends) => {
    expect(endedByReport([given], start, 'named')).toEqual(ends ? [given] : [])
  })
})

test('the dispute begins with the oldest addition within the look-back, or with the reported event', () => {
  const since = (added: number[], happened = start) => disputedSince(start, happened, added)
  expect(since([])).toBe(start)
  expect(since([start - 3 * day, start - 5 * day])).toBe(start - 5 * day)
  expect(since([start - reportLookBack - 1, start - day])).toBe(start - day)
  expect(since([start - day], start - 40 * day)).toBe(start - 40 * day)
  expect(disputedSince(start, start, [], start - 7 * day)).toBe(start - 7 * day)
})

test.each([
  ['nothing', undefined, false],
  ['a proof of the same moment', start, false],
  ['a newer one', start + 1, false],
  ['an older one', start - 1, true],
])('while a report is open, %s resolves it: %s → %s', (_what, since, proves) => {
  expect(provesDespiteReport(since, start)).toBe(proves)
  expect(provesDespiteReport(since, undefined)).toBe(true)
})

// A model of one cardholder: contacts as the database stores them, changes by their own state machine, reports by these
// rules.

interface ModelContact {
  readonly kind: ContactKind
  /** Who requested it, and when; `requestedAt` is absent if the issuer supplied the contact. */
  readonly by: 'issuer' | 'owner' | 'thief'
  readonly requestedAt?: Instant
  readonly effectiveAt: Instant
  readonly endedAt?: Instant
  readonly frozenAt?: Instant
}
interface ModelChange {
  readonly id: string
  readonly by: 'owner' | 'thief'
  readonly requestedAt: Instant
  readonly change: Change
  readonly contact?: number
}

class Cardholder {
  now = start
  contacts: ModelContact[] = (['email', 'mobile'] as const).map(kind => ({ kind, by: 'issuer', effectiveAt: 0 }))
  changes: ModelChange[] = []
  reportOpenSince: Instant | undefined
  disputedSince: Instant | undefined

  /** Of each kind the contact that became effective last; a frozen one hides earlier ones. */
  effective(): ModelContact[] {
    return (['email', 'mobile'] as const).flatMap(kind => {
      const [latest] = this.contacts
        .filter(
          each => each.kind === kind && each.effectiveAt <= this.now && !(each.endedAt && each.endedAt <= this.now),
        )
        .sort((one, other) => other.effectiveAt - one.effectiveAt)
      return latest && latest.frozenAt === undefined ? [latest] : []
    })
  }

  /** The contacts that get the code of a larger purchase. */
  recipientsNow(): ModelContact[] {
    const reachable = this.effective().map((contact): Reachable & { contact: ModelContact } => ({
      contact,
      channel: contact.kind === 'email' ? 'email' : 'sms',
      changedAt: contact.by === 'issuer' ? undefined : contact.effectiveAt,
    }))
    const frozen = this.contacts.flatMap(({ kind, frozenAt }) => (kind === 'mobile' && frozenAt ? [frozenAt] : []))
    const numberStoppedAt = frozen.length > 0 ? Math.max(...frozen) : undefined
    const happened = { reportOpenSince: this.reportOpenSince, numberStoppedAt, larger: true, beyondProvisional: false }
    const recipients = codeRecipientsFor(reachable, happened, this.now)
    return recipients.kind === 'to' ? recipients.contacts.map(({ contact }) => contact) : []
  }

  request(by: 'owner' | 'thief', kind: ContactKind): void {
    if (this.reportOpenSince !== undefined) return
    this.changes.push({
      id: `change-${this.changes.length}`,
      by,
      requestedAt: this.now,
      change: beginChange(kind, this.now).change,
    })
  }

  confirm(index: number): void {
    this.event(index, { kind: 'code-entered', compared: { kind: 'match' } })
  }

  event(index: number, event: Parameters<typeof nextChange>[1]): void {
    const row = this.changes[index % this.changes.length]
    if (!row) return
    const step = nextChange(row.change, event, this.now)
    let { contact } = row
    if (step.effects.includes('make-effective') && step.change.state === 'confirmed') {
      contact = this.contacts.length
      const { kind, effectiveAt } = step.change
      this.contacts.push({ kind, by: row.by, requestedAt: row.requestedAt, effectiveAt })
    }
    if (step.effects.includes('withdraw')) this.end(contact, { endedAt: this.now })
    if (step.effects.includes('freeze') && this.effective().includes(this.contacts[contact ?? -1] as ModelContact))
      this.end(contact, { frozenAt: this.now })
    this.changes = this.changes.map(each =>
      each === row ? { ...row, change: step.change, ...(contact !== undefined && { contact }) } : each,
    )
  }

  private end(index: number | undefined, end: Partial<ModelContact>): void {
    this.contacts = this.contacts.map((each, place) => (place === index ? { ...each, ...end } : each))
  }

  report(index: number): void {
    const named = this.changes[index % this.changes.length]
    const open = this.changes.flatMap(({ id, requestedAt, change }) =>
      change.state === 'ended'
        ? []
        : [{ id, requestedAt, effectiveAt: change.state === 'confirmed' ? change.effectiveAt : undefined }],
    )
    const added = this.changes.map(({ requestedAt }) => requestedAt)
    const happenedAt = named?.requestedAt ?? this.now
    this.disputedSince = disputedSince(this.now, happenedAt, added, this.disputedSince)
    this.reportOpenSince ??= this.now
    for (const { id } of endedByReport(open, this.now, named?.id))
      this.event(
        this.changes.findIndex(change => change.id === id),
        { kind: 'reported' },
      )
  }
}

type Act =
  | { readonly act: 'request'; readonly by: 'owner' | 'thief'; readonly kind: ContactKind }
  | { readonly act: 'confirm'; readonly index: number }
  | { readonly act: 'report'; readonly index: number }
  | { readonly act: 'cancel'; readonly index: number }
  | { readonly act: 'wait'; readonly time: number }

const index = fc.nat({ max: 9 })
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    act: fc.constant('request' as const),
    by: fc.constantFrom('owner' as const, 'thief' as const),
    kind: fc.constantFrom('email' as const, 'mobile' as const),
  }),
  fc.record({
    act: fc.constantFrom('confirm' as const, 'confirm' as const, 'report' as const, 'cancel' as const),
    index,
  }),
  fc.record({ act: fc.constant('wait' as const), time: fc.integer({ min: 0, max: 12 * day }) }),
  fc.record({ act: fc.constant('wait' as const), time: fc.integer({ min: 0, max: day / 48 }) }),
)
const anyStory = fc.array(anyAct, { maxLength: 24 })

function live(person: Cardholder, act: Act) {
  if (act.act === 'request') person.request(act.by, act.kind)
  else if (act.act === 'confirm') person.confirm(act.index)
  else if (act.act === 'cancel') person.event(act.index, { kind: 'cancel' })
  else if (act.act === 'report') person.report(act.index)
  else person.now += act.time
}

/** Plays a story; `look` gets each act with the contacts that were effective before it. */
function tell(story: readonly Act[], look: (person: Cardholder, before: readonly ModelContact[], act: Act) => void) {
  const person = new Cardholder()
  for (const act of story) {
    const before = person.effective()
    live(person, act)
    look(person, before, act)
  }
  return person
}

const key = ({ kind, by, requestedAt, effectiveAt }: ModelContact) => `${kind} ${by} ${requestedAt} ${effectiveAt}`
const options = { numRuns: 3000 }

describe('for any changes, confirmations, cancellations and reports, in any order and over any number of days', () => {
  test('while a report is open no contact becomes effective, and neither a report nor the passage of time adds one', () => {
    fc.assert(
      fc.property(anyStory, story => {
        let restricted = false
        tell(story, (person, before, act) => {
          const added = person.effective().filter(contact => !before.map(key).includes(key(contact)))
          if (restricted || act.act === 'report') expect(added).toEqual([])
          restricted ||= person.reportOpenSince !== undefined
        })
      }),
      options,
    )
  })

  test('while a report is open no code goes to a contact that was changed within its look-back', () => {
    fc.assert(
      fc.property(anyStory, story => {
        tell(story, person => {
          const { reportOpenSince } = person
          if (reportOpenSince === undefined) return
          const disputed = person
            .recipientsNow()
            .filter(({ requestedAt }) => requestedAt !== undefined && isDisputed(requestedAt, reportOpenSince))
          expect(disputed).toEqual([])
        })
      }),
      options,
    )
  })

  test('after a report the passage of time alone adds no recipient', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 0, max: 100 * day }), (story, later) => {
        const person = tell([...story, { act: 'report', index: 0 }], () => {})
        const before = person.recipientsNow()
        person.now += later
        const after = person.recipientsNow()
        expect(after.filter(contact => !before.includes(contact))).toEqual([])
      }),
      options,
    )
  })

  test('the order in which two notices are reported does not matter', () => {
    fc.assert(
      fc.property(anyStory, index, index, fc.integer({ min: 0, max: 3 * day }), (story, first, second, pause) => {
        const reportBoth = (...order: readonly number[]) =>
          tell(
            [
              ...story.filter(({ act }) => act !== 'report'),
              ...order.flatMap((place): Act[] => [
                { act: 'report', index: place },
                { act: 'wait', time: pause },
              ]),
            ],
            () => {},
          )
        const [one, other] = [reportBoth(first, second), reportBoth(second, first)]
        expect(one.effective().map(key)).toEqual(other.effective().map(key))
        expect(one.disputedSince).toBe(other.disputedSince)
        // Reporting one of them is enough if nothing is older than the look-back.
        const oldest = Math.min(...one.changes.map(({ requestedAt }) => requestedAt))
        if (isDisputed(oldest, one.reportOpenSince ?? 0))
          expect(one.effective().map(key)).toEqual(reportBoth(first, first).effective().map(key))
      }),
      options,
    )
  })

  test('a thief with one strong authentication never receives a code once the owner reports either notice within the look-back', () => {
    const thiefs = fc.array(
      fc.oneof(
        fc.record({
          act: fc.constant('request' as const),
          by: fc.constant('thief' as const),
          kind: fc.constantFrom('email' as const, 'mobile' as const),
        }),
        fc.record({ act: fc.constant('confirm' as const), index }),
        fc.record({ act: fc.constant('wait' as const), time: fc.integer({ min: 0, max: 4 * day }) }),
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(thiefs, index, thiefs, fc.integer({ min: 0, max: 60 * day }), (before, notice, after, later) => {
        const person = tell(before, () => {})
        if (person.now - start > reportLookBack) return
        person.report(notice)
        for (const act of [...after, { act: 'wait', time: later } as const]) {
          live(person, act)
          expect(person.recipientsNow().filter(({ by }) => by === 'thief')).toEqual([])
        }
        // Everything that the thief added is in dispute.
        const proofs = person.changes.filter(({ by }) => by === 'thief').map(({ requestedAt }) => requestedAt)
        expect(proofs.filter(since => provesDespiteReport(since, person.disputedSince))).toEqual([])
      }),
      options,
    )
  })
})
