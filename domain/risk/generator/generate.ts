import type { Instant } from '#domain/kernel/instant.ts'
import { day, hour } from './calendar.ts'
import { episodes } from './fraud.ts'
import { genuineDay } from './genuine.ts'
import type { Labelled } from './labelled.ts'
import { makeMarket } from './market.ts'
import { makePeople } from './people.ts'
import { random } from './random.ts'

export interface HistoryOptions {
  readonly seed: number
  readonly cards: number
  /** How many days, from 1 July 2026 in Tokyo on: half a year has summer holidays, sales and the end of the year. */
  readonly days?: number
}

const start = Date.UTC(2026, 6, 1) - 9 * hour

/** Thieves begin after 60 days, when habits can be known. A policy is judged from here on. */
export const thievesBegin = start + 60 * day

/**
 * The history of an issuer's cards, in the order of time: what cardholders do, and what thieves do. The same options
 * give the same history.
 */
export function* generateHistory({ seed, cards, days = 184 }: HistoryOptions): Generator<Labelled> {
  const source = random(seed)
  const market = makeMarket(source.fork())
  const people = makePeople(cards, market, { start, days }, source.fork())
  const [thieves, cardholders] = [source.fork(), source.fork()]
  // Payments after midnight belong to the evening before, and episodes last for days: they wait for their day.
  let waiting: Labelled[] = []
  let count = 0
  for (let midnight = start; midnight < start + days * day; midnight += day) {
    for (const person of people) waiting.push(...genuineDay(person, midnight, market, cardholders))
    if (midnight >= thievesBegin)
      for (const { play, frequency } of episodes)
        for (let begun = thieves.poisson((frequency * cards) / 30_000); begun > 0; begun--)
          waiting.push(
            ...play({ market, people: inUse(people, midnight), at: midnight + thieves.below(day), from: thieves }),
          )
    const ends = midnight + day
    const today = waiting.filter(({ event }) => event.at < ends)
    waiting = waiting.filter(({ event }) => event.at >= ends)
    for (const each of today.sort((a, b) => a.event.at - b.event.at)) yield numbered(each, ++count)
  }
}

function inUse<T extends { readonly opened: Instant }>(people: readonly T[], at: Instant): readonly T[] {
  return people.filter(({ opened }) => opened <= at)
}

function numbered(labelled: Labelled, count: number): Labelled {
  const { event } = labelled
  return event.kind === 'authentication' ? { ...labelled, event: { ...event, id: String(count) } } : labelled
}
