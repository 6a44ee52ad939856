import type { Outcome } from '#domain/emv/outcome.ts'
import type { Reach, Unreachable } from './reach.ts'
import type { AskingRule, PassingRule, Risk } from './rules.ts'
import type { Signals } from './signals.ts'

/** How an AReq is answered, and by which rule. The messages of each version: domain/emv/messages.ts. */
export type Decision =
  /** At once, without a challenge. No rule where the risk was not weighed. */
  | { readonly kind: 'conclude'; readonly outcome: Outcome; readonly rule?: PassingRule | AskingRule }
  /** ARes with C. */
  | { readonly kind: 'challenge'; readonly rule: AskingRule; readonly mandated: boolean }
  /** ARes with D: decoupled authentication. */
  | { readonly kind: 'decoupled'; readonly rule: AskingRule }

/** Where the cardholder is needed and cannot be asked. */
const outcomes: { readonly [why in Unreachable]: Outcome } = {
  'no-contact': 'no-contact',
  'email-recently-changed': 'email-recently-changed',
  'number-stopped': 'number-stopped',
  'report-open': 'report-open',
  'no-screen': 'channel-not-supported',
  // N/23 says that decoupled authentication would have helped.
  'not-permitted': 'cardholder-needed',
  'not-offered': '3ri-not-supported',
  'too-little-time': 'too-little-time',
  'not-enrolled': 'not-enrolled',
}

/** What the protocol answers, given that the cardholder is needed and how they can be asked. */
export function protocolOutcome(
  { rules, mandated }: Extract<Risk, { needsCardholder: true }>,
  reach: Reach,
  { attempts }: Pick<Signals, 'attempts'>,
): Decision {
  const [rule] = rules
  if (reach.kind === 'decoupled') return { kind: 'decoupled', rule }
  if (reach.kind !== 'unreachable') return { kind: 'challenge', rule, mandated }
  // An attempt shifts liability, so it is never answered to a browser that differs.
  const attempted = attempts && reach.why === 'no-contact' && !rules.includes('device-differs')
  return { kind: 'conclude', outcome: attempted ? 'attempted' : outcomes[reach.why], rule }
}
