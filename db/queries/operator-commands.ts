import { desc } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { operatorCommands } from '../schema.ts'

export async function insertOperatorCommand(tx: Queryable, row: typeof operatorCommands.$inferInsert) {
  await tx.insert(operatorCommands).values(row)
}

/** What operators changed, the newest first. */
export function operatorCommandsOf(tx: Queryable, most: number) {
  return tx.select().from(operatorCommands).orderBy(desc(operatorCommands.at)).limit(most)
}
