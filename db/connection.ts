import type { Duplex } from 'node:stream'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { DatabaseError, type Deadlines, serverHeadStart } from './deadlines.ts'
import { type Destination, type Hosts, silent } from './hosts.ts'

/** A running statement or transaction. */
export interface Job {
  readonly sql: postgres.Sql
  /** Restarts the deadline for the next statement. */
  restart(): void
}

/** Seconds. After a failed attempt to connect, the driver by default waits for up to twenty. */
const longestBackOff = 0.5

/**
 * One connection to PostgreSQL: a separate postgres.js instance that runs one job at a time and is discarded after its
 * first fault. The driver itself waits without a limit, and a connection that it reopens may still hold statements of
 * the previous one.
 */
export class Connection implements Job {
  readonly sql: postgres.Sql
  readonly generation: number
  readonly #deadlines: Deadlines
  #socket: Duplex | undefined
  #usable = true
  /** The deadline of the running job. */
  #deadline: NodeJS.Timeout | undefined
  /** Whether the server has answered on it before. */
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
      // The URL overrides these; `?statement_timeout=` omits one (docs/operations.md).
      connection: {
        statement_timeout: deadlines.query,
        idle_in_transaction_session_timeout: deadlines.query,
      },
    }
    this.sql = postgres(url, options)
    // Sets how values are read and written, so that the driver's own statements follow the same rules as drizzle's.
    drizzle(this.sql)
  }

  get usable(): boolean {
    return this.#usable
  }

  /** Runs a job. If one of its statements is not answered in time, the connection is dropped. */
  within<T>(work: (job: Job) => PromiseLike<T>): Promise<T> {
    const { connect, query } = this.#deadlines
    return new Promise((resolve, reject) => {
      const time = query + serverHeadStart + (this.#proven ? 0 : connect)
      this.#deadline = setTimeout(() => {
        reject(new DatabaseError('CONNECTION_SILENT'))
        this.discard()
      }, time)
      work(this).then(
        result => {
          clearTimeout(this.#deadline)
          this.#proven = true
          resolve(result)
        },
        error => {
          clearTimeout(this.#deadline)
          reject(error)
        },
      )
    })
  }

  restart(): void {
    if (this.#usable) this.#deadline?.refresh()
  }

  /** Closes the connection gracefully. */
  async end(): Promise<void> {
    this.#usable = false
    await this.sql.end({ timeout: 5 })
    // On a frozen network the graceful close gets no answer.
    this.#socket?.destroy()
  }

  /** Drops the connection with everything that is running on it. */
  discard(): void {
    this.#usable = false
    // TLS removes our listeners.
    this.#socket?.on('error', () => {}).destroy(new DatabaseError('CONNECTION_LOST'))
    this.sql.end({ timeout: 0 }).catch(() => {})
  }
}
