import postgres from 'postgres'

/** How long the database may take, milliseconds. */
export interface Deadlines {
  /** To open a connection, up to its first answer. */
  readonly connect: number
  /** To answer one statement. The server ends it then; a second later the connection is dropped. */
  readonly query: number
  /**
   * From a transaction's begin to its last statement; later ones are refused, and it is rolled back. A job waits for a free
   * connection no longer.
   */
  readonly transaction: number
}

export const defaultDeadlines: Deadlines = { connect: 3000, query: 5000, transaction: 10_000 }

/** A command that an operator waits for may read and write a whole table. */
export const commandDeadlines: Deadlines = { connect: 3000, query: 600_000, transaction: 1_800_000 }

/** What a server that works needs to say that a statement took too long, milliseconds. */
export const serverHeadStart = 1000

type Code = 'NO_FREE_CONNECTION' | 'CONNECTION_SILENT' | 'CONNECTION_LOST' | 'TRANSACTION_TOO_LONG'

/** A deadline of ours has passed, or the connection is lost. What had been sent may have been done or not. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: Code

  constructor(code: Code) {
    super(code)
    this.code = code
  }
}

/** Classes of SQLSTATE that say how the server is, not what is wrong with a statement. */
const serverTrouble = /^(08|25|53|57|58|XX)/

/** Whether the server has refused a statement for what is in it. */
export function isStatementFault(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.severity === 'ERROR' && !serverTrouble.test(error.code)
}
