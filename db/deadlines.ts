import postgres from 'postgres'

/** How long the database may take, in milliseconds. */
export interface Deadlines {
  /** To open a connection, until its first answer. */
  readonly connect: number
  /** To answer one statement. Then the server cancels it; a second later the connection is dropped. */
  readonly query: number
  /**
   * From the begin of a transaction to its last statement. Later statements are refused, and the transaction is rolled
   * back. It is also the longest time that a job waits for a free connection.
   */
  readonly transaction: number
}

export const defaultDeadlines: Deadlines = { connect: 3000, query: 5000, transaction: 10_000 }

/** For operators' commands, which may read and write a whole table. */
export const commandDeadlines: Deadlines = { connect: 3000, query: 600_000, transaction: 1_800_000 }

/** How long a working server may need to report that a statement took too long, in milliseconds. */
export const serverHeadStart = 1000

type Code = 'NO_FREE_CONNECTION' | 'CONNECTION_SILENT' | 'CONNECTION_LOST' | 'TRANSACTION_TOO_LONG'

/**
 * One of our deadlines has passed, or the connection was lost. What had been sent may or may not have been executed.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: Code

  constructor(code: Code) {
    super(code)
    this.code = code
  }
}

/** SQLSTATE classes that describe trouble of the server rather than a faulty statement. */
const serverTrouble = /^(08|25|53|57|58|XX)/

/** Whether the server rejected a statement because of its contents. */
export function isStatementFault(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.severity === 'ERROR' && !serverTrouble.test(error.code)
}

/** Other transactions were in the way: another try may succeed. */
const conflict = /^(40|55)/

/** Whether the same work would fail again: not if the server, the connection, a deadline or another transaction failed. */
export function isLasting(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (cause instanceof postgres.PostgresError) return isStatementFault(cause) && !conflict.test(cause.code)
  // Errors of connections and deadlines have a code.
  return !(cause instanceof Error && 'code' in cause)
}
