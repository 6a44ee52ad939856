import type { Outcome } from '#domain/emv/outcome.ts'
import type { Reach, Unreachable } from './reach.ts'
import type { AskingRule, PassingRule, Risk } from './rules.ts'
import type { Signals } from './signals.ts'

/** How an AReq is answered, and by which rule. domain/emv/messages.ts builds the messages of each version. */
export type Decision =
  /** Concluded without a challenge. There is no rule if the risk was not evaluated. */
  | { readonly kind: 'conclude'; readonly outcome: Outcome; readonly rule?: PassingRule | AskingRule }
  /** ARes with transStatus C. */
  | {
      readonly kind: 'challenge'
      readonly rule: AskingRule
      readonly mandated: boolean
      /** Only a device of the cardholder's may confirm the payment. */
      readonly onDevice?: true
    }
  /** ARes with transStatus D: decoupled authentication. */
  | { readonly kind: 'decoupled'; readonly rule: AskingRule }

/** The outcome when the cardholder is needed but unreachable. */
const outcomes: { readonly [why in Unreachable]: Outcome } = {
  'no-contact': 'no-contact',
  'no-registration': 'no-contact',
  'contact-provisional': 'contact-provisional',
  'email-recently-changed': 'email-recently-changed',
  'number-stopped': 'number-stopped',
  'report-open': 'report-open',
  'no-screen': 'channel-not-supported',
  'no-device': 'device-needed',
  // N/23 tells the requestor that decoupled authentication would have helped.
  'not-permitted': 'cardholder-needed',
  'not-offered': '3ri-not-supported',
  'too-little-time': 'too-little-time',
  'not-enrolled': 'not-enrolled',
}

/** The answer in the protocol's terms when the cardholder is needed, given how they can be reached. */
export function protocolOutcome(
  { rules, mandated, onDevice }: Extract<Risk, { needsCardholder: true }>,
  reach: Reach,
  { attempts }: Pick<Signals, 'attempts'>,
): Decision {
  const [rule] = rules
  if (reach.kind === 'decoupled') return { kind: 'decoupled', rule }
  if (reach.kind !== 'unreachable') return { kind: 'challenge', rule, mandated, ...(onDevice && { onDevice }) }
  // Attempted (A) shifts liability to the issuer, so it is never answered to a browser that differs, nor where the
  // risk policy asks.
  const isDoubted = rules.includes('device-differs') || rules.includes('policy')
  const attempted = attempts && reach.why === 'no-contact' && !isDoubted
  return { kind: 'conclude', outcome: attempted ? 'attempted' : outcomes[reach.why], rule }
}
