/** A sequence of random numbers that its seed determines: the same in every process, on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number
  /** An integer, at least 0, below `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** An index, with the weight at that index as its relative probability. `cumulated` has the running sums. */
  weighted(cumulated: readonly number[]): number
  /** Standard normal distribution. */
  normal(): number
  /** How many of many rare events happen, when `mean` are expected. */
  poisson(mean: number): number
  /** A sequence of its own: drawing more from one does not change the other. */
  fork(): Random
}

/** sfc32 by Chris Doty-Humphrey: 128 bits of state, passes PractRand, integer operations only. */
export function random(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9 | 0, 0x243f6a88 | 0, seed | 0, 1]
  const draw = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) draw()
  const next = () => draw() / 0x1_0000_0000
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: probability => next() < probability,
    pick: <T>(items: readonly T[]) => items[below(items.length)] as T,
    weighted(cumulated) {
      const at = next() * (cumulated.at(-1) ?? 0)
      const index = cumulated.findIndex(sum => at < sum)
      return Math.max(index, 0)
    },
    // Sum of uniform numbers: no function whose last digit depends on the machine.
    normal: () => Array.from({ length: 12 }, next).reduce((sum, each) => sum + each, -6),
    poisson(mean) {
      const end = Math.exp(-mean)
      let count = 0
      for (let product = next(); product > end; product *= next()) count++
      return count
    },
    fork: () => random(draw()),
  }
}

export function cumulate(weights: readonly number[]): number[] {
  let sum = 0
  return weights.map(weight => {
    sum += weight
    return sum
  })
}
