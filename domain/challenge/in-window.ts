import { resend } from '#domain/code/one-time-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import { methods } from '#domain/methods/registry.ts'
import { anyCode, type Selection, sendsCode } from '#domain/methods/selection.ts'
import { pauseAfter, policy } from './policy.ts'
import type {
  AwaitingApproval,
  AwaitingCReq,
  Choosing,
  Effect,
  Event,
  InWindow,
  Notice,
  Open,
  Start,
  Step,
} from './states.ts'
import { end, page, pageDeadline, stay } from './step.ts'

// The part of the machine (machine.ts) that is about a window, from its CReq on.

type Opened = Omit<Open, 'deadlineAt' | 'notice'>

const noCode = { selected: anyCode, codeExpiresAt: undefined, lastSentAt: undefined } as const

export function open(challenge: AwaitingCReq, event: Event, now: Instant): Step {
  switch (event.kind) {
    // An app can leave before anything was shown.
    case 'cancel':
      return end(challenge, event.outcome ?? 'cancelled')
    case 'nothing-to-show':
      return end(challenge, 'delivery-failed')
    case 'opened': {
      if (event.barred) return end(challenge, event.barred)
      const { start } = event
      const opened = { ...challenge, ...noCode, outOfBand: [], openedAt: now }
      if (start === 'choosing') return page({ ...opened, state: 'choosing' }, undefined, now)
      switch (start.kind) {
        case 'methods':
          return beginWith(opened, start, now)
        case 'sms-limited':
          return end(challenge, start.restriction ?? 'sms-limited')
        case 'no-contact':
          return end(challenge, 'delivery-failed')
        case 'flooded':
          return end(challenge, 'locked')
      }
    }
  }
  return stay(challenge)
}

/** What a window does in each of its states; then what is one state's own. */
export function inWindow(challenge: InWindow, event: Event, now: Instant): Step {
  switch (event.kind) {
    case 'barred':
      return end(submitted(challenge), event.by)
    case 'cancel': {
      // What a device does by itself is nothing that the cardholder submitted.
      const { outcome = 'cancelled' } = event
      return end(outcome === 'cancelled' ? submitted(challenge) : challenge, outcome)
    }
    case 'language':
      return stay({ ...challenge, language: event.language, deadlineAt: pageDeadline(challenge, now) })
    case 'answered':
      return answered(challenge, event, now)
    case 'method-selected':
      return challenge.state === 'asking' ? stay(challenge) : select(submitted(challenge), event.start, now)
    case 'method-missing':
      return challenge.state === 'choosing' ? page(submitted(challenge), 'method-missing', now) : stay(challenge)
    case 'other-method':
      return challenge.state === 'choosing' ? stay(challenge) : choose(submitted(challenge), now)
    case 'resend':
      return challenge.state === 'asking' ? sendAgain(submitted(challenge), event.start, now) : stay(challenge)
    case 'delivery-failing':
      return challenge.state === 'asking' ? undelivered(challenge, event.final, now) : stay(challenge)
    // A second CReq of the same content is a reload of the merchant's page: the window goes on.
    default:
      return stay(challenge)
  }
}

function choose(challenge: InWindow, now: Instant, notice?: Notice): Step {
  return page({ ...challenge, state: 'choosing' }, notice, now)
}

/** The first answer is the one that matters: whichever method it comes by, of those that were begun. */
function answered(challenge: InWindow, event: Extract<Event, { kind: 'answered' }>, now: Instant): Step {
  const method = methods[event.method]
  const isOutOfBand = method.answered === 'out-of-band'
  const isAsked = isOutOfBand ? challenge.outOfBand.includes(event.method) : challenge.state === 'asking'
  if (!isAsked || (event.event.kind === 'missed' && challenge.state !== 'awaiting-approval')) return stay(challenge)
  const after = submitted(challenge)
  const { attempts, codeExpiresAt: expiresAt } = challenge
  const result = method.on({ attempts, expiresAt }, event.event, now)
  const wrong = () => wrongAnswer(event.wrongAnswers ?? 0, now)
  switch (result.kind) {
    case 'proved': {
      const success: Effect[] = [{ kind: 'prove', method: event.method }]
      // A yes elsewhere says nothing of the merchant's browser, nor of the person who enters codes there.
      if (isOutOfBand) return end(after, result.outcome, success)
      success.push({ kind: 'clear-wrong-answers' }, { kind: 'remember-browser' })
      if (event.trust && method.proves !== 'mailbox') success.push({ kind: 'trust-merchant' })
      return end(after, result.outcome, success)
    }
    case 'failed':
      return end(after, result.outcome, result.wrong ? wrong() : [], isOutOfBand ? event.method : undefined)
    case 'retry': {
      const back = result.attempt === 'free' ? 1 : 0
      return page(
        { ...after, attempts: attempts - back },
        result.notice,
        now,
        result.attempt === 'wrong' ? wrong() : [],
      )
    }
  }
}

