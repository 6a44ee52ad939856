import { and, eq, isNull } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import {
  accounts,
  activationCodes,
  approvalDevices,
  confirmations,
  drafts,
  enrolments,
  identities,
  knownDevices,
  pairingCodes,
  passkeys,
  preferences,
  trustedMerchants,
} from '../schema.ts'

/** Deletes everything that belongs only to an account. Returns false if there was no account. */
export async function removeAccount(tx: Queryable, cardholderId: string, now: number): Promise<boolean> {
  const tables = [
    passkeys,
    approvalDevices,
    pairingCodes,
    knownDevices,
    trustedMerchants,
    preferences,
    identities,
    enrolments,
    confirmations,
  ]
  for (const table of tables) await tx.delete(table).where(eq(table.cardholderId, cardholderId))
  // The code of an unused letter could otherwise open a new account.
  await tx
    .update(activationCodes)
    .set({ endedAt: now })
    .where(and(eq(activationCodes.cardholderId, cardholderId), isNull(activationCodes.endedAt)))
  const removed = await tx
    .delete(accounts)
    .where(eq(accounts.cardholderId, cardholderId))
    .returning({ cardholderId: accounts.cardholderId })
  return removed.length > 0
}

/** Deletes the drafts of one browser. */
export async function removeDrafts(tx: Queryable, visit: Buffer) {
  await tx.delete(drafts).where(eq(drafts.visit, visit))
}
