/**
 * How many days events of each class are kept. Events of payments are deleted with the authentications
 * (`RETENTION_DAYS`).
 */
const auditPolicy = {
  /** What happened to an account: sign-ins, contact details, reports. */
  account: 5 * 365,
  /** What operators did, and the configurations that the product ran with. */
  operator: 10 * 365,
} as const

/** `payment`: kept as long as authentications. */
export type RetentionClass = keyof typeof auditPolicy | 'payment'

/** How many days events of a class are kept. */
export function auditRetentionDays(of: RetentionClass, authenticationDays: number): number {
  return of === 'payment' ? authenticationDays : auditPolicy[of]
}