/** Each time the wrong answers in a row have come to a full count, the card is locked: an hour first, then a day each. */
function wrongAnswer(before: number, now: Instant): Effect[] {
  const count: Effect = { kind: 'count-wrong-answer' }
  const wrong = before + 1
  if (wrong % policy.wrongCodesToLock !== 0) return [count]
  return [count, { kind: 'lock-card', until: now + pauseAfter(policy.lockTimes, wrong / policy.wrongCodesToLock) }]
}

function select(challenge: Choosing | AwaitingApproval, start: Start, now: Instant): Step {
  const isCode = start.kind !== 'methods' || start.selected.some(sendsCode)
  return isCode ? sendAgain(challenge, start, now) : beginWith(challenge, start, now)
}

/** Out-of-band methods begin once: going back to one only waits for it again. */
function beginWith(opened: Opened, { selected, begun }: Extract<Start, { kind: 'methods' }>, now: Instant): Step {
  const [method] = begun
  if (method === undefined || methods[method].answered === 'in-window') return ask(opened, selected, begun, now)
  const outOfBand = [...opened.outOfBand.filter(id => id !== method), method]
  const effects: Effect[] = opened.outOfBand.includes(method) ? [] : [{ kind: 'begin', methods: [method] }]
  return page({ ...opened, state: 'awaiting-approval', outOfBand }, undefined, now, effects)
}

/** Asks in the window. A new code takes the place of the one before; tries are not given back. */
function ask(opened: Opened, selected: Selection, begun: Selection, now: Instant): Step {
  const effects: Effect[] = [{ kind: 'begin', methods: begun }]
  if (!begun.some(sendsCode)) return page({ ...opened, state: 'asking', selected }, undefined, now, effects)
  const deadlineAt = pageDeadline(opened, now)
  const codeExpiresAt = Math.min(...begun.map(id => methods[id].begin(now, deadlineAt).expiresAt ?? deadlineAt))
  const { sends } = opened
  return page(
    { ...opened, state: 'asking', selected, codeExpiresAt, lastSentAt: now, sends: sends + 1 },
    sends === 0 ? 'code-sent' : 'code-resent',
    now,
    effects,
  )
}

/** Why a challenge's own limits allow no code at a moment, if they do not. They are one for all methods that send codes. */
export function codeLimit(
  { attempts, sends, lastSentAt: sentAt }: Pick<Open, 'attempts' | 'sends' | 'lastSentAt'>,
  now: Instant,
): 'sends-spent' | 'resend-too-soon' | undefined {
  const { kind } = resend({ attempts, sends, sentAt }, codePolicy.challenge, now)
  return kind === 'send' ? undefined : kind
}

function sendAgain(challenge: InWindow, start: Start, now: Instant): Step {
  if (start.kind === 'flooded') return withoutCode(challenge, 'sends-spent', now)
  const limit = codeLimit(challenge, now)
  if (limit) return withoutCode(challenge, limit, now)
  switch (start.kind) {
    case 'methods':
      return ask(challenge, start.selected, start.begun, now)
    case 'sms-limited':
      return withoutCode(challenge, 'sends-spent', now)
    case 'no-contact':
      return end(challenge, 'delivery-failed')
  }
}

/** No code leaves: the one before stays valid, if there is one. */
function withoutCode(challenge: InWindow, notice: Notice, now: Instant): Step {
  if (challenge.codeExpiresAt === undefined) return page(challenge, 'codes-spent', now)
  return page({ ...challenge, state: 'asking' }, notice, now)
}

function undelivered(challenge: InWindow, final: boolean, now: Instant): Step {
  const { lastSentAt, selected } = challenge
  if (lastSentAt === undefined) return stay(challenge)
  if (!final && now < lastSentAt + policy.deliveryPatience) return stay(challenge)
  // A cardholder who chose one contact may have another.
  if (selected.length === 1) return choose({ ...challenge, ...noCode }, now, 'method-failed')
  return end(challenge, 'delivery-failed')
}

function submitted<State extends InWindow>(challenge: State): State {
  return { ...challenge, interactions: Math.min(challenge.interactions + 1, 99) }
}
