import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { DatabaseError } from './deadlines.ts'

/** Where postgres.js is to connect to, as it parsed it from the URL. */
export interface Destination {
  readonly path?: string | false
  readonly host: readonly string[]
  readonly port: readonly number[]
}

/** A stream that never answers, so that the driver's `connect_timeout` ends the attempt to connect. */
export function silent(): Duplex {
  return new Duplex({ read() {}, write() {} })
}

/** Makes sockets for postgres.js (its option `socket`) to the hosts of a URL, each in turn. */
export class Hosts {
  #next = 0
  /** Consecutive hosts that could not be reached. */
  #failed = 0

  /**
   * A socket that is connecting. It fails by an event, like the driver's own sockets: a rejection would make
   * postgres.js forget the connection. With several hosts postgres.js hides every error and tries the next host for
   * ever, so after a round of failures it gets a silent stream, on which `connect_timeout` ends the attempt.
   */
  connect({ path, host, port }: Destination): Socket | Duplex {
    if (path) return this.#restricted(connect(path))
    if (host.length > 1 && this.#failed >= host.length) {
      this.#failed = 0
      return silent()
    }
    const turn = this.#next++ % host.length
    const to = { host: host[turn] ?? '', port: port[turn] ?? 0 }
    // The driver reads from the socket which name the server's certificate must have.
    return this.#restricted(Object.assign(connect(to), to))
  }

  #restricted(socket: Socket): Socket {
    socket.once('connect', () => {
      this.#failed = 0
    })
    socket.once('error', () => {
      this.#failed += 1
    })
    // postgres.js would reconnect immediately and for ever to a server that closes connections without an answer.
    socket.once('end', () => {
      if (socket.bytesRead === 0) socket.destroy(new DatabaseError('CONNECTION_LOST'))
    })
    return socket
  }
}
