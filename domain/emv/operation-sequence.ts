/** How far a sequence of OReqs has come. EMV 3DS 2.3.1, 5.11: one ORes answers all of them, after the last. */
export interface OperationSequence {
  /** opSeq.seqTotal, the same in every message. */
  readonly total: number
  /** opSeq.seqNum of the latest message. */
  readonly latest: number
  /** A message is missing, or the total changed. */
  readonly broken: boolean
}

/** Adds a message. The first one begins the sequence anew; a repeated one changes nothing. */
export function withMessage(before: OperationSequence | undefined, number: number, total: number): OperationSequence {
  if (number === 1) return { total, latest: 1, broken: false }
  const follows = before !== undefined && total === before.total && [0, 1].includes(number - before.latest)
  return { total, latest: number, broken: !follows || before.broken }
}

/** opStatus of the ORes: 01 received, 02 sequence broken; undefined while more messages are to come. */
export function opStatusOf({ total, latest, broken }: OperationSequence): '01' | '02' | undefined {
  if (latest < total) return undefined
  return broken ? '02' : '01'
}
