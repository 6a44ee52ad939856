import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CardSignals, type Decision, decide, deviceOf, type PurchaseSignals } from './decide.ts'

const now = Date.UTC(2026, 10, 22, 6, 15, 0)
const card: CardSignals = { status: 'active', expiresAt: now + 1, lockedUntil: undefined, reachable: true }
const purchase: PurchaseSignals = { channel: '02', challengeInds: [], amount: 12_800n, limit: 30_000n }

function told(decision: Decision): string {
  if (decision.kind === 'settle') return decision.reason ? `${decision.ending} (${decision.reason})` : decision.ending
  if (decision.kind === 'decoupled') return `decoupled (${decision.reason})`
  return `challenge (${decision.reason}${decision.mandated ? ', mandated' : ''})`
}

describe('each rule by itself', () => {
  test.each<{
    what: string
    card?: Partial<CardSignals> | 'none'
    purchase?: Partial<PurchaseSignals>
    decided: string
  }>([
    { what: 'a card we do not have', card: 'none', decided: 'card-unknown' },
    { what: 'a stolen card', card: { status: 'stolen' }, decided: 'card-stolen' },
    { what: 'a closed card', card: { status: 'closed' }, decided: 'card-closed' },
    { what: 'a card expired this moment', card: { expiresAt: now }, decided: 'card-expired' },
    { what: 'a card in its last moment', card: { expiresAt: now + 1 }, decided: 'frictionless (low-risk)' },
    {
      what: 'a request without a cardholder that says no more',
      purchase: { channel: '03' },
      decided: '3ri-not-supported',
    },
    {
      what: 'a request without a cardholder',
      purchase: { channel: '03', requestorInitiated: { ind: '01', proven: false } },
      decided: 'frictionless (low-risk)',
    },
    { what: 'an app that nobody serves', purchase: { channel: '01' }, decided: 'channel-not-supported' },
    {
      what: 'an app on a device that shows none of our screens',
      purchase: { channel: '01', app: { served: true, showable: false }, limit: 1n },
      decided: 'channel-not-supported',
    },
    {
      what: 'the same, when there is nothing to show',
      purchase: { channel: '01', app: { served: true, showable: false } },
      decided: 'frictionless (low-risk)',
    },
    {
      what: 'an app that can ask',
      purchase: { channel: '01', app: { served: true, showable: true }, limit: 1n },
      decided: 'challenge (amount, mandated)',
    },
    { what: 'data only', purchase: { challengeInds: ['06'] }, decided: 'information-only (data-only)' },
    { what: 'a locked card', card: { lockedUntil: now + 1 }, decided: 'locked' },
    { what: 'a card whose lock ends this moment', card: { lockedUntil: now }, decided: 'frictionless (low-risk)' },
    { what: 'an amount at the limit', purchase: { amount: 30_000n }, decided: 'frictionless (low-risk)' },
    { what: 'an amount over the limit', purchase: { amount: 30_001n }, decided: 'challenge (amount, mandated)' },
    { what: 'a currency without a limit', purchase: { limit: undefined }, decided: 'challenge (amount, mandated)' },
    { what: 'a limit of nothing', purchase: { limit: 0n }, decided: 'challenge (amount, mandated)' },
    { what: 'nothing to pay', purchase: { amount: 0n, limit: 0n }, decided: 'frictionless (low-risk)' },
    {
      what: 'an amount beyond any number',
      purchase: { amount: 10n ** 48n - 1n },
      decided: 'challenge (amount, mandated)',
    },
    { what: 'no amount at all', purchase: { amount: undefined, limit: undefined }, decided: 'frictionless (low-risk)' },
    {
      what: 'no amount, challenge asked for',
      purchase: { amount: undefined, challengeInds: ['03'] },
      decided: 'challenge (requestor-asked)',
    },
    {
      what: 'a challenge and nowhere to send a code',
      card: { reachable: false },
      purchase: { amount: 30_001n },
      decided: 'no-contact',
    },
    { what: 'no challenge and nowhere to send a code', card: { reachable: false }, decided: 'frictionless (low-risk)' },
  ])('$what: $decided', row => {
    const known = row.card === 'none' ? undefined : { ...card, ...row.card }
    expect(told(decide(known, { ...purchase, ...row.purchase }, now))).toBe(row.decided)
  })
})

