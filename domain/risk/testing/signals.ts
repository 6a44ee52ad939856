import type { Offer } from '#domain/registration/offer.ts'
import fc from '#domain/testing/fast-check.ts'
import type { Evaluation } from '../policy/evaluate.ts'
import { type PolicyOutcome, policyOutcomes } from '../policy/policy.ts'
import type { LazySignals, Signals } from '../signals.ts'

export const now = Date.UTC(2026, 10, 22, 6, 15, 0)

/** A purchase of ¥12,800 in a browser with a valid card: no rule requires the cardholder. */
export const ordinary: Signals = {
  card: { status: 'active', expiresAt: now + 1 },
  channel: '02',
  challengeInds: [],
  amount: 12_800n,
  limits: { ordinary: 30_000n },
  addsCard: false,
  larger: false,
  restricted: false,
  reportOpen: false,
  hasContact: true,
  attempts: false,
}

/** Rows of a test table: a description, what differs from `ordinary`, and the expected decision. */
export function rows<Decided>(
  ...all: readonly (readonly [what: string, change: Partial<Signals>, decided: Decided])[]
) {
  return all.map(([what, change, decided]) => ({ what, change, decided }))
}

export type Answers = {
  readonly [name in Exclude<keyof LazySignals, 'registration'>]?: boolean
} & { readonly registration?: Offer }

/** Lazy signals with these answers (false by default), and the names of those that were read. */
export function lazySignals(answers: Answers = {}) {
  const read: (keyof LazySignals)[] = []
  const answer = (name: Exclude<keyof LazySignals, 'registration'>) => async () => {
    read.push(name)
    return answers[name] ?? false
  }
  const lazy: LazySignals = {
    merchantTrusted: answer('merchantTrusted'),
    provedBefore: answer('provedBefore'),
    canApproveInAccount: answer('canApproveInAccount'),
    canConfirmOnDevice: answer('canConfirmOnDevice'),
    registration: async () => {
      read.push('registration')
      return answers.registration ?? 'not-offered'
    },
  }
  return { lazy, read }
}

/** What a policy says, by a rule of its own. */
export function policySays(outcome: PolicyOutcome): Evaluation {
  return { outcome, score: 60, reasons: [{ rule: 'a-rule', score: 60, reason: 'device-new' }] }
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const few = fc.bigInt({ min: 0n, max: 5n })
const threeRI = fc.record({
  ind: fc.constantFrom('01', '02', '03', '04', '06', '10', '11', '13', '80'),
  trustList: fc.boolean(),
})

/** Any combination of signals that can occur. */
export const anySignals: fc.Arbitrary<Signals> = fc
  .record({
    card: maybe(
      fc.record({
        status: fc.constantFrom('active' as const, 'active' as const, 'stolen' as const, 'closed' as const),
        expiresAt: fc.integer({ min: now - 1, max: now + 3 }),
      }),
    ),
    channel: fc.constantFrom('01' as const, '02' as const, '03' as const),
    challengeInds: fc.array(fc.constantFrom('01', '02', '03', '04', '05', '06', '07', '08', '09', '12', '13', '85'), {
      maxLength: 2,
    }),
    app: maybe(fc.record({ code: fc.boolean(), account: fc.boolean() })),
    requestorInitiated: threeRI,
    amount: maybe(few),
    addsCard: fc.boolean(),
    limits: fc.record({ ordinary: maybe(few), onKnownDevice: maybe(few), atTrustedMerchant: maybe(few) }),
    device: fc.constantFrom('known' as const, 'differs' as const, undefined),
    larger: fc.boolean(),
    restricted: fc.boolean(),
    reportOpen: fc.boolean(),
    hasContact: fc.boolean(),
    codeRefused: fc.constantFrom(
      undefined,
      'report-open' as const,
      'email-recently-changed' as const,
      'number-stopped' as const,
      'contact-provisional' as const,
    ),
    decoupled: maybe(
      fc.record({
        offered: fc.constantFrom('never' as const, 'when-needed' as const, 'preferred' as const),
        enoughTime: fc.boolean(),
      }),
    ),
    attempts: fc.boolean(),
    policy: maybe(fc.constantFrom(...policyOutcomes).map(policySays)),
  })
  .map(({ app, requestorInitiated, ...signals }) => ({
    ...signals,
    app: signals.channel === '01' ? app : undefined,
    requestorInitiated: signals.channel === '03' ? requestorInitiated : undefined,
  }))

export const anyAnswers = fc.record({
  merchantTrusted: fc.boolean(),
  provedBefore: fc.boolean(),
  canApproveInAccount: fc.boolean(),
  canConfirmOnDevice: fc.boolean(),
  registration: fc.constantFrom('offered' as const, 'refused' as const, 'not-offered' as const),
})
