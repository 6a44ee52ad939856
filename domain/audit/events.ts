import { z } from 'zod'
import type { SignInMethod } from '#domain/account/session.ts'
import type { DeviceKind } from '#domain/approval/device.ts'
import type { AnsweredState } from '#domain/approval/request.ts'
import type { Client } from '#domain/challenge/card-limits.ts'
import type { ChangeOutcome, ContactKind } from '#domain/contact/change.ts'
import type { ReportAbout, Resolution } from '#domain/contact/report.ts'
import { type Outcome, outcomes } from '#domain/emv/outcome.ts'
import { methodIds } from '#domain/methods/registry.ts'
import type { Fact } from '#domain/registration/facts.ts'
import type { PolicyStep } from '#domain/risk/policy/lifecycle.ts'
import type { Decision } from '#domain/risk/protocol-outcome.ts'
import { count, digest, flag, instant, keyNames, oneOf, operatorText, policyName, signerName } from './fields.ts'
import type { RetentionClass } from './policy.ts'

// Every event of the audit log and its fields. An event says what happened; references stored beside it
// (server/audit/audit.ts) say who and what it concerns. No field accepts personal data (fields.ts).

const signInMethod = oneOf<SignInMethod>({ email: true, passkey: true, letter: true, 'identity-provider': true })
const contact = oneOf<ContactKind>({ email: true, mobile: true })
const outcome = oneOf<Outcome>(
  Object.fromEntries(Object.keys(outcomes).map(name => [name, true])) as Record<Outcome, true>,
)
const resolution = oneOf<Resolution>({ 'was-me': true, 'dealt-with': true })
const about = oneOf<ReportAbout>({
  ...{ change: true, 'sign-in': true, payment: true, restore: true, 'new-device': true, 'passkey-added': true },
  ...{ 'passkey-removed': true, 'device-added': true, 'device-removed': true, 'merchant-trusted': true },
  ...{ 'preferred-method-changed': true, 'mobile-stopped': true },
  ...{ 'payment-refused': true, 'unusual-payments': true, 'unusual-requests': true },
})
/** Why an authentication failed. */
const failure = oneOf<AuditFailure>({
  ...{
    'code-wrong': true,
    'code-earlier': true,
    'code-expired': true,
    'attempts-spent': true,
    wrong: true,
    unknown: true,
  },
  ...{ 'unknown-cardholder': true, 'other-cardholder': true, 'not-fresh': true },
})
const rule = oneOf<NonNullable<Decision['rule']>>({
  ...{ 'cardholder-needed': true, 'requestor-asked': true, amount: true, 'device-differs': true, restricted: true },
  ...{ 'adds-card': true, 'not-confirmed': true, policy: true },
  ...{ 'low-risk': true, 'trusted-merchant': true, 'proved-before': true, confirmed: true },
})

type AuditFailure =
  | 'code-wrong'
  | 'code-earlier'
  | 'code-expired'
  | 'attempts-spent'
  /** The response of a passkey does not verify. */
  | 'wrong'
  /** The passkey is unknown. */
  | 'unknown'
  | 'unknown-cardholder'
  | 'other-cardholder'
  | 'not-fresh'

const none: z.ZodType<object> = z.strictObject({})
const account = <Fields extends z.ZodType>(fields: Fields) => ({ kept: 'account' as const, fields })
const payment = <Fields extends z.ZodType>(fields: Fields) => ({ kept: 'payment' as const, fields })
const operator = <Fields extends z.ZodType>(fields: Fields) => ({ kept: 'operator' as const, fields })

