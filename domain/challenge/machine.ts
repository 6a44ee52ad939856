import type { Instant } from '#domain/kernel/instant.ts'
import type { Language } from '#domain/kernel/language.ts'
import { methods } from '#domain/methods/registry.ts'
import { clearedBy, inWindow, open } from './in-window.ts'
import { asOnDevice } from './on-device.ts'
import { policy } from './policy.ts'
import type { AwaitingAssertion, AwaitingCardholder, AwaitingCReq, Challenge, Event, Step } from './states.ts'
import { close, end, stay } from './step.ts'

export type { Instant, Language }

/** The state of a challenge after an ARes with transStatus C. */
export function begin(language: Language, now: Instant, onDevice = false): AwaitingCReq {
  return { state: 'awaiting-creq', language, onDevice, deadlineAt: now + policy.firstCReqTimeout, ...nothingYet }
}

/** The state of a challenge after an ARes with transStatus D. `time`: how long the requestor waits, in milliseconds. */
export function beginDecoupled(language: Language, time: number, now: Instant): AwaitingCardholder {
  return { state: 'awaiting-cardholder', language, onDevice: false, deadlineAt: now + time, ...nothingYet }
}

/** The state of a challenge after an ARes with transStatus S. */
export function beginSpc(language: Language, now: Instant, onDevice = false): AwaitingAssertion {
  return { state: 'awaiting-assertion', language, onDevice, deadlineAt: now + policy.secondAReqTimeout, ...nothingYet }
}

const nothingYet = { attempts: 0, sends: 0, interactions: 0 } as const

const whenTooLate = {
  'awaiting-creq': 'window-not-opened',
  choosing: 'window-timed-out',
  asking: 'window-timed-out',
  'awaiting-approval': 'window-timed-out',
  'awaiting-cardholder': 'not-answered',
  'awaiting-assertion': 'window-timed-out',
} as const

/** Applies an event to a challenge. Pure and total: every event is handled in every state. */
export function next(challenge: Challenge, happened: Event, now: Instant): Step {
  if (challenge.state === 'ended') return stay(challenge)
  if (now >= challenge.deadlineAt) return end(challenge, whenTooLate[challenge.state])
  const event = challenge.onDevice ? asOnDevice(happened) : happened
  if (!event) return stay(challenge)
  if (event.kind === 'reported') return end(challenge, 'reported')
  if (challenge.state === 'awaiting-cardholder') return decoupled(challenge, event, now)
  if (challenge.state === 'awaiting-assertion') return spc(challenge, event)
  if (event.kind === 'bad-creq') return end(challenge, 'bad-creq')
  if (event.kind === 'tick') return stay(challenge)
  return challenge.state === 'awaiting-creq' ? open(challenge, event, now) : inWindow(challenge, event, now)
}

/** The challenge as of `now`: ended if its deadline has passed, even if that has not been saved yet. */
export function asOf(challenge: Challenge, now: Instant): Challenge {
  return next(challenge, { kind: 'tick' }, now).challenge
}

/** A decoupled authentication has no window, so it ignores events that only a window can cause. */
function decoupled(challenge: AwaitingCardholder, event: Event, now: Instant): Step {
  if (event.kind === 'barred') return end(challenge, event.by)
  if (event.kind !== 'answered' || methods[event.method].answered !== 'out-of-band') return stay(challenge)
  const result = methods[event.method].on({ attempts: 0, expiresAt: undefined }, event.event, now)
  if (result.kind === 'retry') return stay(challenge)
  if (result.kind === 'failed') return end(challenge, result.outcome)
  return end(challenge, result.outcome, [{ kind: 'prove', method: event.method }, ...clearedBy(event.method)])
}

/** A secure payment confirmation has no window either, and only the second AReq ends it. */
function spc(challenge: AwaitingAssertion, event: Event): Step {
  if (event.kind !== 'asserted') return stay(challenge)
  if (!event.proved) return close(challenge, 'unconfirmed')
  return close(challenge, 'authenticated', [
    { kind: 'prove', method: 'passkey' },
    ...clearedBy('passkey'),
    { kind: 'remember-browser', method: 'passkey' },
  ])
}
