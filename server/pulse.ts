import { type Role, savePulse } from '#db/queries/pulses.ts'

const every = 10_000
/** Whoever was not seen for so long is taken to be gone, milliseconds. */
export const pulseCountsFor = 3 * every

/** Says now and then that this process is alive; the status page reads it. */
export function startPulse(role: Role): { stop(): void } {
  // While the database is away nobody asks for pulses: the status page says so then.
  const beat = () => void savePulse(role).catch(() => {})
  beat()
  const timer = setInterval(beat, every)
  return { stop: () => clearInterval(timer) }
}
