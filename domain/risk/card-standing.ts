import type { Outcome } from '#domain/emv/outcome.ts'

export type CardStatus = 'active' | 'stolen' | 'closed'

/** Whether a card may be used. Times in milliseconds since the epoch. */
export interface CardStanding {
  readonly status: CardStatus
  /** The first instant at which the card is no longer valid. */
  readonly expiresAt: number
}

export type Invalid = Extract<Outcome, 'card-stolen' | 'card-closed' | 'card-expired'>

/** Why a card may not be authenticated. Checked when the AReq arrives and again before a code is compared. */
export function invalidity({ status, expiresAt }: CardStanding, now: number): Invalid | undefined {
  if (status === 'stolen') return 'card-stolen'
  if (status === 'closed') return 'card-closed'
  return now >= expiresAt ? 'card-expired' : undefined
}
