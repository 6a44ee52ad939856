import twilio from 'twilio'
import { config } from '../platform/config.ts'
import type { HandedOver } from './handed-over.ts'
import type { Sms } from './sms.ts'

const timeout = 5000

type Client = ReturnType<typeof twilio>
let client: Client | undefined

/** https://www.twilio.com/docs/messaging/api/message-resource: the message's state comes later, as receipts. */
export async function twilioGateway({ id, to, text }: Sms): Promise<HandedOver> {
  const { twilio: account } = config()
  if (!account) return { kind: 'never' }
  if (client?.username !== account.accountSid) client = connectTo(account)
  try {
    const { sid } = await client.messages.create({
      to,
      body: text,
      statusCallback: receiptURL(id),
      ...(account.sender.startsWith('MG') ? { messagingServiceSid: account.sender } : { from: account.sender }),
    })
    return { kind: 'handed-over', gateway: 'twilio', gatewayRef: sid }
  } catch (error) {
    // 400: the number or the text is wrong and stays so. 401, 404, 429 and 5xx are about us or them.
    const { status, code } = error as { status?: unknown; code?: unknown }
    return { kind: status === 400 ? 'never' : 'later', why: String(status ?? code ?? '') }
  }
}

function connectTo({ accountSid, authToken, url }: { accountSid: string; authToken: string; url: string }): Client {
  const made = twilio(accountSid, authToken, { timeout, lazyLoading: true })
  made.api.baseUrl = url
  return made
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
