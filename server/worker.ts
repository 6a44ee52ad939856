import { transaction } from '#db/client.ts'
import { purgeAuthentications } from '#db/queries/authentications.ts'
import { lockOverdue, toChallenge } from '#db/queries/challenges.ts'
import { expireMessages } from '#db/queries/outbox.ts'
import { next } from '#domain/challenge/machine.ts'
import { saveStep } from './acs/save-step.ts'
import { startDue } from './delivery/outbox.ts'
import { now } from './platform/clock.ts'
import { config } from './platform/config.ts'
import { log } from './platform/log.ts'

/** Pause between two looks into the database, milliseconds. Polling survives what notifications do not: a reconnect. */
const pause = 250
const mostAtOnce = 16
const purgeEvery = 60 * 60 * 1000

export interface Worker {
  /** Stops looking, and waits for what is on its way. */
  stop(): Promise<void>
}

/** The role that acts by itself: sends what waits in the outbox, ends what has timed out, removes what is too old. */
export function startWorker(): Worker {
  const onTheirWay = new Set<Promise<void>>()
  let stopped = false
  let purgedAt = 0
  const loop = (async () => {
    while (!stopped) {
      try {
        await endOverdue()
        await expireMessages(now())
        for (const sending of await startDue(mostAtOnce - onTheirWay.size)) {
          onTheirWay.add(sending)
          sending.finally(() => onTheirWay.delete(sending))
        }
        if (now() - purgedAt >= purgeEvery) {
          purgedAt = now()
          await purge()
        }
      } catch (error) {
        log.error('worker.failed', { error })
      }
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  })()
  return {
    async stop() {
      stopped = true
      await loop
      await Promise.all(onTheirWay)
    },
  }
}

/** Ends each challenge whose time is over, one transaction each; somebody else may be doing the same. */
async function endOverdue(): Promise<void> {
  let more = true
  while (more) {
    more = await transaction(async tx => {
      const at = now()
      const row = await lockOverdue(tx, at)
      if (row) await saveStep(tx, row, next(toChallenge(row), { kind: 'tick' }, at), at)
      return row !== undefined
    })
  }
}

async function purge(): Promise<void> {
  const count = await purgeAuthentications(now() - config().retentionDays * 24 * 60 * 60 * 1000)
  if (count > 0) log.info('purged', { count })
}