describe('a question apart from the shop', () => {
  const may = { offered: 'when-needed', enoughTime: true } as const
  const large = { amount: 30_001n, decoupled: may }
  const unshowable = { channel: '01' as const, app: { served: true, showable: false } }
  const answers = { answersElsewhere: true }
  test.each<{ what: string; card?: Partial<CardSignals>; purchase: Partial<PurchaseSignals>; decided: string }>([
    { what: 'a window that can be opened comes first', purchase: large, decided: 'challenge (amount, mandated)' },
    {
      what: 'an issuer that prefers it',
      purchase: { ...large, decoupled: { ...may, offered: 'preferred' } },
      decided: 'decoupled (amount)',
    },
    {
      what: 'an issuer that never does it',
      purchase: { ...large, challengeInds: ['02'], decoupled: { ...may, offered: 'never' } },
      decided: 'challenge (amount, mandated)',
    },
    { what: 'no challenge wanted', purchase: { ...large, challengeInds: ['02'] }, decided: 'decoupled (amount)' },
    { what: 'the risk was weighed', purchase: { ...large, challengeInds: ['05'] }, decided: 'decoupled (amount)' },
    {
      what: 'no challenge wanted, and not asked for',
      purchase: { ...large, challengeInds: ['02'], decoupled: undefined },
      decided: 'challenge (amount, mandated)',
    },
    { what: 'a device that shows nothing', purchase: { ...large, ...unshowable }, decided: 'decoupled (amount)' },
    {
      what: 'the same in a hurry',
      purchase: { ...large, ...unshowable, decoupled: { ...may, enoughTime: false } },
      decided: 'channel-not-supported',
    },
    {
      what: 'the same without an account',
      card: { answersElsewhere: false },
      purchase: { ...large, ...unshowable },
      decided: 'channel-not-supported',
    },
    {
      what: 'nobody to tell',
      card: { reachable: false },
      purchase: { ...large, ...unshowable },
      decided: 'no-contact',
    },
    {
      what: 'nothing to ask',
      purchase: { amount: 1n, challengeInds: ['02'], decoupled: may },
      decided: 'frictionless (low-risk)',
    },
    {
      what: 'a requestor that acts by itself',
      purchase: { ...large, channel: '03', requestorInitiated: { ind: '01', proven: false } },
      decided: 'decoupled (cardholder-needed)',
    },
  ])('$what: $decided', row => {
    expect(told(decide({ ...card, ...answers, ...row.card }, { ...purchase, ...row.purchase }, now))).toBe(row.decided)
  })
})

