import pino from 'pino'
import { config } from './config.ts'

/**
 * What a log line may contain: ids that have no meaning outside, names from our own lists, numbers. No field contains a
 * person's text, and an error is logged with its class, code and place but without its message, which may repeat a
 * value.
 */
export interface LogFields {
  readonly role?: string
  /** Where a role listens. */
  readonly address?: string
  /** Our own id of an authentication and its challenge. */
  readonly authenticationId?: string
  readonly acsTransID?: string
  /** Our own id of a cardholder. */
  readonly cardholderId?: string
  readonly dsTransID?: string
  readonly directoryServer?: string
  readonly authorisationHost?: string
  readonly outboxId?: string
  readonly kind?: string
  readonly template?: string
  readonly gateway?: string
  readonly outcome?: string
  /** Id and version of a risk policy. */
  readonly policy?: string
  /** Why something was refused, as one of our own words. */
  readonly why?: string
  /** Whose page the challenge window is framed by, as far as the browser says. */
  readonly framedBy?: 'top-level' | 'merchant' | 'another-site' | 'unknown' | undefined
  /** What is wrong in the operator's own settings: never a value. */
  readonly setting?: string
  readonly errorCode?: string
  readonly status?: number
  readonly count?: number
  /** How long something has been so, seconds. */
  readonly age?: number
  readonly tries?: number
  /** The number of an error that its page showed. */
  readonly reference?: string
  readonly error?: unknown
}

const place = Symbol.for('safekey.log')

function logger(): pino.Logger {
  const shared = globalThis as { [place]?: pino.Logger }
  shared[place] ??= pinoTo(1)
  return shared[place]
}

function pinoTo(fd: 1 | 2): pino.Logger {
  return pino(
    { level: config().logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    // Synchronous, so that a killed process has written its last line. Passing each line to another thread would also
    // cost more.
    pino.destination({ fd, sync: true }),
  )
}

/** For commands, whose standard output is their result: log lines go to standard error. */
export function logToStandardError(): void {
  const shared = globalThis as { [place]?: pino.Logger }
  shared[place] = pinoTo(2)
}

export const log = {
  info: (event: string, fields: LogFields = {}) => logger().info(plain(fields), event),
  warn: (event: string, fields: LogFields = {}) => logger().warn(plain(fields), event),
  error: (event: string, fields: LogFields = {}) => logger().error(plain(fields), event),
}

function plain({ error, ...fields }: LogFields): object {
  return error === undefined ? fields : { ...fields, error: describeError(error) }
}

/** Class, code and the nearest places in our own code. No message, because drivers put values into messages. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error }
  // The stack repeats the message, whose lines may look like places.
  const stack = error.stack ?? ''
  const end = stack.indexOf(error.message)
  const places = (end < 0 ? '' : stack.slice(end + error.message.length))
    .split('\n')
    .filter(line => /^\s+at .*:\d+\)?$/.test(line))
    .slice(0, 4)
    .map(line => line.trim().slice(3))
  const cause = error.cause instanceof Error ? describeError(error.cause) : undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { name: error.name, ...(code && { code }), places, ...(cause && { cause }) }
}
