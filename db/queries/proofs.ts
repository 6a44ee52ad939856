import { and, eq } from 'drizzle-orm'
import type { MethodId } from '#domain/methods/registry.ts'
import type { Queryable } from '../client.ts'
import { challengeProofs } from '../schema.ts'

// The proofs of a challenge, one for each method begun. They are written while the challenge is locked.

export type ProofRow = typeof challengeProofs.$inferSelect

export async function proofsOf(db: Queryable, challengeId: string): Promise<ProofRow[]> {
  return db.select().from(challengeProofs).where(eq(challengeProofs.challengeId, challengeId))
}

/** Saves the proof of a method that begins in its challenge, for the first time or again. */
export async function saveProof(tx: Queryable, { earlierCodes = [], ...row }: typeof challengeProofs.$inferInsert) {
  const values = { ...row, earlierCodes }
  await tx
    .insert(challengeProofs)
    .values(values)
    .onConflictDoUpdate({ target: [challengeProofs.challengeId, challengeProofs.method], set: values })
}

export async function updateProof(
  tx: Queryable,
  challengeId: string,
  method: MethodId,
  change: Partial<typeof challengeProofs.$inferInsert>,
) {
  await tx
    .update(challengeProofs)
    .set(change)
    .where(and(eq(challengeProofs.challengeId, challengeId), eq(challengeProofs.method, method)))
}

/** Deletes the codes and the typed contact of a challenge that has ended. */
export async function forgetCodes(tx: Queryable, challengeId: string) {
  await tx
    .update(challengeProofs)
    .set({ codeHmac: null, codeKeyId: null, earlierCodes: [], draft: null })
    .where(eq(challengeProofs.challengeId, challengeId))
}
