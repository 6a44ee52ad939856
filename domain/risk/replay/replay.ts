import { generateHistory, thievesBegin } from '#domain/risk/generator/generate.ts'
import { yenPerMinorUnit } from '#domain/risk/generator/market.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import { type Judged, runPolicy } from './run.ts'

/** Runs policies over generated histories, one for each seed. Returns what each policy decided, in the same order. */
export function replayGenerated(
  policies: readonly Policy[],
  { seeds, cards }: { readonly seeds: readonly number[]; readonly cards: number },
): Judged[][] {
  const judged = policies.map((): Judged[] => [])
  for (const seed of seeds) {
    const runs = policies.map(policy => runPolicy(policy, yenPerMinorUnit))
    for (const labelled of generateHistory({ seed, cards })) {
      for (const [i, run] of runs.entries()) {
        const decided = run(labelled)
        if (decided && labelled.event.at >= thievesBegin) judged[i]?.push(decided)
      }
    }
  }
  return judged
}
