// A policy is tuned on generated histories of these seeds alone, and judged on the others, which it has never seen.

export const tuningSeeds: readonly number[] = [101, 102, 103]

export const heldOutSeeds: readonly number[] = [9001, 9002, 9003]
