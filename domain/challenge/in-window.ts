import { resend } from '#domain/code/one-time-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import { anyCode, type Selection, sendsCode } from '#domain/methods/selection.ts'
import { policy } from './policy.ts'
import type { AwaitingCReq, Effect, Event, InWindow, Notice, Open, Start, Step } from './states.ts'
import { end, page, pageDeadline, stay } from './step.ts'

// The part of the state machine (machine.ts) that handles an open window, from its CReq on.

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
      const opened = { ...challenge, ...noCode, outOfBand: [], lost: [], openedAt: now }
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

/** Handles an event in any of the three states of an open window. */
export function inWindow(challenge: InWindow, event: Event, now: Instant): Step {
  switch (event.kind) {
    case 'barred':
      return end(submitted(challenge), event.by)
    case 'codes-refused':
      return asksForCode(challenge)
        ? withoutCodes(submitted(challenge), event.by, event.otherMethods, now)
        : stay(challenge)
    case 'cancel': {
      // A cancellation that the app's SDK sends by itself is not an interaction of the cardholder.
      const { outcome = 'cancelled' } = event
      return end(outcome === 'cancelled' ? submitted(challenge) : challenge, outcome)
    }
    case 'language':
      return stay({ ...challenge, language: event.language, deadlineAt: pageDeadline(challenge, now) })
    case 'answered':
      return answered(challenge, event, now)
    case 'method-selected':
      return isAsking(challenge, event.start) ? stay(challenge) : select(submitted(challenge), event.start, now)
    case 'method-missing':
      return challenge.state === 'choosing' ? page(submitted(challenge), 'method-missing', now) : stay(challenge)
    case 'other-method':
      return challenge.state === 'choosing' ? stay(challenge) : choose(submitted(challenge), now)
    case 'resend':
      return challenge.state === 'asking' && !isRegistering(challenge)
        ? sendAgain(submitted(challenge), event.start, now)
        : stay(challenge)
    case 'delivery-failing':
      return asksForCode(challenge) ? undelivered(challenge, event, now) : stay(challenge)
    case 'contact-lost':
      return asksForCode(challenge) && !challenge.lost.includes(event.channel)
        ? contactLost(submitted(challenge), event, now)
        : stay(challenge)
    // A second CReq with the same content is a reload of the merchant's page: the window continues unchanged.
    default:
      return stay(challenge)
  }
}

function choose(challenge: InWindow, now: Instant, notice?: Notice): Step {
  return page({ ...challenge, state: 'choosing' }, notice, now)
}

/**
 * Applies an answer. Any method that was begun may be answered; the first successful or final answer ends the
 * challenge.
 */
function answered(challenge: InWindow, event: Extract<Event, { kind: 'answered' }>, now: Instant): Step {
  const method = methods[event.method]
  const isOutOfBand = method.answered === 'out-of-band'
  const isAsked = isOutOfBand
    ? challenge.outOfBand.includes(event.method)
    : challenge.state === 'asking' && (method.answered === 'in-steps') === isRegistering(challenge)
  if (!isAsked || (event.event.kind === 'missed' && challenge.state !== 'awaiting-approval')) return stay(challenge)
  const after = submitted(challenge)
  const { attempts, codeExpiresAt: expiresAt } = challenge
  const result = method.on({ attempts, expiresAt }, event.event, now)
  const { codes, otherMethods } = event.ifWrong ?? { codes: 'permitted', otherMethods: false }
  const wrong: Effect[] = [{ kind: 'count-wrong-answer' }]
  if (codes === 'stopped') wrong.push({ kind: 'codes-stopped' })
  switch (result.kind) {
    case 'proved': {
      const success: Effect[] = [{ kind: 'prove', method: event.method }]
      // Two facts do not make the browser the cardholder's, nor does the code of a contact that is not confirmed.
      if (method.answered === 'in-steps' || event.provisional) return end(after, result.outcome, success)
      success.push(...clearedBy(event.method))
      // An out-of-band approval proves nothing about the merchant's browser, nor about the person who enters codes
      // there.
      if (isOutOfBand)
        return end(after, result.outcome, [...success, { kind: 'remember-method', method: event.method }])
      // Such a page may have covered the window, and the browser may be that of the thief who began the purchase.
      if (event.foreignFrame) return end(after, result.outcome, success)
      success.push({ kind: 'remember-browser', method: event.method })
      if (event.trust && method.proves !== 'mailbox') success.push({ kind: 'trust-merchant' })
      return end(after, result.outcome, success)
    }
    case 'failed':
      return end(after, result.outcome, result.wrong ? wrong : [], isOutOfBand ? event.method : undefined)
    case 'retry': {
      const back = result.attempt === 'free' ? 1 : 0
      if (result.attempt !== 'wrong') return page({ ...after, attempts: attempts - back }, result.notice, now)
      if (codes !== 'permitted') return withoutCodes(after, codes, otherMethods, now, wrong)
      return page(after, result.notice, now, wrong)
    }
  }
}

/**
 * A success with a code resets the wrong answers of clients like this one. A stronger proof resets all of the card: it
 * shows that the cardholder is there, and not a person who reads a mailbox.
 */
