import type { Queryable } from '#db/client.ts'
import { insertOperatorCommand } from '#db/queries/operator-commands.ts'
import type { OperatorCommand } from '#db/schema.ts'
import { now } from '../platform/clock.ts'
import { newId } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'

/** A command that an operator ran, so that an auditor can see who changed what. */
export interface Recorded {
  readonly command: OperatorCommand
  /** The operator, as they name themselves. */
  readonly by: string
  readonly reason?: string
  /** Ids and counts alone: nothing personal. */
  readonly details: Readonly<Record<string, string | number>>
}

/** Writes a command down, in the transaction that changes what it changes. */
export async function recordCommand(tx: Queryable, { command, by, reason, details }: Recorded): Promise<void> {
  await insertOperatorCommand(tx, {
    ...{ id: newId(), at: new Date(now()), command, by, reason: reason ?? null, details },
  })
  log.info('operator.command', { kind: command })
}
