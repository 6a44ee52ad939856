import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** A mail server that keeps the mails it receives. Its port stays the same while it is down. */
export class Mailbox {
  readonly mails: ParsedMail[] = []
  /** All recipients of RCPT TO, accepted or not. */
  readonly asked: string[] = []
  /** The code with which RCPT TO is refused; undefined: it is accepted. */
  refusal: number | undefined
  /** The recipients whose messages it never confirms. */
  hangsFor: (recipient: string) => boolean = () => false
  /** Deliveries that it has left hanging. */
  hanging = 0
  readonly #sockets = new Set<Socket>()
  #listener: Server | undefined
  #port = 0
  readonly #smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) => {
      this.asked.push(address)
      done(this.refusal === undefined ? null : Object.assign(new Error('refused'), { responseCode: this.refusal }))
    },
    onData: (stream, session, done) => {
      if (session.envelope.rcptTo.some(({ address }) => this.hangsFor(address))) {
        this.hanging += 1
        stream.resume()
        return
      }
      simpleParser(stream).then(mail => {
        this.mails.push(mail)
        done()
      }, done)
    },
  })

  constructor() {
    // `down` cuts connections, which causes errors.
    this.#smtp.on('error', () => {})
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`
  }

  async up(): Promise<void> {
    this.#listener = createServer(socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      this.#smtp.server.emit('connection', socket)
    })
    this.#listener.listen(this.#port, '127.0.0.1')
    await once(this.#listener, 'listening')
    this.#port = (this.#listener.address() as AddressInfo).port
  }

  /** Refuses new connections and cuts open ones. */
  async down(): Promise<void> {
    const listener = this.#listener
    this.#listener = undefined
    for (const socket of this.#sockets) socket.destroy()
    if (listener) await new Promise(resolve => listener.close(resolve))
  }

  /** The latest code. Mails that are sent together arrive in any order, and a notice may come after the code. */
  get code(): string {
    return codeIn(this.mails.findLast(({ text }) => codePattern.test(text ?? '')))
  }
}

/** Six digits that are no part of a link: its token has digits as well. */
const codePattern = /(?<![\w-])\d{6}(?![\w-])/

function codeIn(mail: ParsedMail | undefined): string {
  const code = codePattern.exec(mail?.text ?? '')?.[0]
  if (!code) throw new Error('no code has come')
  return code
}
