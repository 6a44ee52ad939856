import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const day = 86_400
/** Largest step of the clock, seconds. */
export const longestStep = 400 * day
/** How far ahead the clock may be in total, seconds: dates must remain possible on a card. */
const furthest = 40 * 365 * day

/** The product's clock in the demo: the system's, plus an offset in milliseconds that the product reads from a file. */
export class DemoClock {
  readonly #file: string

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true })
    this.#file = join(dataDir, 'clock')
  }

  now(): Date {
    return new Date(Date.now() + this.offset())
  }

  /** Milliseconds. */
  offset(): number {
    try {
      const text = readFileSync(this.#file, 'utf8').trim()
      return /^\d{1,15}$/.test(text) ? Number(text) : 0
    } catch {
      return 0 // never moved
    }
  }

  /** Moves the clock forward only. Reads and writes synchronously, so that concurrent requests both have effect. */
  advance(seconds: number): 'advanced' | 'too-far' {
    const offset = this.offset() + seconds * 1000
    if (offset > furthest * 1000) return 'too-far'
    const next = `${this.#file}.new`
    writeFileSync(next, String(offset))
    renameSync(next, this.#file) // the product never reads half a number
    return 'advanced'
  }
}

/** Seconds from a JSON number or a form's text; undefined if the clock cannot take such a step. */
export function readStep(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) return undefined
  return seconds >= 0 && seconds <= longestStep ? seconds : undefined
}
