import { and, asc, eq, isNotNull, isNull, lt, lte } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { accounts, cardholders, outbox } from '../schema.ts'
import { languageSpoken } from './preferences.ts'

/** An account whose cardholder has not been notified of this version, locked; undefined if there is none. */
export async function lockAccountToNotify(tx: Queryable, version: string) {
  const [account] = await tx
    .select({ cardholderId: accounts.cardholderId, language: languageSpoken })
    .from(accounts)
    .innerJoin(cardholders, eq(cardholders.id, accounts.cardholderId))
    .where(lt(accounts.termsAnnounced, version))
    .orderBy(asc(accounts.termsAnnounced))
    .limit(1)
    .for('update', { of: accounts, skipLocked: true })
  return account
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
