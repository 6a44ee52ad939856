import { setImmediate } from 'node:timers/promises'
import postgres from 'postgres'
import type { Job } from './connection.ts'
import { DatabaseError, type Deadlines } from './deadlines.ts'
import { Pool } from './pool.ts'

type Query = postgres.PendingQuery<postgres.Row[]>

/** A pool in which every statement and transaction ends within `deadlines`; it is asked like postgres.js itself. */
export function boundedSql(url: string, connections: number, deadlines: Deadlines) {
  const pool = new Pool(url, connections, deadlines)
  const unsafe = (...args: Parameters<postgres.Sql['unsafe']>) =>
    statement(form => pool.run(({ sql }) => form(sql.unsafe(...args))))
  const begin = <T>(work: (tx: postgres.TransactionSql) => Promise<T>) =>
    pool.run(job => beginWithin(job, deadlines.transaction, work))
  // This one never connects: drizzle reads its options, and parts of statements are made with it.
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

/** Runs `work` in a transaction, for so many milliseconds at most. */
async function beginWithin<T>(
  { sql, restart }: Job,
  time: number,
  work: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  let over: DatabaseError | undefined
  let lost = false
  const timer = setTimeout(() => {
    over ??= new DatabaseError('TRANSACTION_TOO_LONG')
  }, time)
  const goOn = () => {
    if (over) throw over
    restart()
  }
  const begun = sql.begin(async tx => {
    const send = async (query: Query) => {
      goOn()
      try {
        return await query
      } catch (error) {
        // By then it is known whether the connection is lost, too.
        await setImmediate()
        await setImmediate()
        throw error
      }
    }
    const unsafe = (...args: Parameters<postgres.Sql['unsafe']>) => statement(form => send(form(tx.unsafe(...args))))
    const get = (target: postgres.TransactionSql, name: string | symbol) =>
      name === 'unsafe' ? unsafe : Reflect.get(target, name)
    try {
      const result = await work(new Proxy(tx, { get }))
      goOn()
      return result
    } finally {
      // postgres.js would write COMMIT or ROLLBACK to a socket that is gone, and end the process. `begun` has failed.
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

/** A statement that is sent in a moment: until then its caller may say that it wants rows as arrays. */
function statement(send: (form: (query: Query) => Query) => PromiseLike<unknown>): Query {
  let form = (query: Query) => query
  const answer = Promise.resolve().then(() => send(query => form(query)))
  const values = () => {
    form = query => query.values() as unknown as Query
    return answer
  }
  return Object.assign(answer, { values }) as unknown as Query
}

/** A tagged template; the driver's other calls make parts of one. */
function isStatement([strings]: readonly unknown[]): boolean {
  return Array.isArray(strings) && 'raw' in strings
}