export function clearedBy(method: MethodId): Effect[] {
  return [{ kind: 'clear-wrong-answers', of: sendsCode(method) ? 'client' : 'card' }]
}

/** No code may be entered here any more: the cardholder chooses another method, or the challenge ends. */
function withoutCodes(
  challenge: InWindow,
  by: 'limited' | 'stopped',
  otherMethods: boolean,
  now: Instant,
  effects: readonly Effect[] = [],
): Step {
  if (!otherMethods) return end(challenge, 'locked', effects)
  return page({ ...challenge, ...noCode, state: 'choosing' }, `codes-${by}`, now, effects)
}

function select(challenge: InWindow, start: Start, now: Instant): Step {
  if (start.kind === 'methods' && !isForCode(start)) return beginWith(challenge, start, now)
  return sendAgain(challenge, start, now)
}

function isForCode(start: Start): boolean {
  return start.kind !== 'methods' || start.selected.some(sendsCode)
}

function asksForCode({ state, selected }: InWindow): boolean {
  return state === 'asking' && selected.some(sendsCode)
}

/** Whether the window already asks for what is selected: its form was submitted twice. */
function isAsking(challenge: InWindow, start: Start): boolean {
  return challenge.state === 'asking' && asksForCode(challenge) === isForCode(start)
}

/** Begins the selected methods. Most out-of-band methods begin once: selecting one again just waits for it again. */
function beginWith(
  opened: Opened,
  { selected, begun, notice }: Extract<Start, { kind: 'methods' }>,
  now: Instant,
): Step {
  const [id] = begun
  const method = id && methods[id]
  if (!id || method?.answered !== 'out-of-band') return ask(opened, selected, begun, now)
  const outOfBand = [...opened.outOfBand.filter(other => other !== id), id]
  const begins = method.beginsAgain || !opened.outOfBand.includes(id)
  const effects: Effect[] = begins ? [{ kind: 'begin', methods: [id] }] : []
  return page({ ...opened, state: 'awaiting-approval', outOfBand }, notice, now, effects)
}

/** Asks for an answer in the window. A new code replaces the previous one; attempts already used stay used. */
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

/**
 * Why the limits of the challenge itself forbid sending a code now; undefined if they permit it. All methods that
 * send codes share these limits.
 */
export function codeLimit(
  { attempts, sends, lastSentAt: sentAt }: Pick<Open, 'attempts' | 'sends' | 'lastSentAt'>,
  now: Instant,
): 'resends-spent' | 'resend-too-soon' | undefined {
  const { kind } = resend({ attempts, sends, sentAt }, codePolicy.challenge, now)
  return kind === 'send' ? undefined : kind
}

function sendAgain(challenge: InWindow, start: Start, now: Instant): Step {
  if (start.kind === 'flooded') return withoutCode(challenge, 'resends-spent', now)
  const limit = codeLimit(challenge, now)
  if (limit) return withoutCode(challenge, limit, now)
  switch (start.kind) {
    case 'methods':
      return ask(challenge, start.selected, start.begun, now)
    case 'sms-limited':
      return withoutCode(challenge, 'resends-spent', now)
    case 'no-contact':
      // A form that no page shows must not turn a failure (N) into U.
      return isRegistering(challenge) || challenge.lost.length > 0 ? stay(challenge) : end(challenge, 'delivery-failed')
  }
}

function isRegistering({ state, selected }: InWindow): boolean {
  return state === 'asking' && selected.some(id => methods[id].answered === 'in-steps')
}

/** Sends no code. The previous code, if there is one, stays valid. */
function withoutCode(challenge: InWindow, notice: Notice, now: Instant): Step {
  if (challenge.codeExpiresAt === undefined) return page(challenge, 'codes-spent', now)
  const selected = challenge.selected.some(sendsCode) ? challenge.selected : anyCode
  return page({ ...challenge, state: 'asking', selected }, notice, now)
}

function undelivered(
  challenge: InWindow,
  { final, otherMethods = false }: Extract<Event, { kind: 'delivery-failing' }>,
  now: Instant,
): Step {
  const { lastSentAt, selected } = challenge
  if (lastSentAt === undefined) return stay(challenge)
  if (!final && now < lastSentAt + policy.deliveryPatience) return stay(challenge)
  // A cardholder who chose a single contact may have another one to choose.
  if (selected.length === 1 || otherMethods) return choose({ ...challenge, ...noCode }, now, 'method-failed')
  return end(challenge, 'delivery-failed')
}

/** Goes on with the codes that were sent elsewhere, if any were; otherwise the cardholder chooses another method. */
function contactLost(
  challenge: InWindow,
  { channel, stillAsked, otherMethods }: Extract<Event, { kind: 'contact-lost' }>,
  now: Instant,
): Step {
  const after = { ...challenge, lost: [...challenge.lost, channel] }
  if (stillAsked.length > 0) return page({ ...after, selected: stillAsked }, 'contact-lost', now)
  if (otherMethods) return choose({ ...after, ...noCode }, now, 'contact-lost')
  return end(after, 'contacts-lost')
}

function submitted<State extends InWindow>(challenge: State): State {
  return { ...challenge, interactions: Math.min(challenge.interactions + 1, 99) }
}
