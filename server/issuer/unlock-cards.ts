import { transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { lockCardsOf, unlockCodes } from '#db/queries/cards.ts'
import { cardholderByRef } from '#db/queries/identities.ts'
import { auditOperator } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { allowFacts } from '../registration/facts-limits.ts'

interface Unlock {
  /** The issuer's own id of a cardholder. */
  readonly id: string
  readonly by: string
  readonly reason: string
}

/**
 * Lifts the limits on the codes of all cards of a cardholder, and on the facts that register a contact in a window, once the issuer has made sure by its own means that it is
 * the cardholder who asks. Returns the number of cards; undefined if there is no such cardholder.
 */
export function unlockCards({ id, by, reason }: Unlock): Promise<number | undefined> {
  return transaction(async tx => {
    const found = await cardholderByRef(tx, id)
    const owner = found && (await lockCardholder(tx, found.id))
    if (!owner) return undefined
    const cards = await lockCardsOf(tx, owner.id)
    for (const cardId of cards) await unlockCodes(tx, cardId, now())
    await allowFacts(tx, owner.id, now())
    await auditOperator(tx, { type: 'cards-unlocked', by, reason, cards: cards.length, cardholderId: owner.id })
    return cards.length
  })
}
