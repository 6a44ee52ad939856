import { database, transaction } from '#db/client.ts'
import { cardsOf } from '#db/queries/accounts.ts'
import { lockCardsOf, unlockCodes } from '#db/queries/cards.ts'
import { addToTallies } from '#db/queries/tallies.ts'
import { allows } from '#domain/account/assurance.ts'
import { policy } from '#domain/challenge/policy.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { type Invalid, invalidity } from '#domain/risk/card-standing.ts'
import { audit } from '../audit/audit.ts'
import { cardsPath } from '../challenge/account-address.ts'
import { unknownClientsOf } from '../challenge/card-limits.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { tallyKey } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { lockFor } from './sessions.ts'

type CardState = 'usable' | 'locked' | 'expired' | 'stopped'

export interface CardShown {
  readonly lastFour: string
  /** `locked`: too many wrong codes were entered; codes are refused in some browsers. */
  readonly state: CardState
  /** When codes are accepted again by themselves; undefined if they are not, or if the state is not `locked`. */
  readonly lockedUntil: number | undefined
  /** The first moment at which the card is no longer valid. */
  readonly expiresAt: number
}

/** In the order of the page. */
const states: readonly CardState[] = ['usable', 'locked', 'expired', 'stopped']
const stateOf: Readonly<Record<Invalid, CardState>> = {
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
  const cards = rows.map(async ({ id, lastFour, status, expiresAt, codesUnlockedAt }): Promise<CardShown> => {
    const invalid = invalidity({ status, expiresAt }, at)
    const shown = { lastFour, expiresAt, lockedUntil: undefined }
    if (invalid) return { ...shown, state: stateOf[invalid] }
    const codes = await unknownClientsOf(database(), id, codesUnlockedAt, at)
    if (codes.kind === 'permitted') return { ...shown, state: 'usable' }
    return { ...shown, state: 'locked', lockedUntil: codes.kind === 'limited' ? codes.until : undefined }
  })
  return (await Promise.all(cards)).toSorted((one, other) => states.indexOf(one.state) - states.indexOf(other.state))
}

export type Unlocked = {
  readonly kind: 'done' | 'stronger-authentication-needed' /** The daily limit is reached. */ | 'limited'
}

/**
 * Lifts the limits on the codes of the cards with these last four digits: nothing counted before is considered. Every
 * contact is notified, because an intruder in the account could lift them to go on guessing.
 */
export async function unlockCodesOf(actor: Actor, lastFour: string): Promise<Unlocked> {
  if (!allows('unlock-codes', actor, now())) return { kind: 'stronger-authentication-needed' }
  const { cardholderId, language } = actor
  return transaction(async (tx): Promise<Unlocked> => {
    if (!(await lockFor(tx, 'unlock-codes', actor))) return { kind: 'stronger-authentication-needed' }
    const { most, window } = policy.limits.unlocks
    const at = now()
    const cardIds = await lockCardsOf(tx, cardholderId, lastFour)
    for (const cardId of cardIds) {
      const [unlocks = 0] = await addToTallies(tx, [await tallyKey('challenge.unlocks', cardId, window, at)], 1)
      if (unlocks > most) return { kind: 'limited' }
      await unlockCodes(tx, cardId, at)
      await audit(tx, { type: 'card-codes-unlocked', cardholderId, cardId })
      log.info('card.codes-unlocked', { cardholderId })
    }
    if (cardIds.length === 0) return { kind: 'done' }
    const values = { lastFour, at: formatTime(at, language) }
    await notify(tx, { cardholderId, language, words: 'codes-allowed', values, path: cardsPath(language) }, at)
    return { kind: 'done' }
  })
}
