import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds between two checks of the server, and between two tries to start it. */
const every = 500
/** Maximum tries in a row. What prevents a start (a full disk, a damaged file) rarely disappears by itself. */
const mostTries = 5

interface Kept {
  /** Whether the server's process exists. */
  isThere(): Promise<boolean>
  /** Starts the server and waits until it answers. */
  start(): Promise<unknown>
  say(line: string): void
  gone(error: Error): void
}

/** Restarts a server whenever it has ended. */
export function keepRunning({ isThere, start, say, gone }: Kept): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const restart = async () => {
    say('PostgreSQL has ended without being asked to: it is started again.')
    for (let tries = 1; ; tries++) {
      try {
        await start()
        say('PostgreSQL is back.')
        return
      } catch (error) {
        if (signal.aborted || tries === mostTries) throw error
        await pause(every, undefined, { signal })
      }
    }
  }
  const watch = async () => {
    while (!signal.aborted) {
      if (!(await isThere()) && !signal.aborted) await restart()
      await pause(every, undefined, { signal, ref: false })
    }
  }
  const watching = watch().catch((error: Error) => {
    if (!signal.aborted) gone(error)
  })
  return {
    stop() {
      stopping.abort()
      return watching
    },
  }
}
