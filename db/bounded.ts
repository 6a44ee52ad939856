import { setImmediate } from 'node:timers/promises'
import postgres from 'postgres'
import type { Job } from './connection.ts'
import { DatabaseError, type Deadlines } from './deadlines.ts'
import { Pool } from './pool.ts'

type Query = postgres.PendingQuery<postgres.Row[]>
type Unsafe = Parameters<postgres.Sql['unsafe']>

/** A pool in which every statement and transaction ends within `deadlines`, with the interface of postgres.js. */
export function boundedSql(url: string, connections: number, deadlines: Deadlines) {
  const pool = new Pool(url, connections, deadlines)
  const unsafe = (...args: Unsafe) => statement(form => pool.run(({ sql }) => form(sql.unsafe(...prepared(args)))))
  const begin = <T>(work: (tx: postgres.TransactionSql) => Promise<T>) =>
    pool.run(job => beginWithin(job, deadlines.transaction, work))
  // This instance never connects: drizzle reads its options, and it builds fragments of statements.
  const sql = new Proxy(postgres(url), {
    apply: (target, self, args) =>
      isStatement(args)
        ? statement(form => pool.run(job => form(Reflect.apply(job.sql, self, args))))
        : Reflect.apply(target, self, args),
    get: (target, name) => {
      if (name === 'unsafe') return unsafe
      return name === 'begin' ? begin : Reflect.get(target, name)
    },
  })
  return { sql, renew: () => pool.renew(), end: () => pool.end() }
}

/** Runs `work` in a transaction that may take at most `time` milliseconds. */
async function beginWithin<T>(job: Job, time: number, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  let over: DatabaseError | undefined
  let lost = false
  const timer = setTimeout(() => {
    over ??= new DatabaseError('TRANSACTION_TOO_LONG')
  }, time)
  const goOn = () => {
    if (over) throw over
    job.restart()
  }
  const begun = job.sql.begin(async tx => {
    const send = async (query: Query) => {
      goOn()
      try {
        return await query
      } catch (error) {
        // Two turns later it is known whether the connection is lost, too.
        await setImmediate()
        await setImmediate()
        throw error
      }
    }
    const unsafe = (...args: Unsafe) => statement(form => send(form(tx.unsafe(...prepared(args)))))
    const get = (target: postgres.TransactionSql, name: string | symbol) =>
      name === 'unsafe' ? unsafe : Reflect.get(target, name)
    try {
      const result = await work(new Proxy(tx, { get }))
      goOn()
      return result
    } finally {
      // postgres.js would write COMMIT or ROLLBACK to a closed socket and crash the process. `begun` has already
      // failed.
      if (lost) await new Promise(() => {})
    }
  })
  begun.catch(() => {
    lost = true
    over ??= new DatabaseError('CONNECTION_LOST')
  })
  try {
    return (await begun) as T
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The statements of drizzle, which it asks to be sent unprepared: parsed, described and planned every time, in two round
 * trips. Prepared, each is sent in one after its first use on a connection.
 */
function prepared([text, values, options]: Unsafe): Unsafe {
  return [text, values, { ...options, prepare: true }]
}

/** A statement that is sent in the next microtask: until then its caller may request rows as arrays (`values`). */
function statement(send: (form: (query: Query) => Query) => PromiseLike<unknown>): Query {
  let asArrays = false
  const answer = Promise.resolve().then(() => send(query => (asArrays ? (query.values() as unknown as Query) : query)))
  const more = {
    values() {
      asArrays = true
      return answer
    },
  }
  return Object.assign(answer, more) as unknown as Query
}

/** Whether this is a call as a tagged template, which is a statement; other calls of the driver build fragments. */
function isStatement([strings]: readonly unknown[]): boolean {
  return Array.isArray(strings) && 'raw' in strings
}
