import { config } from '../platform/config.ts'

/** Whether this deployment has a gateway for text messages. */
export function sendsSms(): boolean {
  return config().smsGateways.length > 0
}
