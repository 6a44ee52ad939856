import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { createServer, type Server, type ServerOpts, type Socket } from 'node:net'

/** One port on both loopback addresses: browsers resolve `localhost` and `*.localhost` to either. */
export interface Listener {
  port: number
  /** Stops listening and ends open connections. */
  close(): Promise<void>
}

const noSuchFamily = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

export async function listenOnLoopback(port: number, onSocket: (socket: Socket) => void): Promise<Listener> {
  const first = await open('127.0.0.1', port, onSocket)
  const second = await openIfPresent('::1', first.port, onSocket).catch(async error => {
    await first.close()
    throw error
  })
  return {
    port: first.port,
    close: async () => {
      await Promise.all([first.close(), second.close()])
    },
  }
}

/** For an HTTP server that already listens on 127.0.0.1. */
export function listenOnIPv6Loopback(server: HttpServer, port: number): Promise<Listener> {
  // The options are those that Node's HTTP server uses for the sockets it accepts itself.
  const options = { allowHalfOpen: true, noDelay: true }
  return openIfPresent('::1', port, socket => server.emit('connection', socket), options)
}

/** On a machine without IPv6 the other address is enough. */
async function openIfPresent(...[host, port, onSocket, options]: Parameters<typeof open>): Promise<Listener> {
  try {
    return await open(host, port, onSocket, options)
  } catch (error) {
    if (error instanceof Error && 'code' in error && noSuchFamily.has(String(error.code)))
      return { port, close: async () => {} }
    throw error
  }
}

async function open(
  host: string,
  port: number,
  onSocket: (socket: Socket) => void,
  options: ServerOpts = {},
): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer(options, socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    onSocket(socket)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return { port: portOf(server, port), close: () => close(server, sockets) }
}

function portOf(server: Server, asked: number): number {
  const address = server.address()
  return address && typeof address === 'object' ? address.port : asked
}

function close(server: Server, sockets: Set<Socket>): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    for (const socket of sockets) socket.destroy()
  })
}
