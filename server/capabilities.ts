import { signsInHere } from './account/identity.ts'
import { registersBrowsers } from './account/register-device.ts'
import { keepsTrustList } from './challenge/trust.ts'
import { config } from './platform/config.ts'
import { registersContacts } from './registration/offer.ts'
import { watches } from './watch/watches.ts'

/**
 * What this deployment can do, from its configuration alone: pages that promise something are rendered once, so neither
 * health nor the database may change them. The terms do not depend on it, because an accepted version never changes.
 */
export interface Capabilities {
  /** Payments are approved on registered phones and computers, which a push notification reaches. */
  readonly push: boolean
  /** Passkeys of the account confirm payments in the window. */
  readonly passkeys: boolean
  /** Devices are registered: browsers, or those with the issuer's app. */
  readonly approvalDevices: boolean
  /** Cardholders keep a list of trusted merchants. */
  readonly trustedMerchants: boolean
  /** Cardholders are asked by message about payments at which they are not present (decoupled authentication). */
  readonly decoupled: boolean
  /** Cardholders without a contact register one in the window of a purchase. */
  readonly registration: boolean
  /** Payments are weighed by the cardholder's habits, which are kept for that (docs/risk.md). */
  readonly riskPolicies: boolean
  /** Payments are watched: the issuer is alerted, and the cardholder of an unusual payment notified. */
  readonly watch: boolean
  /** Text messages may end with the line by which phones fill in a code. */
  readonly codeAutofill: boolean
}

export type Capability = keyof Capabilities

export function capabilities(): Capabilities {
  const { approvalApp, decoupled, risk, smsAutofill } = config().issuer
  return {
    push: registersBrowsers(),
    passkeys: signsInHere(),
    approvalDevices: registersBrowsers() || approvalApp !== undefined,
    trustedMerchants: keepsTrustList(),
    decoupled: decoupled !== 'never',
    registration: registersContacts(),
    riskPolicies: risk !== undefined,
    watch: watches(),
    codeAutofill: smsAutofill !== 'off' && config().smsGateways.length > 0,
  }
}
