import twilio from 'twilio'
import { policy } from '#domain/challenge/policy.ts'
import { config } from '../../platform/config.ts'
import { isSilence, post } from '../../platform/outbound.ts'
import type { HandedOver } from '../handed-over.ts'
import type { Sms } from './text-message.ts'

/**
 * https://www.twilio.com/docs/messaging/api/message-resource: the message's state comes later, as receipts. By our own
 * client: Twilio's bounds neither the whole time nor the size of an answer.
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
  if (answer.kind !== 'answered') return { kind: 'later', why: answer.why, silent: isSilence(answer) }
  if (answer.status >= 200 && answer.status < 300) {
    return { kind: 'handed-over', gateway: 'twilio', gatewayRef: sidIn(answer.body) }
  }
  // 400: the number or the text is wrong and stays so. 401, 404, 429 and 5xx are about us or them.
  return { kind: answer.status === 400 ? 'never' : 'later', why: String(answer.status) }
}

/** What Twilio calls the message. */
function sidIn(body: string): string | undefined {
  try {
    const { sid } = JSON.parse(body)
    return typeof sid === 'string' ? sid : undefined
  } catch {
    return undefined
  }
}

/** Where Twilio tells what became of a message; our own id in it, for a receipt may come before the answer with theirs. */
function receiptURL(id: string): string {
  return `${config().publicOrigin}/gateway/sms/twilio/${id}`
}

/** Whether a receipt comes from Twilio: signed over its address and its fields. */
export function isFromTwilio(signature: string, id: string, fields: Readonly<Record<string, string>>): boolean {
  const { twilio: account } = config()
  return account !== undefined && twilio.validateRequest(account.authToken, signature, receiptURL(id), fields)
}
