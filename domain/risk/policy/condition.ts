import { z } from 'zod'
import { type SignalDefinition, signalTable } from '#domain/risk/history/signal-table.ts'
import type { SignalValue } from './policy.ts'

const bound = z.number().min(-1e15).max(1e15)

const range = z.strictObject({
  above: bound.optional(),
  atLeast: bound.optional(),
  below: bound.optional(),
  atMost: bound.optional(),
  /** Holds for an unknown value too. */
  orUnknown: z.literal(true).optional(),
})
const words = z.array(z.string().min(1).max(64)).min(1).max(500)
const choice = z.union([
  z.strictObject({ oneOf: words, orUnknown: z.literal(true).optional() }),
  z.strictObject({ noneOf: words, orUnknown: z.literal(true).optional() }),
])
const flag = z.union([z.boolean(), z.strictObject({ is: z.boolean(), orUnknown: z.literal(true) })])
const unknown = z.strictObject({ unknown: z.boolean() })

export type Read =
  | { readonly holds: (value: SignalValue) => boolean; readonly towards: 'higher' | 'lower' | 'neither' }
  | { readonly problem: string }

/** Reads the condition of a rule on a signal. `towards`: which values it picks out, high or low ones. */
export function readCondition(definition: SignalDefinition, cell: unknown): Read {
  const whether = unknown.safeParse(cell)
  if (whether.success) {
    const wanted = whether.data.unknown
    return { holds: value => (value === undefined) === wanted, towards: 'neither' }
  }
  return { number: readRange, text: readChoice, boolean: readFlag }[definition.type](cell)
}

function readRange(cell: unknown): Read {
  const parsed = range.safeParse(cell)
  if (!parsed.success)
    return { problem: 'takes numbers: {"above": 3}, {"atLeast": 3}, {"below": 3}, {"atMost": 3}, or {"unknown": true}' }
  const { above, atLeast, below, atMost, orUnknown = false } = parsed.data
  const hasFloor = above !== undefined || atLeast !== undefined
  const hasCeiling = below !== undefined || atMost !== undefined
  if (!hasFloor && !hasCeiling) return { problem: 'says no number' }
  const [least, most] = [
    Math.max(above ?? -Infinity, atLeast ?? -Infinity),
    Math.min(below ?? Infinity, atMost ?? Infinity),
  ]
  if (least > most || (least === most && (above === least || below === most))) return { problem: 'holds for no number' }
  return {
    holds: value =>
      typeof value === 'number'
        ? value >= least && value <= most && value !== above && value !== below
        : value === undefined && orUnknown,
    towards: hasFloor && hasCeiling ? 'neither' : hasFloor ? 'higher' : 'lower',
  }
}

function readChoice(cell: unknown): Read {
  const parsed = choice.safeParse(cell)
  if (!parsed.success) return { problem: 'takes texts: {"oneOf": ["5732"]}, {"noneOf": ["392"]}, or {"unknown": true}' }
  const { orUnknown = false } = parsed.data
  const isOneOf = 'oneOf' in parsed.data
  const set = new Set('oneOf' in parsed.data ? parsed.data.oneOf : parsed.data.noneOf)
  return {
    holds: value => (typeof value === 'string' ? set.has(value) === isOneOf : value === undefined && orUnknown),
    towards: 'neither',
  }
}

function readFlag(cell: unknown): Read {
  const parsed = flag.safeParse(cell)
  if (!parsed.success) return { problem: 'takes true, false, {"is": true, "orUnknown": true}, or {"unknown": true}' }
  const wanted = typeof parsed.data === 'boolean' ? parsed.data : parsed.data.is
  const orUnknown = typeof parsed.data !== 'boolean'
  return {
    holds: value => value === wanted || (value === undefined && orUnknown),
    towards: wanted ? 'higher' : 'lower',
  }
}

export function definitionOf(signal: string): SignalDefinition | undefined {
  return Object.hasOwn(signalTable, signal) ? signalTable[signal as keyof typeof signalTable] : undefined
}
