import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createTransport } from 'nodemailer'
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js'
import { policy } from '#domain/challenge/policy.ts'
import { config } from '../../platform/config.ts'
import type { HandedOver } from '../handed-over.ts'
import { mailAddresses } from '../mail-addresses.ts'
import type { Message } from '../message.ts'
import { type AddressedMessage, writeEmail } from '../write-email.ts'

/**
 * Hands a message to the mail server. `time`, in milliseconds, runs from the connection to the server's last response;
 * then the connection is cut, whatever step the delivery is at. Never throws. `id` makes a second hand-over of the same
 * message recognisable.
 */
export async function sendEmail(
  message: Pick<Message, 'to'> & AddressedMessage,
  id: string,
  time: number = policy.mailTimeout,
): Promise<HandedOver> {
  const socket = connectToMailServer()
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, time, Object.assign(new Error('deadline'), { code: 'ETIMEDOUT' }))
  })
  try {
    await Promise.race([sendOver(socket, message, id), deadline])
    return { kind: 'handed-over', gateway: 'smtp' }
  } catch (error) {
    const why = reasonOf(error)
    return isFinal(error) ? { kind: 'never', why } : { kind: 'later', why, silent: socket.bytesRead === 0 }
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

async function sendOver(socket: Socket, message: Pick<Message, 'to'> & AddressedMessage, id: string): Promise<void> {
  const { sender } = config().issuer.brand
  await once(socket, 'connect')
  await mailTransport(socket).sendMail({
    ...mailAddresses(sender, message.to),
    messageId: `<${id}@${sender.address.split('@')[1] ?? 'localhost'}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': message.language,
    },
    ...writeEmail(message),
  })
}

/** The options of the mail server's URL. */
function mailServer(): SMTPTransport.Options {
  return createTransport(config().smtpURL).options
}

function connectToMailServer(): Socket {
  const { host = 'localhost', port, secure } = mailServer()
  const socket = connect({ host, port: Number(port) || (secure ? 465 : 587) })
  // An error rejects the wait for the connection, and later nodemailer's delivery. Between the two no other listener
  // exists, and an unhandled `error` event would end the process.
  return socket.on('error', () => {})
}

/**
 * A transport for one message over a connection of its own, which we can cut. nodemailer's pool cannot end a delivery
 * that hangs, repeats a message by itself when its connection breaks, and ignores every option given beside a `url`.
 */
export function mailTransport(connection: Socket) {
  return createTransport({
    ...mailServer(),
    connection,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** Whether a 5xx refuses the recipient or the content: the same message would be refused again. */
function isFinal(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: unknown; command?: unknown }
  return typeof responseCode === 'number' && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')
}

/** nodemailer's own code (EAUTH, ETLS, ECONNECTION …) and the mail server's status. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  return [code, responseCode].filter(part => typeof part === 'string' || typeof part === 'number').join(' ')
}
