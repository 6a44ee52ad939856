import { setImmediate } from 'node:timers/promises'
import postgres from 'postgres'
import { Connection, type Job } from './connection.ts'
import { DatabaseError, type Deadlines } from './deadlines.ts'
import { Hosts } from './hosts.ts'

/** SQLSTATE read_only_sql_transaction. */
const readOnly = '25006'

/**
 * A pool of connections to PostgreSQL in which every job ends within `deadlines`, no matter how network and server
 * behave. A job that has waited too long for a free connection is never sent. A job that was sent ends when the server
 * has answered or its connection is closed.
 */
export class Pool {
  readonly #open: (generation: number) => Connection
  readonly #patience: number
  readonly #idle: Connection[] = []
  readonly #busy = new Set<Connection>()
  readonly #waiting = new Set<() => void>()
  #free: number
  #generation = 0
  #ended = false

  constructor(url: string, connections: number, deadlines: Deadlines) {
    const hosts = new Hosts()
    this.#open = generation => new Connection(url, hosts, deadlines, generation)
    // Every job releases its connection within this time.
    this.#patience = deadlines.transaction
    this.#free = connections
  }

  async run<T>(work: (job: Job) => PromiseLike<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await this.#turn()
    try {
      return await this.#runOn(this.#take(), work)
    } finally {
      this.#release()
    }
  }

  /** Retires all open connections; later jobs get new ones. */
  renew(): void {
    this.#generation += 1
  }

  /** Closes all connections; running jobs have five seconds to end. */
  async end(): Promise<void> {
    this.#ended = true
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map(connection => connection.end()))
  }

  async #runOn<T>(connection: Connection, work: (job: Job) => PromiseLike<T>): Promise<T> {
    this.#busy.add(connection)
    try {
      const result = await connection.within(work)
      this.#idle.push(connection)
      return result
    } catch (error) {
      const answer = error instanceof postgres.PostgresError ? error : undefined
      // The server was demoted or replaced; new connections may reach the primary.
      if (answer?.code === readOnly) this.renew()
      // Two turns later it is known whether the connection has been closed, too: the socket reports that after the
      // error.
      await setImmediate()
      await setImmediate()
      if (connection.usable && answer?.severity !== 'FATAL') this.#idle.push(connection)
      else connection.discard()
      throw error
    } finally {
      this.#busy.delete(connection)
    }
  }

  /** The most recently used connection that is usable, otherwise a new one. */
  #take(): Connection {
    if (this.#ended) throw new DatabaseError('CONNECTION_LOST')
    for (let found = this.#idle.pop(); found; found = this.#idle.pop()) {
      if (found.usable && found.generation === this.#generation) return found
      found.discard()
    }
    return this.#open(this.#generation)
  }

  /** Resolves when a job ends and passes its slot on. */
  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(enter)
        reject(new DatabaseError('NO_FREE_CONNECTION'))
      }, this.#patience)
      const enter = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#waiting.add(enter)
    })
  }

  #release(): void {
    const [next] = this.#waiting
    if (next) {
      this.#waiting.delete(next)
      next()
    } else this.#free += 1
  }
}
