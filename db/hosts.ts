import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { DatabaseError } from './deadlines.ts'

/** Where postgres.js wants to connect to, as it read it from the URL. */
export interface Destination {
  readonly path?: string | false
  readonly host: readonly string[]
  readonly port: readonly number[]
}

/** On this the driver's `connect_timeout` ends an attempt to connect. */
export function silent(): Duplex {
  return new Duplex({ read() {}, write() {} })
}

/** Makes sockets for postgres.js (its option `socket`) to the hosts of a URL, each in turn. */
export class Hosts {
  #next = 0
  /** Hosts in a row that could not be reached. */
  #failed = 0

  /**
   * A socket that is connecting. It fails by an event, as the driver's own does: a rejection would make postgres.js forget
   * the connection. With several hosts it hides every error and tries the next for ever, so after a round of failures it
   * gets a socket that stays silent, on which `connect_timeout` ends the attempt.
   */
  connect({ path, host, port }: Destination): Socket | Duplex {
    if (path) return this.#restricted(connect(path))
    if (host.length > 1 && this.#failed >= host.length) {
      this.#failed = 0
      return silent()
    }
    const turn = this.#next++ % host.length
    const to = { host: host[turn] ?? '', port: port[turn] ?? 0 }
    // The driver reads there which name the server's certificate must have.
    return this.#restricted(Object.assign(connect(to), to))
  }

  #restricted(socket: Socket): Socket {
    socket.once('connect', () => {
      this.#failed = 0
    })
    socket.once('error', () => {
      this.#failed += 1
    })
    // postgres.js would call a server that hangs up without a word again at once, for ever.
    socket.once('end', () => {
      if (socket.bytesRead === 0) socket.destroy(new DatabaseError('CONNECTION_LOST'))
    })
    return socket
  }
}
