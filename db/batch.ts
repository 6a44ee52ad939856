interface Member<Asked, Answer> {
  readonly asked: Asked
  resolve(answer: Answer): void
  reject(error: unknown): void
}

interface BatchOptions {
  /** Maximum concurrent batches. */
  readonly atOnce: number
  /** Maximum members of one batch. */
  readonly most: number
  isMemberError(error: unknown): boolean
}

/**
 * Combines simultaneous requests of many callers into one statement: fewer round trips, fewer commits, less work
 * overall. Requests of one turn of the event loop go together; requests that arrive while `atOnce` batches are under
 * way go with the next batch, so no caller waits for a batch to fill.
 *
 * `work` returns one answer per request, in the same order. If it fails because of a request (`isMemberError`),
 * every member is tried alone, so that none fails because of another. `work` must therefore tolerate a repeated
 * request. Any other failure fails all members at once: in an outage a hundred more attempts would hold the batch's
 * slot for minutes.
 */
export function batched<Asked, Answer>(
  work: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
  { atOnce, most, isMemberError }: BatchOptions,
): (asked: Asked) => Promise<Answer> {
  const waiting: Member<Asked, Answer>[] = []
  let underWay = 0

  const settle = async (batch: readonly Member<Asked, Answer>[]): Promise<void> => {
    try {
      const answers = await work(batch.map(({ asked }) => asked))
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer)
    } catch (error) {
      if (batch.length > 1 && isMemberError(error)) await Promise.all(batch.map(member => settle([member])))
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

/**
 * The form in which PostgreSQL reads bytes from JSON. Batches are sent as JSON so that one prepared statement serves
 * any size.
 */
export function bytesInJson(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`
}
