import { once } from 'node:events'
import { connect, createServer, type Socket, type TcpNetConnectOpts } from 'node:net'

/** The target of a proxy: a local port or a Unix socket. */
export type Target = { readonly port: number; readonly host?: string } | { readonly path: string }

/** A TCP proxy on a local port that can simulate network faults. */
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

  /** The number of open connections. */
  get open(): number {
    return this.#pairs.size
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as { port: number }).port
  }

  /** Stops forwarding in both directions, on existing and new connections. All stay open. */
  freeze(): void {
    this.#frozen = true
    for (const socket of [...this.#pairs].flat()) socket.pause()
  }

  /** Forwards again, including what was held back. */
  thaw(): void {
    this.#frozen = false
    for (const socket of [...this.#pairs].flat()) socket.resume()
  }

  /** Serves new connections again but leaves frozen ones frozen for ever, like a replaced network path. */
  replace(): void {
    this.#frozen = false
  }

  /** Delays each chunk by this many milliseconds. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds
  }

  /** Closes each new connection immediately. */
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

  /** Closes every connection gracefully, like a server that shuts down. */
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
