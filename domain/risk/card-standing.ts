import type { Outcome } from '#domain/emv/outcome.ts'

export type CardStatus = 'active' | 'stolen' | 'closed'

/** Whether a card may be used. Times in milliseconds since the epoch. */
export interface CardStanding {
  readonly status: CardStatus
  /** The first instant at which the card is no longer valid. */
  readonly expiresAt: number
  readonly lockedUntil: number | undefined
}

export type Invalid = Extract<Outcome, 'card-stolen' | 'card-closed' | 'card-expired'>
export type Barred = Invalid | 'locked'

/** Why a card may not be authenticated. Checked when the AReq arrives and again before a code is compared. */
export function barredBy(card: CardStanding, now: number): Barred | undefined {
  return invalidity(card, now) ?? (isLocked(card, now) ? 'locked' : undefined)
}

export function invalidity({ status, expiresAt }: CardStanding, now: number): Invalid | undefined {
  if (status === 'stolen') return 'card-stolen'
  if (status === 'closed') return 'card-closed'
  return now >= expiresAt ? 'card-expired' : undefined
}

export function isLocked({ lockedUntil }: CardStanding, now: number): boolean {
  return lockedUntil !== undefined && now < lockedUntil
}
