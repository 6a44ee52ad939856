import { config } from '../platform/config.ts'

/** Whether this installation has a gateway for text messages. */
export function sendsSms(): boolean {
  return config().smsGateways.length > 0
}
