import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A mail server that accepts only what RFC 5321 allows; while it offers SMTPUTF8, also what RFC 6531 adds. */
export class StrictMailServer {
  /** The recipient of each accepted mail, as it was written, and its header lines, unfolded. */
  readonly taken: { readonly recipient: string; readonly header: readonly string[] }[] = []
  /** What was refused: the answer and the line. */
  readonly refused: string[] = []
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer(socket => this.#serve(socket))
  #smtpUtf8 = false

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Closes connections, so that a connected client has to read the offer again. */
  offerSmtpUtf8(offered: boolean): void {
    this.#smtpUtf8 = offered
    for (const socket of this.#sockets) socket.destroy()
  }

  stop(): void {
    this.offerSmtpUtf8(false)
    this.#server.close()
  }

  #serve(socket: Socket): void {
    const session = new Session(this.#smtpUtf8)
    let rest = ''
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.setEncoding('latin1')
    socket.on('error', () => {})
    socket.write('220 strict.example ESMTP\r\n')
    socket.on('data', (part: string) => {
      const lines = (rest + part).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const answer = session.hear(line)
        if (/^5/.test(answer ?? '')) this.refused.push(`${answer}: ${line}`)
        if (session.mail) this.taken.push(session.mail)
        session.mail = undefined
        if (answer) socket.write(`${answer}\r\n`)
      }
    })
  }
}

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const wideAtom = "(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[\\x80-\\xff])+"
const quotedString = '"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\x20-\\x7e])*"'
const wideQuotedString = '"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\x20-\\x7e])*"'
const subdomain = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'

/** RFC 5321 4.1.2, Mailbox without an address literal; lengths of 4.5.3.1, in octets. */
function isMailbox(text: string, wide: boolean): boolean {
  const [one, quoted] = wide ? [wideAtom, wideQuotedString] : [atom, quotedString]
  const grammar = new RegExp(`^(${one}(?:\\.${one})*|${quoted})@(${subdomain}(?:\\.${subdomain})*)$`)
  const [, local = '', domain = ''] = grammar.exec(text) ?? []
  return local !== '' && local.length <= 64 && domain.length <= 255 && text.length + 2 <= 256
}

class Session {
  mail: { recipient: string; header: readonly string[] } | undefined
  readonly #smtpUtf8: boolean
  #wide = false
  #sender: string | undefined
  #recipient: string | undefined
  #data: string[] | undefined

  constructor(smtpUtf8: boolean) {
    this.#smtpUtf8 = smtpUtf8
  }

  hear(line: string): string | undefined {
    if (this.#data) return this.#content(line)
    if (line.length + 2 > 512) return '500 Line too long'
    const verb = line.split(/[ :]/, 1)[0]?.toUpperCase()
    switch (verb) {
      case 'EHLO':
        return this.#smtpUtf8 ? '250-strict.example\r\n250 SMTPUTF8' : '250 strict.example'
      case 'RSET':
        this.#sender = this.#recipient = undefined
        return '250 OK'
      case 'QUIT':
        return '221 Bye'
      case 'MAIL':
        return this.#from(line)
      case 'RCPT':
        return this.#to(line)
      case 'DATA':
        if (!this.#recipient) return '503 RCPT first'
        this.#data = []
        return '354 Go on'
      default:
        return '500 Unknown'
    }
  }

  #from(line: string): string {
    const [, address = '', parameter = ''] = /^MAIL FROM:<(.*)>( [A-Z0-9=]+)?$/i.exec(line) ?? []
    if (parameter && !(this.#smtpUtf8 && parameter === ' SMTPUTF8')) return '555 Parameter not recognized'
    this.#wide = parameter !== ''
    if (!isMailbox(address, this.#wide)) return '501 Syntax error in address'
    this.#sender = address
    return '250 OK'
  }

  #to(line: string): string {
    const [, address = ''] = /^RCPT TO:<(.*)>$/i.exec(line) ?? []
    if (this.#sender === undefined) return '503 MAIL first'
    if (!isMailbox(address, this.#wide)) return '501 Syntax error in address'
    this.#recipient = Buffer.from(address, 'latin1').toString('utf8')
    return '250 OK'
  }

  #content(line: string): string | undefined {
    if (line !== '.') {
      this.#data?.push(line)
      return undefined
    }
    const lines = this.#data ?? []
    this.#data = undefined
    if (lines.some(each => each.length + 2 > 1000 || /[\r\n]/.test(each))) return '500 Line too long, or torn'
    const header = Buffer.from(lines.slice(0, lines.indexOf('')).join('\r\n'), 'latin1').toString('utf8')
    this.mail = { recipient: this.#recipient ?? '', header: header.replace(/\r\n[ \t]+/g, ' ').split('\r\n') }
    this.#recipient = undefined
    return '250 Taken'
  }
}
