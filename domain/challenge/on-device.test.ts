import { describe, expect, test } from 'vitest'
import type { Instant } from '#domain/kernel/instant.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import { type MethodId, methodIds, methods } from '#domain/methods/registry.ts'
import { anyCode } from '#domain/methods/selection.ts'
import fc from '#domain/testing/fast-check.ts'
import { begin, beginSpc, next } from './machine.ts'
import { policy } from './policy.ts'
import type { Challenge, Effect, Event, Start, Step } from './states.ts'

const second = 1000
const start: Instant = Date.UTC(2026, 10, 22, 6, 15, 0)

const starts = (...ids: readonly MethodId[]): Start => ({ kind: 'methods', selected: ids, begun: ids })
const opened = (...ids: readonly MethodId[]): Event => ({ kind: 'opened', start: starts(...ids) })
const select = (...ids: readonly MethodId[]): Event => ({ kind: 'method-selected', start: starts(...ids) })
const answered = (method: MethodId, event: ProofEvent): Event => ({ kind: 'answered', method, event })
const right = (method: MethodId) => answered(method, { kind: 'compared', compared: { kind: 'match' } })
const noCode: readonly Start[] = [
  { kind: 'flooded' },
  { kind: 'no-contact' },
  { kind: 'sms-limited', restriction: undefined },
]

const awaiting = begin('ja', start, true)
const approving = next(awaiting, opened('push'), start).challenge
const choosing = next(awaiting, { kind: 'opened', start: 'choosing' }, start).challenge
const byPasskey = next(awaiting, opened('passkey'), start).challenge
const confirming = beginSpc('ja', start, true)

function told({ challenge, effects }: Step): string {
  const where = challenge.state === 'ended' ? challenge.outcome : challenge.state
  const begun = effects.flatMap(effect => (effect.kind === 'begin' ? effect.methods : []))
  return begun.length > 0 ? `${where}, begins ${begun.join(' & ')}` : where
}

