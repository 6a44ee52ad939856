import type { Queryable } from '#db/client.ts'
import { guardOf } from '#db/queries/reports.ts'
import { type Restriction, restrictionOn } from '#domain/contact/routes.ts'
import { whatHappened } from '../acs/routes.ts'
import { openContacts } from '../delivery/message.ts'

/** Why and until when a cardholder's payments are restricted at this moment; undefined when they are not. */
export async function restrictionOf(
  tx: Queryable,
  cardholderId: string,
  now: number,
): Promise<Restriction | undefined> {
  const happened = whatHappened(await guardOf(tx, cardholderId))
  return restrictionOn(await openContacts(tx, cardholderId, now), happened, now)
}
