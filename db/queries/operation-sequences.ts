import { and, eq, lt } from 'drizzle-orm'
import { type OperationSequence, withMessage } from '#domain/emv/operation-sequence.ts'
import { transaction } from '../client.ts'
import { operationSequences } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

/** Adds a message to a directory server's sequence of OReqs, and returns how far it has come. */
export function noteOperation(
  directoryServer: string,
  seqId: string,
  { number, total }: { readonly number: number; readonly total: number },
  now: number,
): Promise<OperationSequence> {
  return transaction(async tx => {
    const [before] = await tx
      .select()
      .from(operationSequences)
      .where(and(eq(operationSequences.directoryServer, directoryServer), eq(operationSequences.seqId, seqId)))
      .for('update')
    const sequence = { ...withMessage(before, number, total), receivedAt: now }
    await tx
      .insert(operationSequences)
      .values({ directoryServer, seqId, ...sequence })
      .onConflictDoUpdate({ target: [operationSequences.directoryServer, operationSequences.seqId], set: sequence })
    return sequence
  })
}

/** Deletes up to `most` sequences without a message since `before`. Returns how many. */
export function purgeOperationSequences(before: number, most: number): Promise<number> {
  return deleteSome(operationSequences, lt(operationSequences.receivedAt, before), operationSequences.receivedAt, most)
}
