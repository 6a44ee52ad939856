import { hostname } from 'node:os'
import { type Role, removeOldPulses, removePulse, savePulse } from '#db/queries/pulses.ts'
import { oldestDue } from '#db/queries/waiting.ts'
import { now } from './platform/clock.ts'
import { newId } from './platform/crypto.ts'
import { log } from './platform/log.ts'

const every = 10_000
/** A process that was not seen for so long is taken to be gone, and a worker without a round to stand still, milliseconds. */
export const pulseCountsFor = 3 * every
/** For so long the database remembers a process that ended without a word. */
const rememberedFor = 60 * 60 * 1000

interface Pulse {
  stop(): Promise<void>
}

/**
 * Writes now and then that this process is alive; the status page reads it. `sinceRound`, of a worker: milliseconds since
 * it last completed a round of its duties. When that is too long ago the log says so, whatever the database does.
 */
export function startPulse(role: Role, sinceRound?: () => number): Pulse {
  const self = { id: newId(), role, host: hostname(), pid: process.pid }
  let stalled = false
  const watch = (since: number) => {
    if (since > pulseCountsFor !== stalled) {
      stalled = !stalled
      if (stalled) log.error('worker.stalled', { age: Math.round(since / 1000) })
      else log.info('worker.resumed')
    }
  }
  const beat = async () => {
    const since = sinceRound?.()
    if (since !== undefined) watch(since)
    try {
      await savePulse(self, since)
      await removeOldPulses(rememberedFor)
      if (since !== undefined) await tellWhatIsLate()
    } catch {
      // While the database is away the status page says so without heartbeats.
    }
  }
  void beat()
  const timer = setInterval(beat, every)
  return {
    async stop() {
      clearInterval(timer)
      await removePulse(self.id).catch(() => {})
    },
  }
}

/** Says of each kind of message how long the oldest has been due, once that is too long. */
async function tellWhatIsLate(): Promise<void> {
  const at = now()
  for (const { kind, dueAt } of await oldestDue(at)) {
    const age = at - dueAt
    if (age > pulseCountsFor) log.warn('outbox.late', { kind, age: Math.round(age / 1000) })
  }
}
