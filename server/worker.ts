import { transaction } from '#db/client.ts'
import { eraseAppSecrets } from '#db/queries/app-channels.ts'
import { purgeAuthentications } from '#db/queries/authentications.ts'
import { lockOverdue, toChallenge } from '#db/queries/challenges.ts'
import { purgeDevices } from '#db/queries/devices.ts'
import { expireMessages, purgeMessages } from '#db/queries/outbox.ts'
import { next } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { purgeVisits } from './account/purge.ts'
import { saveStep } from './acs/save-step.ts'
import { startDue } from './delivery/outbox.ts'
import { now, uptime } from './platform/clock.ts'
import { config } from './platform/config.ts'
import { log } from './platform/log.ts'

/** Pause between two looks into the database, milliseconds. Polling survives what notifications do not: a reconnect. */
const pause = 250
/** Under way at once, each kind by itself: a directory server that does not answer keeps no code waiting. */
const mostAtOnce = { email: 16, sms: 16, rreq: 16 } as const
/** Rounds that a failing duty is left out at most: it is tried again within five seconds. */
const mostLeftOut = 19
const purgeEvery = 60 * 60 * 1000

export interface Worker {
  /** Milliseconds since the last round in which no duty failed. */
  sinceRound(): number
  /** Stops looking, and waits for what is on its way. */
  stop(): Promise<void>
}

/** The role that acts by itself: sends what waits in the outbox, ends what has timed out, removes what is too old. */
export function startWorker(): Worker {
  const onTheirWay = {
    email: new Set<Promise<void>>(),
    sms: new Set<Promise<void>>(),
    rreq: new Set<Promise<void>>(),
  }
  let stopped = false
  let purgedAt = 0
  let roundAt = uptime()
  const send = (kind: keyof typeof onTheirWay) => async () => {
    const sent = onTheirWay[kind]
    for (const sending of await startDue(kind, mostAtOnce[kind] - sent.size)) {
      sent.add(sending)
      sending.finally(() => sent.delete(sending))
    }
  }
  const purgeNow = async () => {
    if (now() - purgedAt < purgeEvery) return
    purgedAt = now()
    await purge()
  }
  const duties = [send('email'), send('sms'), endOverdue, send('rreq'), () => expireMessages(now()), purgeNow].map(
    patient,
  )
  const loop = (async () => {
    while (!stopped) {
      let complete = true
      for (const duty of duties) complete = (await duty()) && complete
      if (complete) roundAt = uptime()
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  })()
  return {
    sinceRound: () => uptime() - roundAt,
    async stop() {
      stopped = true
      await loop
      await Promise.all(Object.values(onTheirWay).flatMap(sent => [...sent]))
    },
  }
}

/**
 * A duty that fails keeps no other from its work, and is left out of more and more rounds: an outage fills no log. Answers
 * whether it was done.
 */
function patient(duty: () => Promise<unknown>): () => Promise<boolean> {
  let leaveOut = 0
  let left = 0
  return async () => {
    if (left > 0) {
      left -= 1
      return false
    }
    try {
      await duty()
      leaveOut = 0
      return true
    } catch (error) {
      log.error('worker.failed', { error })
      leaveOut = Math.min(2 * leaveOut + 1, mostLeftOut)
      left = leaveOut
      return false
    }
  }
}

/** Ends each challenge whose time is over, one transaction each; one that cannot be ended is left for the next look. */
async function endOverdue(): Promise<void> {
  const failed: string[] = []
  for (let more = true; more; ) {
    let acsTransID: string | undefined
    try {
      more = await transaction(async tx => {
        const at = now()
        const row = await lockOverdue(tx, at, failed)
        acsTransID = row?.acsTransID
        if (row) await saveStep(tx, row, next(toChallenge(row), { kind: 'tick' }, at), at)
        return row !== undefined
      })
      if (acsTransID) log.info('challenge.timed-out', { acsTransID })
    } catch (error) {
      if (!acsTransID) throw error
      failed.push(acsTransID)
      log.error('worker.failed', { acsTransID, error })
    }
  }
}

async function purge(): Promise<void> {
  // An app that was never heard of again needs its key no longer than a window could have lived.
  await eraseAppSecrets(now() - policy.windowTime)
  await purgeVisits()
  const before = now() - config().retentionDays * 24 * 60 * 60 * 1000
  const count = (await purgeAuthentications(before)) + (await purgeMessages(before))
  await purgeDevices(now() - policy.methodCountsFor, now() - policy.deviceKnownFor)
  if (count > 0) log.info('purged', { count })
}
