import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** Where a mail server stops answering. `trickle`: it answers DATA with endless lines. */
export const stages = ['greeting', 'EHLO', 'MAIL FROM', 'RCPT TO', 'DATA', 'end of data', 'trickle'] as const
export type Stage = (typeof stages)[number]

/** A mail server that accepts each connection, and hangs at one stage. */
export class HangingMailServer {
  readonly #sockets = new Set<Socket>()
  readonly #stage: Stage
  readonly #server = createServer(socket => this.#serve(socket))
  /** Connections accepted so far. */
  accepted = 0

  constructor(stage: Stage) {
    this.#stage = stage
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size
  }

  #serve(socket: Socket): void {
    this.accepted += 1
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket)).on('error', () => {})
    if (this.#stage === 'greeting') {
      socket.resume()
      return
    }
    socket.write('220 hanging\r\n')
    let inData = false
    let received = ''
    socket.on('data', part => {
      received += part.toString('latin1')
      for (let end = received.indexOf('\r\n'); end >= 0; end = received.indexOf('\r\n')) {
        const line = received.slice(0, end)
        received = received.slice(end + 2)
        if (inData && line !== '.') continue
        const stage = inData ? 'end of data' : line.replace(/[: ]*<.*| hanging.*/, '').replace(/^EHLO .*/, 'EHLO')
        if (stage === this.#stage) return
        if (stage === 'DATA' && this.#stage === 'trickle') return trickle(socket)
        inData = stage === 'DATA'
        socket.write(inData ? '354 go on\r\n' : '250 ok\r\n')
      }
    })
  }
}

function trickle(socket: Socket): void {
  const timer = setInterval(() => socket.write('354-wait\r\n'), 5)
  socket.once('close', () => clearInterval(timer))
}
