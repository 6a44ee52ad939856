import { share, type Tally } from './tally.ts'

/** What is recorded of the replay with which a policy was tested. Shares are from 0 to 1. */
export interface ReplaySummary {
  readonly seeds: readonly number[]
  readonly cards: number
  readonly decided: number
  readonly challengeRate: number
  readonly falseAlarmRate: number
  readonly turnedAwayRate: number
  /** Of the fraud's value. */
  readonly stopped: number
}

export function summaryOf(
  { decided, challengeRate, falseAlarmRate, turnedAwayRate, fraud }: Tally,
  { seeds, cards }: { readonly seeds: readonly number[]; readonly cards: number },
): ReplaySummary {
  const stopped = share(fraud.stopped.value, fraud.all.value)
  return { seeds, cards, decided, challengeRate, falseAlarmRate, turnedAwayRate, stopped }
}
