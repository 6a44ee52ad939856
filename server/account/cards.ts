import { database } from '#db/client.ts'
import { cardsOf } from '#db/queries/accounts.ts'
import { type Barred, barredBy } from '#domain/risk/card-standing.ts'
import { now } from '../platform/clock.ts'
import type { Actor } from './actor.ts'

type CardState = 'usable' | 'locked' | 'expired' | 'stopped'

export interface CardShown {
  readonly lastFour: string
  readonly state: CardState
  /** When codes are sent again; 0 unless the state is `locked`. */
  readonly lockedUntil: number
  /** The first moment at which the card is no longer valid. */
  readonly expiresAt: number
}

/** In the order of the page. */
const states: readonly CardState[] = ['usable', 'locked', 'expired', 'stopped']
const stateOf: Readonly<Record<Barred, CardState>> = {
  locked: 'locked',
  'card-expired': 'expired',
  // The page does not say whether a card is stolen or closed: that is between the cardholder and the issuer.
  'card-stolen': 'stopped',
  'card-closed': 'stopped',
}

/**
 * A cardholder's cards, usable ones first. Only the last four digits of a card number are stored, so they identify the
 * card.
 */
export async function listCards({ cardholderId }: Actor): Promise<CardShown[]> {
  const at = now()
  const rows = await cardsOf(database(), cardholderId)
  const cards = rows.map(({ lastFour, status, expiresAt, lockedUntil }): CardShown => {
    const standing = { status, expiresAt, lockedUntil: lockedUntil ?? undefined }
    const barred = barredBy(standing, at)
    const state = barred ? stateOf[barred] : 'usable'
    return { lastFour, state, lockedUntil: standing.lockedUntil ?? 0, expiresAt: standing.expiresAt }
  })
  return cards.toSorted((one, other) => states.indexOf(one.state) - states.indexOf(other.state))
}
