import { and, asc, eq, isNotNull, isNull, lt, lte } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { accounts, cardholders, outbox } from '../schema.ts'
import { languageSpoken } from './preferences.ts'

/** Accounts whose cardholders have not been notified of this version, at most `most`, locked. */
export function lockAccountsToNotify(tx: Queryable, version: string, most: number) {
  return tx
    .select({ cardholderId: accounts.cardholderId, language: languageSpoken })
    .from(accounts)
    .innerJoin(cardholders, eq(cardholders.id, accounts.cardholderId))
    .where(lt(accounts.termsAnnounced, version))
    .orderBy(asc(accounts.termsAnnounced))
    .limit(most)
    .for('update', { of: accounts, skipLocked: true })
}

export async function markTermsAnnounced(tx: Queryable, cardholderId: string, version: string) {
  await tx.update(accounts).set({ termsAnnounced: version }).where(eq(accounts.cardholderId, cardholderId))
}

/** Whether a message of this template waits to be sent now. */
export async function waitsToBeSent(template: string, now: number): Promise<boolean> {
  const rows = await database()
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.template, template),
        eq(outbox.kind, 'email'),
        isNotNull(outbox.body),
        isNull(outbox.handedOverAt),
        isNull(outbox.failedAt),
        lte(outbox.nextAt, now),
      ),
    )
    .limit(1)
  return rows.length > 0
}
