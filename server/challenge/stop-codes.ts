import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import { forgetDevices } from '#db/queries/devices.ts'
import type { Client } from '#domain/challenge/card-limits.ts'
import { policy } from '#domain/challenge/policy.ts'
import { audit } from '../audit/audit.ts'
import { notify } from '../messaging/message.ts'
import { cardsPath } from './account-address.ts'

/**
 * Records that codes of a card have been stopped for clients of one kind, and notifies the cardholder. An attacker who
 * guesses codes may have succeeded once before, so browsers of that kind are forgotten; strangers cannot make the
 * cardholder's own browsers unknown.
 */
export async function stopCodes(
  tx: Queryable,
  { cardId }: Pick<ChallengeRow, 'cardId'>,
  client: Client,
  at: number,
): Promise<void> {
  await forgetDevices(tx, cardId, client === 'own-browser' ? undefined : at - policy.ownBrowserAfter)
  await audit(tx, { type: 'codes-stopped', client, cardId })
  const { cardholderId, language } = await ownerOf(tx, cardId)
  const values = { lastFour: await lastFourOf(tx, cardId) }
  await notify(tx, { cardholderId, language, words: 'codes-stopped', values, path: cardsPath(language) }, at)
}
