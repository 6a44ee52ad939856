import { countWaiting } from '#db/queries/waiting.ts'
import { policy } from '#domain/challenge/policy.ts'
import { health } from './health.ts'
import { now } from './platform/clock.ts'

type State = 'up' | 'late' | 'down'

/** How the service is, as far as people notice it. */
export interface Status {
  readonly at: number
  readonly parts: Readonly<Record<'site' | 'window' | 'messages' | 'results', State>>
}

/** Results are retried at first within these times; what waits longer is late. */
const resultPatience = 5 * 60_000

/** From the health check, and from what has been waiting too long to leave. The site answers, or nobody would ask. */
export async function readStatus(): Promise<Status> {
  const at = now()
  const { status } = await health('ready')
  if (status !== 200) return { at, parts: { site: 'up', window: 'down', messages: 'down', results: 'down' } }
  const waiting = await countWaiting(at - policy.deliveryPatience, at - resultPatience)
  const stateOf = (count: number): State => (count === 0 ? 'up' : 'late')
  return {
    at,
    parts: { site: 'up', window: 'up', messages: stateOf(waiting.messages), results: stateOf(waiting.results) },
  }
}