describe('a challenge that only a device may answer', () => {
  test.each<[what: string, from: Challenge, event: Event, expected: string]>([
    ['opens with an approval device', awaiting, opened('push'), 'awaiting-approval, begins push'],
    ['opens with a passkey', awaiting, opened('passkey'), 'asking, begins passkey'],
    ['opens with the choice between them', awaiting, { kind: 'opened', start: 'choosing' }, 'choosing'],
    ['does not open with a code', awaiting, opened(...anyCode), 'device-needed'],
    ['does not open with a code beside a device', awaiting, opened('push', 'email-code'), 'device-needed'],
    ['does not open with the account', awaiting, opened('account'), 'device-needed'],
    ['does not open with a registration', awaiting, opened('registration'), 'device-needed'],
    ['does not open with nothing', awaiting, opened(), 'device-needed'],
    ...noCode.map((start): [string, Challenge, Event, string] => [
      `ends where a code was tried (${start.kind})`,
      awaiting,
      { kind: 'opened', start },
      'device-needed',
    ]),
    ['ends in an app that shows no such screen', awaiting, { kind: 'nothing-to-show' }, 'device-needed'],
    ['ends where no device can be asked', awaiting, { kind: 'opened', barred: 'device-needed' }, 'device-needed'],
    ['ends with a stolen card', awaiting, { kind: 'opened', barred: 'card-stolen' }, 'card-stolen'],
    ['goes on to a passkey', approving, select('passkey'), 'asking, begins passkey'],
    ['asks the device again', approving, select('push'), 'awaiting-approval, begins push'],
    ['returns to the choice', approving, { kind: 'other-method' }, 'choosing'],
    ['is proved by the device', approving, answered('push', { kind: 'approved' }), 'approved'],
    ['is declined on the device', approving, answered('push', { kind: 'declined' }), 'declined'],
    ['is proved by the passkey', byPasskey, right('passkey'), 'authenticated'],
    ['is proved in the merchant’s page', confirming, { kind: 'asserted', proved: true }, 'authenticated'],
    ['can be cancelled', approving, { kind: 'cancel' }, 'cancelled'],
    ['can be reported', approving, { kind: 'reported' }, 'reported'],
    ['ends when the card is closed', approving, { kind: 'barred', by: 'card-closed' }, 'card-closed'],
  ])('%s', (_what, from, event, expected) => {
    expect(told(next(from, event, start + second))).toBe(expected)
  })

  const tampered: readonly (readonly [what: string, event: Event])[] = [
    ...methodIds
      .filter(id => !methods[id].signs)
      .flatMap((id): (readonly [string, Event])[] => [
        [`${id} selected`, select(id)],
        [`${id} selected beside a device`, select('push', id)],
        [`the right answer of ${id}`, right(id)],
        [`${id} approved`, answered(id, { kind: 'approved' })],
        [`${id} registered`, answered(id, { kind: 'registering', answer: 'registered' })],
      ]),
    ['nothing selected', select()],
    ...noCode.map((start): readonly [string, Event] => [
      `a code selected (${start.kind})`,
      { kind: 'method-selected', start },
    ]),
    ...[starts(...anyCode), starts('push'), ...noCode].map((start): readonly [string, Event] => [
      `resend (${start.kind})`,
      { kind: 'resend', start },
    ]),
    ['a contact lost', { kind: 'contact-lost', channel: 'email', stillAsked: ['sms-code'], otherMethods: false }],
    ['a gateway down', { kind: 'delivery-failing', final: true }],
    ['too many wrong codes', { kind: 'codes-refused', by: 'stopped', otherMethods: false }],
  ]

  test.each(tampered)('is not changed by %s', (_what, event) => {
    for (const challenge of [awaiting, approving, choosing, byPasskey, confirming])
      expect(next(challenge, event, start + second)).toEqual({ challenge, effects: [] })
  })

  const anyId = fc.constantFrom(...methodIds)
  const anyStart = fc.oneof(
    fc.array(anyId, { maxLength: 3 }).map(ids => starts(...ids)),
    fc.record({ kind: fc.constant('methods' as const), selected: fc.array(anyId), begun: fc.array(anyId) }),
    fc.constantFrom(...noCode),
    fc.constantFrom(starts('passkey'), starts('push')),
  )
  const anyProof = fc.constantFrom<ProofEvent>(
    { kind: 'compared', compared: { kind: 'match' } },
    { kind: 'compared', compared: { kind: 'other' } },
    { kind: 'approved' },
    { kind: 'missed' },
    { kind: 'late' },
    { kind: 'registering', answer: 'registered' },
  )
  const anyEvent: fc.Arbitrary<Event> = fc.oneof(
    fc.oneof(anyStart, fc.constant('choosing' as const)).map(start => ({ kind: 'opened' as const, start })),
    anyStart.map(start => ({ kind: 'method-selected' as const, start })),
    anyStart.map(start => ({ kind: 'resend' as const, start })),
    fc.tuple(anyId, anyProof).map(([method, event]) => answered(method, event)),
    fc.tuple(fc.constantFrom<MethodId>('passkey', 'push'), anyProof).map(([method, event]) => answered(method, event)),
    fc.constantFrom<Event>(
      { kind: 'other-method' },
      { kind: 'method-missing' },
      { kind: 'nothing-to-show' },
      { kind: 'delivery-failing', final: true },
      { kind: 'contact-lost', channel: 'sms', stillAsked: [], otherMethods: true },
      { kind: 'codes-refused', by: 'limited', otherMethods: true },
      { kind: 'tick' },
    ),
  )

  // Without one of them first, nearly every run ends as it opens.
  const anyEvents = fc
    .tuple(fc.constantFrom([], [opened('passkey')], [opened('push')]), fc.array(anyEvent, { maxLength: 30 }))
    .map(([first, others]): readonly Event[] => [...first, ...others])

  test('sends no code and is proved by a device alone, whatever happens in whatever order', () => {
    const outcomes = new Set<string>()
    fc.assert(
      fc.property(anyEvents, fc.boolean(), (events, isSpc) => {
        let challenge: Challenge = isSpc ? confirming : awaiting
        const effects: Effect[] = []
        for (const [i, event] of events.entries()) {
          const step = next(challenge, event, start + i * second)
          challenge = step.challenge
          effects.push(...step.effects)
          expect(challenge.onDevice).toBe(true)
          if ('selected' in challenge && challenge.state === 'asking') expect(challenge.selected).toEqual(['passkey'])
          if ('sends' in challenge) expect(challenge.sends).toBe(0)
        }
        const methodsOf = effects.flatMap(effect =>
          effect.kind === 'begin' ? effect.methods : effect.kind === 'prove' ? [effect.method] : [],
        )
        expect(methodsOf.filter(id => !methods[id].signs)).toEqual([])
        if (challenge.state !== 'ended') return
        outcomes.add(challenge.outcome)
        const isProved = effects.some(({ kind }) => kind === 'prove')
        expect(['authenticated', 'approved'].includes(challenge.outcome)).toBe(isProved)
      }),
      { numRuns: 2000 },
    )
    // Few runs fail five times in a row.
    outcomes.delete('attempts-spent')
    expect([...outcomes].sort()).toEqual(['approved', 'authenticated', 'device-needed'])
  })

  test('has the deadlines of any other', () => {
    expect(told(next(awaiting, opened('push'), start + policy.firstCReqTimeout))).toBe('window-not-opened')
    expect(told(next(approving, answered('push', { kind: 'approved' }), start + policy.pageTime))).toBe(
      'window-timed-out',
    )
  })
})
