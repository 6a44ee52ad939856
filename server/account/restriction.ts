import type { Queryable } from '#db/client.ts'
import { openReportOf } from '#db/queries/reports.ts'
import { type ActiveRestriction, activeRestriction } from '#domain/contact/code-recipients.ts'
import { restrictionFacts } from '../challenge/code-recipients.ts'
import { decryptEffectiveContacts } from '../messaging/message.ts'

/** Why and until when a cardholder's payments are restricted at this moment; undefined when they are not. */
export async function restrictionOfCardholder(
  tx: Queryable,
  cardholderId: string,
  now: number,
): Promise<ActiveRestriction | undefined> {
  const happened = restrictionFacts(await openReportOf(tx, cardholderId))
  return activeRestriction(await decryptEffectiveContacts(tx, cardholderId, now), happened, now)
}
