import type { Queryable } from '#db/client.ts'
import { isNetworkAlerted, originOf } from '#db/queries/alerts.ts'
import { isKnownNetwork } from '#domain/watch/attack.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import { attackRules } from '#domain/watch/rules.ts'
import { watches } from './watches.ts'

/**
 * Whether the watch has just found an attack from the network in which a challenge was begun. It then causes no text
 * messages, which cost money: those who try stolen numbers by the thousand must not make us send as many. In a network
 * that the card knows, its holder is not made to pay for what others do there.
 */
export async function isChallengeAttacked(tx: Queryable, challengeId: string, at: number): Promise<boolean> {
  if (!watches()) return false
  const { network, card } = await originOf(tx, challengeId)
  if (network === undefined || isKnownNetwork(card, network, at)) return false
  return isNetworkAlerted(tx, network, attackRules, at - watchPolicy.noSmsAfterAttack)
}
