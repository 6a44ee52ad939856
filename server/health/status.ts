import { rolesAlive } from '#db/queries/heartbeats.ts'
import { countWaiting } from '#db/queries/waiting.ts'
import { policy } from '#domain/challenge/policy.ts'
import { isSmsSpent } from '../messaging/count-sms.ts'
import { now } from '../platform/clock.ts'
import { health } from './health.ts'
import { heartbeatValidFor } from './heartbeat.ts'

type State = 'up' | 'late' | 'down'

/** The state of the service, as its users notice it. */
export interface Status {
  readonly at: number
  readonly parts: Readonly<Record<'site' | 'requests' | 'window' | 'messages' | 'results', State>>
}

/** First retries of results happen within this time, milliseconds; what waits longer is late. */
const resultPatience = 5 * 60_000

/**
 * Determines the state from the health check, the heartbeats of the other roles, and what has been waiting too long to
 * be sent. The site itself is up, or this would not run. Messages are also late while no more text messages may be
 * sent.
 */
export async function readStatus(): Promise<Status> {
  const at = now()
  const { status } = await health('ready')
  if (status !== 200)
    return { at, parts: { site: 'up', requests: 'down', window: 'down', messages: 'down', results: 'down' } }
  const [waiting, alive, smsSpent] = await Promise.all([
    countWaiting(at - policy.deliveryPatience, at - resultPatience),
    rolesAlive(heartbeatValidFor),
    isSmsSpent(at),
  ])
  const sent = (count: number): State => (alive.has('worker') ? (count === 0 ? 'up' : 'late') : 'down')
  return {
    at,
    parts: {
      site: 'up',
      requests: alive.has('ds') ? 'up' : 'down',
      window: 'up',
      messages: sent(waiting.messages + Number(smsSpent)),
      results: sent(waiting.results),
    },
  }
}
