import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '#db/client.ts'
import { type ChallengeRow, lockOverdue, toChallenge } from '#db/queries/challenges.ts'
import { expireMessages, undelivered } from '#db/queries/outbox.ts'
import { next } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { comingTerms } from '#domain/terms/versions.ts'
import { announceTerms } from './account/announce-terms.ts'
import { applyTransition } from './challenge/apply.ts'
import { deliveryFailing } from './challenge/delivery-failing.ts'
import { handlers } from './outbox/handlers.ts'
import { Sender } from './outbox/sender.ts'
import { partitionsAhead } from './partitions.ts'
import { now, uptime } from './platform/clock.ts'
import { log } from './platform/log.ts'
import { retention } from './retention.ts'
import { foldRounds } from './risk/history/fold.ts'

/** Pause between two rounds of a duty, milliseconds. Polling survives a lost connection; notifications do not. */
const pause = 250
/** The longest pause after failed rounds, milliseconds, so that an outage does not fill the log. */
const longestPause = 5000
/**
 * The most that one round handles, for each duty that may find thousands of rows waiting. Each event may cause an alert and
 * notices, and all of a round are one transaction, which holds the counts of text messages until it ends.
 */
const mostInARound = { challenges: 100, messages: 500, rows: 500, notices: 20, events: 100 } as const
/**
 * How long current work may take to finish when the worker stops, milliseconds; the process is killed a second later.
 */
const stopTime = 6000

/** Does a bounded amount of work. Returns whether more is left, so that the next round follows at once. */
type Round = () => Promise<boolean>

const duties = {
  email: sender => () => sender.startDue('email'),
  sms: sender => () => sender.startDue('sms'),
  push: sender => () => sender.startDue('push'),
  results: sender => () => sender.startDue('rreq'),
  erros: sender => () => sender.startDue('erro'),
  alerts: sender => () => sender.startDue('alert'),
  watchNotices: sender => () => sender.startDue('watch-notice'),
  patience: () => endUndelivered(),
  overdue: () => endOverdue(),
  expiry: () => expire,
  history: () => foldRounds(mostInARound.events),
  terms: () => async () => {
    await announceTerms(mostInARound.notices, comingTerms(now()))
    return false
  },
  partitions: () => partitionsAhead(),
  retention: () => retention(mostInARound.rows),
} satisfies Record<string, (sender: Sender) => Round>

type Duty = keyof typeof duties

export interface Worker {
  /** When each duty last completed a round, in process uptime; undefined before its first round. */
  lastRounds(): Readonly<Record<Duty, number | undefined>>
  /** Milliseconds since the duty that is furthest behind last completed a round. */
  sinceRound(): number
  /**
   * Starts no new rounds and waits for messages being sent, up to `stopTime`. If one is left, its lease expires and
   * another worker sends it.
   */
  stop(): Promise<void>
}

/**
 * The role that runs without requests: it sends what waits in the outbox, ends challenges that have timed out, and
 * removes old data. Each duty has its own loop, so that none is delayed by another's work or failure.
 */
export function startWorker(): Worker {
  const sender = new Sender(handlers)
  const stopping = new AbortController()
  // Each loop listens while it pauses.
  setMaxListeners(Object.keys(duties).length, stopping.signal)
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

/** Repeats a round until aborted. After each failed round the pause grows. */
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
 * Ends each challenge whose code no gateway has accepted in time, without waiting for a gateway that is processing it.
 * A challenge that cannot be ended is skipped in the same way as in `endOverdue`.
 */
function endUndelivered(): Round {
  const failed = new Set<string>()
  return async () => {
    const before = now() - policy.deliveryPatience
    const ids = await undelivered(before, mostInARound.challenges, [...failed])
    if (ids.length === 0) failed.clear()
    for (const id of ids) {
      try {
        await deliveryFailing(id)
      } catch (error) {
        failed.add(id)
        log.error('worker.failed', { authenticationId: id, error })
      }
    }
    return ids.length === mostInARound.challenges
  }
}

/**
 * Ends each challenge whose time is over, each in its own transaction. A challenge that cannot be ended is skipped
 * until all others have ended, and then tried again.
 */
function endOverdue(): Round {
  const failed = new Set<string>()
  return async () => {
    for (let ended = 0; ended < mostInARound.challenges; ) {
      let row: ChallengeRow | undefined
      try {
        await transaction(async tx => {
          const at = now()
          row = await lockOverdue(tx, at, [...failed])
          if (row) await applyTransition(tx, row, next(toChallenge(row), { kind: 'tick' }, at), at)
        })
        if (!row) {
          failed.clear()
          return false
        }
        ended += 1
        log.info('challenge.timed-out', { acsTransID: row.acsTransID })
      } catch (error) {
        if (!row) throw error
        failed.add(row.id)
        log.error('worker.failed', { acsTransID: row.acsTransID, error })
      }
    }
    return true
  }
}

/** Erases messages that have expired. */
async function expire(): Promise<boolean> {
  return (await expireMessages(now(), mostInARound.messages)) === mostInARound.messages
}
