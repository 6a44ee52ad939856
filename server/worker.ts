import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '#db/client.ts'
import { lockOverdue, toChallenge } from '#db/queries/challenges.ts'
import { expireMessages, undelivered } from '#db/queries/outbox.ts'
import { next } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { applyTransition } from './challenge/apply.ts'
import { deliveryFailing } from './challenge/delivery-failing.ts'
import { handlers } from './outbox/handlers.ts'
import { Sender } from './outbox/sender.ts'
import { now, uptime } from './platform/clock.ts'
import { log } from './platform/log.ts'
import { retention } from './retention.ts'

/** Pause between two rounds of a duty, milliseconds. Polling survives what notifications do not: a reconnect. */
const pause = 250
/** The longest one, after rounds that failed: an outage fills no log. */
const longestPause = 5000
/** What one round does at most, of each duty that may find thousands waiting. */
const mostInARound = { challenges: 100, messages: 500, rows: 500 } as const
/** How long what is under way may take to end when the worker stops; the process has a second more. Milliseconds. */
const stopTime = 6000

/** Does a bounded piece of its work. Answers whether more is left, so that the next round follows at once. */
type Round = () => Promise<boolean>

const duties = {
  email: sender => () => sender.startDue('email'),
  sms: sender => () => sender.startDue('sms'),
  results: sender => () => sender.startDue('rreq'),
  patience: () => endUndelivered(),
  overdue: () => endOverdue(),
  expiry: () => expire,
  retention: () => retention(mostInARound.rows),
} satisfies Record<string, (sender: Sender) => Round>

type Duty = keyof typeof duties

export interface Worker {
  /** When each duty last completed a round, by the process's uptime; undefined before its first. */
  lastRounds(): Readonly<Record<Duty, number | undefined>>
  /** Milliseconds since the duty that is furthest behind completed a round. */
  sinceRound(): number
  /** Stops looking, and waits for what is on its way, but not for ever: the lease of what is left ends, and another worker sends it. */
  stop(): Promise<void>
}

/**
 * The role that acts by itself: sends what waits in the outbox, ends what has timed out, removes what is too old. Each duty
 * runs by itself, so that none waits for another's work or failure.
 */
export function startWorker(): Worker {
  const sender = new Sender(handlers)
  const stopping = new AbortController()
  const startedAt = uptime()
  const rounds = {} as Record<Duty, number | undefined>
  const loops = (Object.keys(duties) as Duty[]).map(duty => {
    rounds[duty] = undefined
    return repeat(duties[duty](sender), {
      until: stopping.signal,
      completed: () => {
        rounds[duty] = uptime()
      },
      failed: error => log.error('worker.failed', { kind: duty, error }),
    })
  })
  return {
    lastRounds: () => ({ ...rounds }),
    sinceRound: () => uptime() - Math.min(...Object.values(rounds).map(at => at ?? startedAt)),
    async stop() {
      stopping.abort()
      const ended = Promise.all(loops).then(() => sender.settled())
      await Promise.race([ended, sleep(stopTime, undefined, { ref: false })])
    },
  }
}

interface Repeat {
  readonly until: AbortSignal
  completed(): void
  failed(error: unknown): void
}

/** Round after round until it is told to stop; one that fails is followed by growing pauses. */
async function repeat(round: Round, { until, completed, failed }: Repeat): Promise<void> {
  let failures = 0
  while (!until.aborted) {
    let more = false
    try {
      more = await round()
      failures = 0
      completed()
    } catch (error) {
      failures += 1
      failed(error)
    }
    if (more) continue
    const time = Math.min(pause * 2 ** failures, longestPause)
    await sleep(time, undefined, { signal: until }).catch(() => {})
  }
}

/**
 * Ends each challenge whose code no gateway has taken in time, without waiting for a gateway that has it in its hands. One that
 * cannot be ended is passed over like an overdue one.
 */
function endUndelivered(): Round {
  const failed = new Set<string>()
  return async () => {
    const before = now() - policy.deliveryPatience
    const acsTransIDs = await undelivered(before, mostInARound.challenges, [...failed])
    if (acsTransIDs.length === 0) failed.clear()
    for (const acsTransID of acsTransIDs) {
      try {
        await deliveryFailing(acsTransID)
      } catch (error) {
        failed.add(acsTransID)
        log.error('worker.failed', { acsTransID, error })
      }
    }
    return acsTransIDs.length === mostInARound.challenges
  }
}

/**
 * Ends each challenge whose time is over, one transaction each. One that cannot be ended is passed over until all others are,
 * and then tried again.
 */
function endOverdue(): Round {
  const failed = new Set<string>()
  return async () => {
    for (let ended = 0; ended < mostInARound.challenges; ) {
      let acsTransID: string | undefined
      try {
        await transaction(async tx => {
          const at = now()
          const row = await lockOverdue(tx, at, [...failed])
          acsTransID = row?.acsTransID
          if (row) await applyTransition(tx, row, next(toChallenge(row), { kind: 'tick' }, at), at)
        })
        if (!acsTransID) {
          failed.clear()
          return false
        }
        ended += 1
        log.info('challenge.timed-out', { acsTransID })
      } catch (error) {
        if (!acsTransID) throw error
        failed.add(acsTransID)
        log.error('worker.failed', { acsTransID, error })
      }
    }
    return true
  }
}

/** Erases messages whose time is over. */
async function expire(): Promise<boolean> {
  return (await expireMessages(now(), mostInARound.messages)) === mostInARound.messages
}
