import twilio from 'twilio'
import { policy } from '#domain/challenge/policy.ts'
import { config } from '../../platform/config.ts'
import { gotNoAnswer, post } from '../../platform/outbound.ts'
import type { HandedOver } from '../handed-over.ts'
import type { Sms } from './text-message.ts'

/**
 * https://www.twilio.com/docs/messaging/api/message-resource: the message's state comes later, by receipts. We use our
 * own client, because Twilio's limits neither the total time nor the size of a response.
 */
export async function twilioGateway({ id, to, text }: Sms): Promise<HandedOver> {
  const { twilio: account } = config()
  if (!account) return { kind: 'never' }
  const { accountSid, authToken, sender, url } = account
  const answer = await post({
    url: `${url}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    hosts: [new URL(url).host],
    ours: true,
    body: new URLSearchParams({
      To: to,
      Body: text,
      StatusCallback: receiptURL(id),
      ...(sender.startsWith('MG') ? { MessagingServiceSid: sender } : { From: sender }),
    }).toString(),
    contentType: 'application/x-www-form-urlencoded',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    timeout: policy.smsTimeout,
  })
  if (answer.kind !== 'answered') return { kind: 'later', why: answer.why, silent: gotNoAnswer(answer) }
  if (answer.status >= 200 && answer.status < 300) {
    return { kind: 'handed-over', gateway: 'twilio', gatewayRef: sidIn(answer.body) }
  }
  // 400: the number or the text is wrong and will stay wrong. 401, 404, 429 and 5xx concern us or Twilio.
  return { kind: answer.status === 400 ? 'never' : 'later', why: String(answer.status) }
}

/** Twilio's id of the message. */
function sidIn(body: string): string | undefined {
  try {
    const { sid } = JSON.parse(body)
    return typeof sid === 'string' ? sid : undefined
  } catch {
    return undefined
  }
}

/**
 * The address for Twilio's receipts. It contains our own id, because a receipt may arrive before the response with
 * theirs.
 */
function receiptURL(id: string): string {
  return `${config().publicOrigin}/gateway/sms/twilio/${id}`
}

/** Whether a receipt comes from Twilio, which signs the address and the fields. */
export function isFromTwilio(signature: string, id: string, fields: Readonly<Record<string, string>>): boolean {
  const { twilio: account } = config()
  return account !== undefined && twilio.validateRequest(account.authToken, signature, receiptURL(id), fields)
}
