import { once } from 'node:events'
import { connect, createServer, type Socket, type TcpNetConnectOpts } from 'node:net'

/** Where a proxy leads to: a port of this machine, or a Unix socket. */
export type Target = { readonly port: number; readonly host?: string } | { readonly path: string }

/** A TCP proxy on a port of this machine that can do to connections what networks do. */
export class TcpProxy {
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  readonly #server = createServer({ pauseOnConnect: true }, client => this.#accept(client))
  readonly #target: Target
  #frozen = false
  #refusing = false
  #delay = 0
  #port = 0
  /** Connections accepted so far. */
  accepted = 0

  private constructor(target: Target) {
    this.#target = target
  }

  static async to(target: Target): Promise<TcpProxy> {
    const proxy = new TcpProxy(target)
    await proxy.listen()
    return proxy
  }

  get port(): number {
    return this.#port
  }

  /** Connections that are open. */
  get open(): number {
    return this.#pairs.size
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as { port: number }).port
  }

  /** Forwards nothing from now on, in either direction, on old connections and new ones; all stay open. */
  freeze(): void {
    this.#frozen = true
    for (const socket of [...this.#pairs].flat()) socket.pause()
  }

  /** Forwards again: what was held back arrives. */
  thaw(): void {
    this.#frozen = false
    for (const socket of [...this.#pairs].flat()) socket.resume()
  }

  /** Serves new connections again, and leaves the frozen ones frozen for ever, as a replaced network path does. */
  replace(): void {
    this.#frozen = false
  }

  /** Holds each piece back for so many milliseconds. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds
  }

  /** Closes each new connection as soon as it is there. */
  refuse(): void {
    this.#refusing = true
  }

  /** Resets every connection. */
  cut(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy()
      server.destroy()
    }
  }

  /** Closes every connection in good order, as a server does that goes away. */
  hangUp(): void {
    for (const socket of [...this.#pairs].flat()) socket.end()
  }

  /** Refuses connections, and resets those that are open. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cut()
    await closed
  }

  #accept(client: Socket): void {
    this.accepted += 1
    if (this.#refusing) {
      client.on('error', () => {})
      client.resume().end()
      return
    }
    const server = connect(this.#target as TcpNetConnectOpts)
    const pair = [client, server] as const
    this.#pairs.add(pair)
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('data', piece => {
        if (this.#delay === 0) to.write(piece)
        else setTimeout(() => to.write(piece), this.#delay)
      })
      from.on('end', () => to.end())
      from.on('error', () => {})
      from.on('close', () => {
        this.#pairs.delete(pair)
        to.destroy()
      })
      if (this.#frozen) from.pause()
      else from.resume()
    }
  }
}