describe('a larger purchase while payments are watched', () => {
  const may = { offered: 'when-needed', enoughTime: true } as const
  const texts = { watched: true }
  const mailbox = { watched: true, refused: 'email-too-new' } as const
  test.each<{ what: string; card: Partial<CardSignals>; purchase: Partial<PurchaseSignals>; decided: string }>([
    { what: 'with a number, below the limit', card: texts, purchase: {}, decided: 'challenge (watched, mandated)' },
    {
      what: 'with a number, above it',
      card: texts,
      purchase: { amount: 30_001n },
      decided: 'challenge (amount, mandated)',
    },
    {
      what: 'with a number, on a known device',
      card: texts,
      purchase: { amount: 30_001n, device: 'known', limitOnKnownDevice: 50_000n },
      decided: 'challenge (watched, mandated)',
    },
    {
      what: 'with a number, where the requestor asks',
      card: texts,
      purchase: { challengeInds: ['04'] },
      decided: 'challenge (requestor-asked, mandated)',
    },
    {
      what: 'with a number, data only',
      card: texts,
      purchase: { challengeInds: ['06'] },
      decided: 'information-only (data-only)',
    },
    { what: 'by mailbox alone', card: mailbox, purchase: {}, decided: 'email-too-new' },
    { what: 'after a report', card: { ...mailbox, refused: 'guarded' }, purchase: {}, decided: 'guarded' },
    {
      what: 'after a report that left no contact, in a range with attempts',
      card: { reachable: false, watched: true, refused: 'guarded' },
      purchase: { amount: 30_001n, attempts: true },
      decided: 'guarded',
    },
    {
      what: 'by mailbox alone, where we may ask elsewhere and nobody can answer',
      card: mailbox,
      purchase: { decoupled: may },
      decided: 'email-too-new',
    },
    {
      what: 'by mailbox alone, where somebody can',
      card: { ...mailbox, answersElsewhere: true },
      purchase: { decoupled: may },
      decided: 'decoupled (watched)',
    },
    {
      what: 'the same in a hurry',
      card: { ...mailbox, answersElsewhere: true },
      purchase: { decoupled: { ...may, enoughTime: false } },
      decided: 'email-too-new',
    },
    {
      what: 'the same at an issuer that never does it',
      card: { ...mailbox, answersElsewhere: true },
      purchase: { decoupled: { ...may, offered: 'never' } },
      decided: 'email-too-new',
    },
    { what: 'of a locked card', card: { ...mailbox, lockedUntil: now + 1 }, purchase: {}, decided: 'locked' },
  ])('$what: $decided', row => {
    expect(told(decide({ ...card, ...row.card }, { ...purchase, ...row.purchase }, now))).toBe(row.decided)
  })
})

describe('a shop that the cardholder trusts', () => {
  const trusted = { trusted: true, amount: 50_000n, limitAtTrustedMerchant: 50_000n } as const
  test.each<{ what: string; card?: Partial<CardSignals>; purchase: Partial<PurchaseSignals>; decided: string }>([
    { what: 'an amount at the higher limit', purchase: trusted, decided: 'frictionless (trusted-merchant)' },
    { what: 'one above it', purchase: { ...trusted, amount: 50_001n }, decided: 'challenge (amount, mandated)' },
    { what: 'one below both', purchase: { ...trusted, amount: 30_000n }, decided: 'frictionless (low-risk)' },
    { what: 'no trust', purchase: { ...trusted, trusted: false }, decided: 'challenge (amount, mandated)' },
    {
      what: 'an issuer that gives no higher limit',
      purchase: { ...trusted, limitAtTrustedMerchant: undefined },
      decided: 'challenge (amount, mandated)',
    },
    {
      what: 'a currency without a limit',
      purchase: { ...trusted, limit: undefined },
      decided: 'challenge (amount, mandated)',
    },
    ...['03', '04', '09', '12', '13'].map(ind => ({
      what: `a requestor that asks for a challenge (${ind})`,
      purchase: { ...trusted, challengeInds: [ind] },
      decided: 'challenge (amount, mandated)',
    })),
    {
      what: 'a requestor that names the list’s exemption',
      purchase: { ...trusted, challengeInds: ['08'] },
      decided: 'frictionless (trusted-merchant)',
    },
    {
      what: 'a device that differs',
      purchase: { ...trusted, device: 'differs' },
      decided: 'challenge (amount, mandated)',
    },
    {
      what: 'payments that are watched',
      card: { watched: true },
      purchase: trusted,
      decided: 'challenge (amount, mandated)',
    },
    { what: 'a locked card', card: { lockedUntil: now + 1 }, purchase: trusted, decided: 'locked' },
    {
      what: 'nobody to ask',
      card: { reachable: false },
      purchase: trusted,
      decided: 'frictionless (trusted-merchant)',
    },
    {
      what: 'a known browser, whose limit is lower',
      purchase: { ...trusted, device: 'known', limitOnKnownDevice: 40_000n },
      decided: 'frictionless (trusted-merchant)',
    },
  ])('$what: $decided', row => {
    expect(told(decide({ ...card, ...row.card }, { ...purchase, ...row.purchase }, now))).toBe(row.decided)
  })
})

