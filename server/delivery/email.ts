import { createTransport, type Transporter } from 'nodemailer'
import { config } from '../platform/config.ts'
import type { HandedOver } from './handed-over.ts'
import { mailAddresses } from './mail-addresses.ts'
import type { Message } from './message.ts'
import { writeEmail } from './write-email.ts'

let transport: Transporter | undefined

/** Hands a message to the mail server. Never throws; `id` makes a second hand-over of the same message recognisable. */
export async function sendEmail(message: Message, id: string): Promise<HandedOver> {
  const { sender } = config().issuer.brand
  transport ??= createTransport({
    url: config().smtpURL,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 15_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0])
  try {
    await transport.sendMail({
      ...mailAddresses(sender, message.to),
      messageId: `<${id}@${sender.address.split('@')[1] ?? 'localhost'}>`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        'Content-Language': message.language,
      },
      ...writeEmail(message),
    })
    return { kind: 'handed-over', gateway: 'smtp' }
  } catch (error) {
    return { kind: isFinal(error) ? 'never' : 'later', why: reasonOf(error) }
  }
}

/** 5xx to the recipient or the content: the same message would be refused again. */
function isFinal(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: unknown; command?: unknown }
  return typeof responseCode === 'number' && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')
}

/** nodemailer's own code (EAUTH, ETLS, ECONNECTION …) and the mail server's status. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  return [code, responseCode].filter(part => typeof part === 'string' || typeof part === 'number').join(' ')
}
