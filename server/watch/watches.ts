import { config } from '../platform/config.ts'

/** Whether this deployment watches payments: someone receives the alerts. */
export function watches(): boolean {
  return config().issuer.risk?.alerts !== undefined
}
