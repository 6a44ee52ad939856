import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type EmailAddress, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { type Faults, slowness } from '../faults.ts'
import { type Listener, listenOnLoopback } from '../loopback.ts'
import type { Message } from './messages.ts'

type Delivered = Omit<Message, 'id' | 'sentAt'>

const largestMail = 1024 * 1024

/** A mail server that accepts everything, unless the `smtp` fault prevents it; only `refused@…` has no mailbox. */
export class MailServer {
  readonly #port: number
  readonly #faults: Faults
  readonly #smtp: SMTPServer
  readonly #stopFollowing: () => void
  #listener: Listener | undefined
  #changing: Promise<void> = Promise.resolve()

  constructor(port: number, faults: Faults, deliver: (mail: Delivered) => void) {
    this.#port = port
    this.#faults = faults
    this.#smtp = new SMTPServer({
      name: 'inbox.localhost',
      banner: 'demo inbox',
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: largestMail,
      onRcptTo: ({ address }, _session, done) => done(refusalOf(address)),
      onData: (stream, session, done) => {
        this.#receive(stream, session, deliver).then(
          () => done(),
          error => done(error instanceof Error ? error : new Error(String(error))),
        )
      },
    })
    // A sender that disconnects early is no error of ours.
    this.#smtp.on('error', () => {})
    this.#stopFollowing = faults.onChange(() => this.follow())
  }

  /** Opens or closes the port according to the fault, one change after the other. */
  follow(): Promise<void> {
    this.#changing = this.#changing
      .catch(() => {})
      .then(async () => {
        if (this.#faults.of('smtp') === 'down') await this.#shut()
        else this.#listener ??= await listenOnLoopback(this.#port, socket => this.#accept(socket))
      })
    return this.#changing
  }

  async close(): Promise<void> {
    this.#stopFollowing()
    await this.#changing.catch(() => {})
    await this.#shut()
  }

  async #shut(): Promise<void> {
    await this.#listener?.close()
    this.#listener = undefined
  }

  // The listening sockets are ours, so that `down` can refuse connections and `up` accept them again.
  #accept(socket: Socket): void {
    this.#smtp.server.emit('connection', socket)
  }

  async #receive(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    deliver: (mail: Delivered) => void,
  ): Promise<void> {
    const mail = await simpleParser(stream)
    if (stream.sizeExceeded) throw Object.assign(new Error('Message too large'), { responseCode: 552 })
    if (this.#faults.of('smtp') === 'slow') await wait(slowness, undefined, { ref: false })
    // The fault was set to `down` in the meantime: the connection is cut, and the sender will try again.
    if (this.#faults.of('smtp') === 'down') return
    const { mailFrom, rcptTo } = session.envelope
    for (const { address } of rcptTo)
      deliver({
        channel: 'email',
        to: address,
        from: readable(mail.from?.value[0]) ?? (mailFrom ? mailFrom.address : ''),
        subject: mail.subject ?? '',
        text: mail.text ?? '',
        html: mail.html || null,
      })
  }
}

function refusalOf(address: string): Error | null {
  return address.startsWith('refused@') ? Object.assign(new Error('No such mailbox'), { responseCode: 550 }) : null
}

function readable(sender: EmailAddress | undefined): string | undefined {
  return sender?.name ? `${sender.name} <${sender.address ?? ''}>` : sender?.address
}
