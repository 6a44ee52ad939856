import type { Instant } from '#domain/kernel/instant.ts'
import type { CardRow } from '#domain/risk/history/rows.ts'
import { watchPolicy } from './policy.ts'

/** Whether a card has been used in a network for some time: a thief who has just paid there does not make it known. */
export function isKnownNetwork(card: Pick<CardRow, 'networks'> | undefined, network: string, at: Instant): boolean {
  const seen = card?.networks.find(({ key }) => key === network)
  return seen !== undefined && seen.first <= at - watchPolicy.networkKnownAfter
}
