import { database } from '#db/client.ts'
import { storedPayments } from '#db/queries/risk-replay.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import type { Judged } from '#domain/risk/replay/run.ts'
import { judgeStored } from '#domain/risk/replay/stored.ts'

const page = 2000
/** As many fit into the memory of a command. */
export const mostStored = 500_000

/**
 * Runs policies over the stored payments from a time to another. Returns what each policy decided, in the same order;
 * undefined if there are more than `mostStored`.
 */
export async function replayStored(
  policies: readonly Policy[],
  times: { readonly from: number; readonly to: number },
): Promise<Judged[][] | undefined> {
  const judged = policies.map((): Judged[] => [])
  let after: string | undefined
  for (let count = 0; count <= mostStored; ) {
    const rows = await storedPayments(database(), { ...times, after }, page)
    for (const row of rows) for (const [i, policy] of policies.entries()) judged[i]?.push(judgeStored(policy, row))
    if (rows.length < page) return judged
    count += rows.length
    after = rows.at(-1)?.id
  }
  return undefined
}
