import { policy } from '#domain/challenge/policy.ts'
import { config } from '../../platform/config.ts'
import type { HandedOver } from '../handed-over.ts'
import { handOverSigned } from './signed-post.ts'
import type { Sms } from './text-message.ts'

/** The interface for issuers that have a gateway of their own: docs/sms-gateway.md. */
export async function httpGateway(sms: Sms): Promise<HandedOver> {
  const gateway = config().smsHTTP
  return gateway ? handOverSigned('http', gateway, sms, policy.smsTimeout) : { kind: 'never' }
}
