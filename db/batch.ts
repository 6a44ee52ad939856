interface Member<Asked, Answer> {
  readonly asked: Asked
  resolve(answer: Answer): void
  reject(error: unknown): void
}

interface BatchOptions {
  /** Batches under way at most. */
  readonly atOnce: number
  /** Members of one batch at most. */
  readonly most: number
  isOneMembersFault(error: unknown): boolean
}

/**
 * Makes one statement of what many callers want at the same time: fewer round trips, fewer commits, less work for
 * everybody. What comes in one turn of the event loop goes together; what comes while `atOnce` batches are under way goes
 * with the next one, so no caller waits for others.
 *
 * `work` answers each of what it is asked, in the same order. When it fails by what it was asked (`isOneMembersFault`) every
 * member is tried alone, so that none fails by another's fault: it has to bear being asked the same again. Any other
 * failure fails all members at once: in an outage a hundred more attempts would hold the batch's slot for minutes.
 */
export function batched<Asked, Answer>(
  work: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
  { atOnce, most, isOneMembersFault }: BatchOptions,
): (asked: Asked) => Promise<Answer> {
  const waiting: Member<Asked, Answer>[] = []
  let underWay = 0

  const settle = async (batch: readonly Member<Asked, Answer>[]): Promise<void> => {
    try {
      const answers = await work(batch.map(({ asked }) => asked))
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer)
    } catch (error) {
      if (batch.length > 1 && isOneMembersFault(error)) await Promise.all(batch.map(member => settle([member])))
      else for (const { reject } of batch) reject(error)
    }
  }
  const go = async (): Promise<void> => {
    if (underWay === atOnce) return
    underWay += 1
    while (waiting.length > 0) await settle(waiting.splice(0, most))
    underWay -= 1
  }
  return asked =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject })
      if (waiting.length === 1) setImmediate(go)
    })
}

/** A batch is sent as JSON, so that one prepared statement serves any size; PostgreSQL reads bytes in it like this. */
export function bytesInJson(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`
}
