import { hostname } from 'node:os'
import { type Role, removeHeartbeat, removeOldHeartbeats, saveHeartbeat } from '#db/queries/heartbeats.ts'
import { oldestDue } from '#db/queries/waiting.ts'
import { now } from '../platform/clock.ts'
import { newId } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'

const every = 10_000
/**
 * How long after its last heartbeat a process is considered gone, and after its last round a worker stalled,
 * milliseconds.
 */
export const heartbeatValidFor = 3 * every
/** How long the heartbeat of a process that died is kept, milliseconds. */
const rememberedFor = 60 * 60 * 1000

interface Heartbeat {
  stop(): Promise<void>
}

/**
 * Records at intervals that this process is alive; the status page reads it. `sinceRound`, for a worker: milliseconds
 * since it last completed a round of its duties. If that is too long ago it is logged, even when the database is down.
 */
export function startHeartbeat(role: Role, sinceRound?: () => number): Heartbeat {
  const self = { id: newId(now()), role, host: hostname(), pid: process.pid }
  let stalled = false
  const watch = (since: number) => {
    if (since > heartbeatValidFor !== stalled) {
      stalled = !stalled
      if (stalled) log.error('worker.stalled', { age: Math.round(since / 1000) })
      else log.info('worker.resumed')
    }
  }
  const beat = async () => {
    const since = sinceRound?.()
    if (since !== undefined) watch(since)
    try {
      await saveHeartbeat(self, since)
      await removeOldHeartbeats(rememberedFor)
      if (since !== undefined) await logLateMessages()
    } catch {
      // While the database is down, the status page shows that without heartbeats.
    }
  }
  void beat()
  const timer = setInterval(beat, every)
  return {
    async stop() {
      clearInterval(timer)
      await removeHeartbeat(self.id).catch(() => {})
    },
  }
}

/** Logs for each kind of message how long the oldest has been due, if that is too long. */
async function logLateMessages(): Promise<void> {
  const at = now()
  for (const { kind, dueAt } of await oldestDue(at)) {
    const age = at - dueAt
    if (age > heartbeatValidFor) log.warn('outbox.late', { kind, age: Math.round(age / 1000) })
  }
}
