import type { Duplex } from 'node:stream'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { DatabaseError, type Deadlines, serverHeadStart } from './deadlines.ts'
import { type Destination, type Hosts, silent } from './hosts.ts'

/** A statement or a transaction under way. */
export interface Job {
  readonly sql: postgres.Sql
  /** Gives the next statement its whole time. */
  restart(): void
}

/** After a failed attempt to connect the driver itself would wait for up to twenty seconds. */
const longestBackOff = 0.5

/**
 * One connection to PostgreSQL: a postgres.js of its own, for one job at a time, discarded after its first fault. The
 * driver itself waits without limit, and a connection that it reopens may still hold statements of the previous one.
 */
export class Connection {
  readonly sql: postgres.Sql
  readonly generation: number
  readonly #deadlines: Deadlines
  #socket: Duplex | undefined
  #usable = true
  /** Has answered once. */
  #proven = false

  constructor(url: string, hosts: Hosts, deadlines: Deadlines, generation: number) {
    this.generation = generation
    this.#deadlines = deadlines
    const options = {
      max: 1,
      onnotice: () => {},
      onclose: () => {
        this.#usable = false
      },
      connect_timeout: deadlines.connect / 1000,
      backoff: () => longestBackOff,
      socket: (destination: Destination) => {
        this.#socket = this.#usable ? hosts.connect(destination) : silent()
        return this.#socket
      },
      // The URL overrules these; `?statement_timeout=` leaves one out (docs/operations.md).
      connection: {
        statement_timeout: deadlines.query,
        idle_in_transaction_session_timeout: deadlines.query,
      },
    }
    this.sql = postgres(url, options)
    // Sets how values are read and written; the driver's own statements go by the same rules as drizzle's.
    drizzle(this.sql)
  }

  get usable(): boolean {
    return this.#usable
  }

  /** Runs a job; a statement of it that has no answer in time loses the connection. */
  within<T>(work: (job: Job) => PromiseLike<T>): Promise<T> {
    const { connect, query } = this.#deadlines
    return new Promise((resolve, reject) => {
      const tooLate = () => {
        reject(new DatabaseError('CONNECTION_SILENT'))
        this.discard()
      }
      const timer = setTimeout(tooLate, query + serverHeadStart + (this.#proven ? 0 : connect))
      const restart = () => {
        if (this.#usable) timer.refresh()
      }
      work({ sql: this.sql, restart }).then(
        result => {
          clearTimeout(timer)
          this.#proven = true
          resolve(result)
        },
        error => {
          clearTimeout(timer)
          reject(error)
        },
      )
    })
  }

  /** Closes the connection in good order. */
  async end(): Promise<void> {
    this.#usable = false
    await this.sql.end({ timeout: 5 })
    // Where the network is frozen the good order stays without an answer.
    this.#socket?.destroy()
  }

  /** Drops the connection, whatever is under way on it. */
  discard(): void {
    this.#usable = false
    // TLS takes our listeners off.
    this.#socket?.on('error', () => {}).destroy(new DatabaseError('CONNECTION_LOST'))
    this.sql.end({ timeout: 0 }).catch(() => {})
  }
}
