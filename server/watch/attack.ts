import type { Queryable } from '#db/client.ts'
import { isNetworkAlerted, networkOf } from '#db/queries/alerts.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import { attackRules } from '#domain/watch/rules.ts'
import { watches } from './watches.ts'

/**
 * Whether the watch has just found an attack from a network. Payments from it then cause no text messages, which cost
 * money: those who try stolen numbers by the thousand must not make us send as many.
 */
export async function isAttacked(tx: Queryable, network: string | undefined, at: number): Promise<boolean> {
  if (network === undefined || !watches()) return false
  return isNetworkAlerted(tx, network, attackRules, at - watchPolicy.noSmsAfterAttack)
}

/** The same of the network in which a challenge was begun. */
export async function isChallengeAttacked(tx: Queryable, challengeId: string, at: number): Promise<boolean> {
  return watches() && isAttacked(tx, await networkOf(tx, challengeId), at)
}