describe('what the requestor prefers', () => {
  test.each([
    { challengeInds: [], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['01'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['02'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['03'], small: 'challenge (requestor-asked)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['04'], small: 'challenge (requestor-asked)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['05'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['06'], small: 'information-only (data-only)', large: 'information-only (data-only)' },
    { challengeInds: ['07'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['08'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['09'], small: 'challenge (requestor-asked)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['10'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['11'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['12'], small: 'challenge (requestor-asked)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['13'], small: 'challenge (requestor-asked)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['14'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['08', '03'], small: 'challenge (requestor-asked)', large: 'challenge (amount, mandated)' },
    { challengeInds: ['03', '06'], small: 'information-only (data-only)', large: 'information-only (data-only)' },
    { challengeInds: ['85'], small: 'frictionless (low-risk)', large: 'challenge (amount, mandated)' },
  ])('$challengeInds: $small below the limit, $large above it', ({ challengeInds, small, large }) => {
    expect(told(decide(card, { ...purchase, challengeInds }, now))).toBe(small)
    expect(told(decide(card, { ...purchase, challengeInds, amount: 30_001n }, now))).toBe(large)
  })
})

describe('the browser that the 3DS Method saw', () => {
  const raised = { limitOnKnownDevice: 50_000n }
  test.each<{ what: string; purchase: Partial<PurchaseSignals>; decided: string }>([
    {
      what: 'another one, for a small amount',
      purchase: { device: 'differs' },
      decided: 'challenge (device-differs, mandated)',
    },
    {
      what: 'another one, whatever the merchant prefers',
      purchase: { device: 'differs', challengeInds: ['05'] },
      decided: 'challenge (device-differs, mandated)',
    },
    {
      what: 'another one, data only',
      purchase: { device: 'differs', challengeInds: ['06'] },
      decided: 'information-only (data-only)',
    },
    {
      what: 'a known one, at its limit',
      purchase: { device: 'known', amount: 50_000n, ...raised },
      decided: 'frictionless (low-risk)',
    },
    {
      what: 'a known one, above it',
      purchase: { device: 'known', amount: 50_001n, ...raised },
      decided: 'challenge (amount, mandated)',
    },
    {
      what: 'a known one, without a limit of its own',
      purchase: { device: 'known', amount: 30_001n },
      decided: 'challenge (amount, mandated)',
    },
    {
      what: 'a known one with a lower limit',
      purchase: { device: 'known', amount: 30_000n, limitOnKnownDevice: 1n },
      decided: 'frictionless (low-risk)',
    },
    {
      what: 'a known one, in a currency without a limit',
      purchase: { device: 'known', limit: undefined, ...raised },
      decided: 'challenge (amount, mandated)',
    },
    {
      what: 'one that nobody knows',
      purchase: { amount: 30_001n, ...raised },
      decided: 'challenge (amount, mandated)',
    },
    {
      what: 'a known one, when the merchant asks for a challenge',
      purchase: { device: 'known', challengeInds: ['04'], ...raised },
      decided: 'challenge (requestor-asked)',
    },
  ])('$what: $decided', ({ purchase: changes, decided }) => {
    expect(told(decide(card, { ...purchase, ...changes }, now))).toBe(decided)
  })

  test.each([
    [undefined, '-540', undefined],
    [{ sameUserAgent: true, timeZone: null, known: false }, '-540', undefined],
    [{ sameUserAgent: true, timeZone: '-540', known: false }, '-540', undefined],
    [{ sameUserAgent: true, timeZone: '-540', known: true }, '-540', 'known'],
    [{ sameUserAgent: true, timeZone: '-540', known: true }, '-0540', 'known'],
    [{ sameUserAgent: true, timeZone: null, known: true }, undefined, 'known'],
    [{ sameUserAgent: true, timeZone: '0', known: true }, undefined, 'known'],
    [{ sameUserAgent: true, timeZone: '540', known: true }, '-540', 'differs'],
    [{ sameUserAgent: false, timeZone: null, known: true }, '-540', 'differs'],
  ] as const)('%j, and an AReq with time zone %s: %s', (seen, zone, device) => {
    expect(deviceOf(seen, zone)).toBe(device)
  })
})

test('an attempt takes the place of a no where the range opted in', () => {
  const unreachable = { ...card, reachable: false }
  const over = { ...purchase, amount: 30_001n, attempts: true }
  expect(told(decide(unreachable, over, now))).toBe('attempted')
  expect(told(decide(unreachable, { ...over, device: 'differs' }, now))).toBe('no-contact')
  expect(told(decide({ ...unreachable, lockedUntil: now + 1 }, over, now))).toBe('locked')
})

describe('the order of the rules', () => {
  /** Each line takes away what the line before was decided by; all that follows still holds. */
  const ladder: { decided: string; card: CardSignals | undefined; purchase: PurchaseSignals }[] = []
  const worstCard: CardSignals = { status: 'stolen', expiresAt: now, lockedUntil: now + 1, reachable: false }
  const worst: PurchaseSignals = { channel: '03', challengeInds: ['06'], amount: 30_001n, limit: 30_000n }
  const line = (decided: string, onCard: CardSignals | undefined, on: PurchaseSignals) =>
    ladder.push({ decided, card: onCard, purchase: on })

  line('card-unknown', undefined, worst)
  line('card-stolen', worstCard, worst)
  line('card-closed', { ...worstCard, status: 'closed' }, worst)
  line('card-expired', { ...worstCard, status: 'active' }, worst)
  const valid: CardSignals = { ...worstCard, status: 'active', expiresAt: now + 1 }
  line('channel-not-supported', valid, { ...worst, channel: '01' })
  line('information-only (data-only)', valid, { ...worst, channel: '02' })
  const asked: PurchaseSignals = { ...worst, channel: '02', challengeInds: ['04'] }
  line('locked', valid, { ...asked, channel: '03' })
  line('3ri-not-supported', { ...valid, lockedUntil: undefined }, { ...asked, channel: '03' })
  line('no-contact', { ...valid, lockedUntil: undefined }, asked)
  line('challenge (amount, mandated)', { ...valid, lockedUntil: undefined, reachable: true }, asked)
  line('challenge (requestor-asked)', { ...valid, lockedUntil: undefined, reachable: true }, { ...asked, amount: 1n })
  line('frictionless (low-risk)', card, purchase)

  test.each(ladder)('$decided stands before all below it', step => {
    expect(told(decide(step.card, step.purchase, now))).toBe(step.decided)
  })
})

describe('whatever the signals', () => {
  const anyCard = fc.option(
    fc.record({
      status: fc.constantFrom('active' as const, 'stolen' as const, 'closed' as const),
      expiresAt: fc.integer({ min: now - 3, max: now + 3 }),
      lockedUntil: fc.option(fc.integer({ min: now - 3, max: now + 3 }), { nil: undefined }),
      reachable: fc.boolean(),
      watched: fc.boolean(),
      refused: fc.constantFrom('guarded' as const, 'email-too-new' as const, undefined),
    }),
    { nil: undefined },
  )
  const anyPurchase = fc.record({
    channel: fc.constantFrom('01' as const, '02' as const, '03' as const),
    challengeInds: fc.array(fc.constantFrom('01', '02', '03', '04', '05', '06', '07', '08', '09', '13', '85'), {
      maxLength: 2,
    }),
    amount: fc.option(fc.bigInt({ min: 0n, max: 5n }), { nil: undefined }),
    limit: fc.option(fc.bigInt({ min: 0n, max: 5n }), { nil: undefined }),
    attempts: fc.boolean(),
    device: fc.constantFrom('known' as const, 'differs' as const, undefined),
    limitOnKnownDevice: fc.option(fc.bigInt({ min: 0n, max: 5n }), { nil: undefined }),
    trusted: fc.boolean(),
    limitAtTrustedMerchant: fc.option(fc.bigInt({ min: 0n, max: 5n }), { nil: undefined }),
  })
  const always = (promise: (card: CardSignals | undefined, purchase: PurchaseSignals, decision: Decision) => void) =>
    fc.assert(
      fc.property(anyCard, anyPurchase, (ofCard, of) => promise(ofCard, of, decide(ofCard, of, now))),
      { numRuns: 2000 },
    )

  test('nobody is let through above the limit, nor with a card that is not good, without a challenge', () => {
    always((ofCard, of, decision) => {
      if (decision.kind !== 'settle' || decision.ending !== 'frictionless') return
      expect(ofCard).toMatchObject({ status: 'active' })
      expect(ofCard?.expiresAt).toBeGreaterThan(now)
      const limits = [
        of.limit,
        ...(of.device === 'known' ? [of.limitOnKnownDevice] : []),
        ...(of.trusted ? [of.limitAtTrustedMerchant] : []),
      ]
      expect(of.amount === undefined || limits.some(limit => limit !== undefined && (of.amount ?? 0n) <= limit)).toBe(
        true,
      )
      expect([of.device === 'differs', of.amount !== undefined && of.limit === undefined]).toEqual([false, false])
    })
  })

  test('trust lets pass what nothing else would have asked about but the amount, and changes nothing otherwise', () => {
    always((ofCard, of, decision) => {
      const without = decide(ofCard, { ...of, trusted: false }, now)
      if (decision.kind === 'settle' && decision.reason === 'trusted-merchant') {
        expect(of.trusted).toBe(true)
        expect('reason' in without ? without.reason : 'amount').toBe('amount')
        expect([of.device === 'differs', ofCard?.watched]).toEqual([false, false])
        expect(of.challengeInds.filter(ind => ['03', '04', '09', '13'].includes(ind))).toEqual([])
      } else expect(decision).toEqual(without)
    })
  })

  test('an attempt is for a good, unlocked card alone, in a range that opted in, and never where something is odd', () => {
    always((ofCard, of, decision) => {
      if (decision.kind !== 'settle' || decision.ending !== 'attempted') return
      expect(ofCard).toMatchObject({ status: 'active', reachable: false })
      expect([of.attempts, of.device === 'differs', of.channel]).toEqual([true, false, '02'])
      expect((ofCard?.lockedUntil ?? 0) <= now).toBe(true)
    })
  })

  test('nobody is let through, or asked where no contact is good enough, while payments are watched', () => {
    always((ofCard, of, decision) => {
      if (decision.kind === 'challenge') expect(ofCard?.refused).toBeUndefined()
      if (decision.kind === 'settle' && decision.ending === 'frictionless' && of.channel === '02')
        expect(ofCard?.watched).toBe(false)
      if (decision.kind === 'settle' && decision.ending === 'attempted') expect(ofCard?.refused).toBeUndefined()
    })
  })

  test('a window opens only in a browser, for a reachable cardholder, and never for data only', () => {
    always((ofCard, of, decision) => {
      if (decision.kind !== 'challenge') return
      expect([of.channel, ofCard?.reachable, of.challengeInds.includes('06')]).toEqual(['02', true, false])
    })
  })

  test('what is settled for whoever is trusted and could answer elsewhere, by other things than trust, is settled the same for everybody', () => {
    const anyMore = fc.record(
      {
        app: fc.record({ served: fc.boolean(), showable: fc.boolean(), showsAccount: fc.boolean() }),
        decoupled: fc.record({
          offered: fc.constantFrom('never' as const, 'when-needed' as const, 'preferred' as const),
          enoughTime: fc.boolean(),
        }),
        requestorInitiated: fc.record({
          ind: fc.constantFrom('01', '03', '04', '10', '13'),
          proven: fc.boolean(),
          trustList: fc.boolean(),
        }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(anyCard, anyPurchase, anyMore, fc.boolean(), fc.boolean(), (ofCard, of, more, trusted, elsewhere) => {
        const decided = (trust: boolean, answersElsewhere: boolean) =>
          decide(ofCard && { ...ofCard, answersElsewhere }, { ...of, ...more, trusted: trust }, now)
        const best = decided(true, true)
        if (best.kind !== 'settle' || best.reason === 'trusted-merchant') return
        expect(decided(trusted, elsewhere)).toEqual(best)
      }),
      { numRuns: 10_000 },
    )
  })
})