export const auditEvents = {
  // The account. The reference names the session, contact change, report, passkey, device or trusted merchant.
  enrolled: account(
    z.strictObject({ by: oneOf<'letter' | 'identity-provider'>({ letter: true, 'identity-provider': true }) }),
  ),
  'signed-in': account(z.strictObject({ method: signInMethod })),
  'sign-in-failed': account(z.strictObject({ method: signInMethod, why: failure })),
  /** A strong authentication succeeded in a session. */
  'session-strengthened': account(none),
  'strengthening-failed': account(
    z.strictObject({
      method: oneOf<'sms' | 'passkey' | 'identity-provider'>({ sms: true, passkey: true, 'identity-provider': true }),
      why: failure,
    }),
  ),
  'session-ended': account(none),
  'sessions-ended': account(z.strictObject({ count })),
  /** The count of wrong codes in a row was reset by a strong authentication. */
  'code-entry-unlocked': account(none),
  /** The cardholder lifted the limits on the codes of a card. */
  'card-codes-unlocked': account(none),
  'account-closed': account(none),
  'data-exported': account(none),
  'passkey-added': account(none),
  'passkey-removed': account(none),
  'device-added': account(none),
  'device-removed': account(none),
  'merchant-trusted': account(none),
  'merchant-distrusted': account(none),
  'preference-chosen': account(
    z.strictObject({
      preference: oneOf<'language' | 'personalMessage' | 'preferredMethod'>({
        language: true,
        personalMessage: true,
        preferredMethod: true,
      }),
    }),
  ),
  'contact-change-requested': account(z.strictObject({ contact })),
  /** From `effectiveAt` on, codes go to the contact. Nothing runs at that time, so no separate event is written. */
  'contact-change-confirmed': account(z.strictObject({ contact, effectiveAt: instant })),
  'contact-change-ended': account(
    z.strictObject({
      contact,
      outcome: oneOf<ChangeOutcome>({
        cancelled: true,
        superseded: true,
        'attempts-spent': true,
        'timed-out': true,
        reported: true,
      }),
    }),
  ),
  /** The cardholder said of a contact that was registered in the window of a purchase that it is theirs. */
  'contact-confirmed': account(z.strictObject({ contact })),
  'contact-stopped': account(z.strictObject({ contact })),
  /** The cardholder said "this was me" of a refused payment. */
  'refused-payment-confirmed': account(none),
  'report-opened': account(z.strictObject({ about })),
  'report-resolved': account(
    z.strictObject({ resolution, by: oneOf<'cardholder' | 'operator'>({ cardholder: true, operator: true }) }),
  ),
  'locked-down': account(z.strictObject({ about })),
  /** What was removed by a report, or by enrolling again with a new letter. */
  'additions-removed': account(z.strictObject({ passkeys: count, devices: count, merchants: count })),

  // Payments. The reference is the id of the authentication.
  /** An AReq whose answer was not frictionless. */
  'payment-decided': payment(
    z.strictObject({
      answer: oneOf<Outcome | 'challenge' | 'decoupled'>({
        ...asWords(outcome.options),
        challenge: true,
        decoupled: true,
      }),
      rule: rule.optional(),
    }),
  ),
  /**
   * The AReq timed out and was answered with U at the moment when its authentication was saved, which was removed
   * again.
   */
  'payment-taken-back': payment(none),
  /** `methods`: those that the cardholder could use when the challenge began; absent in events of earlier versions. */
  'challenge-begun': payment(
    z.strictObject({
      channel: oneOf<'browser' | 'app' | 'account'>({ browser: true, app: true, account: true }),
      methods: z.array(z.enum(methodIds)).max(methodIds.length).optional(),
    }),
  ),
  /** The cardholder answered a request on an approval device. */
  'approval-answered': payment(
    z.strictObject({
      answer: oneOf<AnsweredState>({ approved: true, declined: true, reported: true, 'wrong-number': true }),
      device: oneOf<DeviceKind>({ app: true, web: true }),
    }),
  ),
  /** Two facts were entered in a window to register a contact. `unavailable`: the issuer's service did not answer. */
  'facts-checked': payment(
    z.strictObject({
      outcome: oneOf<'right' | 'wrong' | 'unavailable'>({ right: true, wrong: true, unavailable: true }),
    }),
  ),
  /** `facts`: the kinds of facts that were right before. */
  'contact-registered': payment(
    z.strictObject({
      contact,
      facts: z.array(oneOf<Fact>({ 'activation-code': true, 'debit-account': true, 'date-of-birth': true })).max(3),
    }),
  ),
  /** `method`: the method that the RReq reports. */
  'challenge-ended': payment(
    z.strictObject({
      outcome,
      method: z.enum(methodIds).optional(),
      attempts: count,
    }),
  ),
  /** Too many wrong codes in a row by clients of this kind. */
  'codes-stopped': payment(z.strictObject({ client: oneOf<Client>({ 'unknown-client': true, 'own-browser': true }) })),
  /**
   * The cardholder succeeded, but the directory server could not be reached, so the result was changed to U after the
   * challenge had ended.
   */
  'result-undelivered': payment(none),

  // Operators and the deployment.
  'cards-imported': operator(z.strictObject({ by: operatorText, imported: count, bad: count })),
  'letters-made': operator(z.strictObject({ by: operatorText, letters: count })),
  'cards-unlocked': operator(z.strictObject({ by: operatorText, reason: operatorText, cards: count })),
  'reports-resolved': operator(z.strictObject({ by: operatorText, reason: operatorText, resolution })),
  'keys-retired': operator(z.strictObject({ by: operatorText, renewed: count, unreadable: count, removable: count })),
  'keys-forgotten': operator(z.strictObject({ by: operatorText, reason: operatorText, keys: keyNames, count })),
  /** The reference is the authentication. */
  'evidence-made': operator(z.strictObject({ by: operatorText, reason: operatorText.optional() })),
  /** The reference is the alert. */
  'alert-closed': operator(z.strictObject({ by: operatorText, reason: operatorText })),
  /** The decision about a payment was explained to an operator. The reference is the authentication. */
  'decision-explained': operator(z.strictObject({ by: operatorText, reason: operatorText.optional() })),
  /** A step of a risk policy. `signer`: who signed; `replaced`: which policy was used so before. */
  'risk-policy-step': operator(
    z.strictObject({
      by: operatorText,
      reason: operatorText.optional(),
      step: oneOf<PolicyStep>({ add: true, test: true, sign: true, activate: true, shadow: true, stop: true }),
      policy: policyName,
      digest,
      signer: signerName.optional(),
      replaced: policyName.optional(),
    }),
  ),
  'restore-reconciled': operator(
    z.strictObject({
      by: operatorText,
      reason: operatorText,
      since: instant,
      reported: count,
      unknown: count,
      results: count,
      messages: count,
    }),
  ),
  /**
   * `issuer`, `settings`: digests of the configuration read at the start, without secrets. They show when it changed.
   */
  started: operator(z.strictObject({ web: flag, ds: flag, worker: flag, issuer: digest, settings: digest })),
} as const satisfies Readonly<Record<string, { readonly kept: RetentionClass; readonly fields: z.ZodType }>>

export type AuditType = keyof typeof auditEvents

/** One event: its type, and the fields of that type. */
export type AuditEvent = {
  [Type in AuditType]: { readonly type: Type } & Readonly<z.infer<(typeof auditEvents)[Type]['fields']>>
}[AuditType]

/** Events caused by an operator. */
export const operatorEvents = [
  'cards-imported',
  'letters-made',
  'cards-unlocked',
  'reports-resolved',
  'keys-retired',
  'keys-forgotten',
  'evidence-made',
  'alert-closed',
  'decision-explained',
  'risk-policy-step',
  'restore-reconciled',
] as const satisfies readonly AuditType[]

export type OperatorEvent = Extract<AuditEvent, { readonly type: (typeof operatorEvents)[number] }>

/** Validates the fields of an event. Throws a ZodError on an unknown field or an invalid value. */
export function auditFields({ type, ...fields }: AuditEvent): object {
  return auditEvents[type].fields.parse(fields)
}

function asWords<Word extends string>(words: readonly Word[]): Record<Word, true> {
  return Object.fromEntries(words.map(word => [word, true])) as Record<Word, true>
}
