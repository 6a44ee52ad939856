import type { Ending } from '#domain/emv/outcome.ts'
import type {
  Asking,
  AwaitingApproval,
  Challenge,
  Choosing,
  Common,
  Effect,
  Event,
  Instant,
  Notice,
  Open,
  Step,
} from './machine.ts'
import { policy } from './policy.ts'

// The part of the machine (machine.ts) that is about an open window.

export type InWindow = Choosing | Asking | AwaitingApproval

type WithoutPage<State> = State extends InWindow ? Omit<State, 'deadlineAt' | 'notice'> : never

/** Before any code. */
const unsent = { way: 'both', codeExpiresAt: undefined, lastSentAt: undefined } as const
export const begun = { ...unsent, askedInAccount: false } as const

/** What a window does in each of its states; then what is one state's own. */
export function inWindow(challenge: InWindow, event: Event, now: Instant): Step {
  switch (event.kind) {
    case 'barred':
      return end(submitted(challenge), event.by)
    case 'cancel':
      // What a device does by itself is nothing that the cardholder submitted.
      return end(
        event.ending && event.ending !== 'cancelled' ? challenge : submitted(challenge),
        event.ending ?? 'cancelled',
      )
    // As when too many codes were sent: the one before stays good, and another method may be there.
    case 'sms-limited':
      return sendAgain(submitted(challenge), true, now)
    case 'approved':
    case 'declined':
      // Whichever answer comes first counts, though a code be wanted meanwhile.
      return challenge.askedInAccount ? end(submitted(challenge), event.kind) : stay(challenge)
    case 'language':
      return stay({ ...challenge, language: event.language, deadlineAt: pageDeadline(challenge, now) })
  }
  switch (challenge.state) {
    case 'choosing':
      return choose(challenge, event, now)
    case 'asking':
      return answer(challenge, event, now)
    case 'awaiting-approval':
      return approve(challenge, event, now)
  }
}

function choose(challenge: Choosing, event: Event, now: Instant): Step {
  switch (event.kind) {
    case 'way-chosen':
      return goBy(submitted(challenge), event, now)
    case 'way-refused':
      return page(submitted(challenge), 'way-missing', now)
    default:
      return stay(challenge)
  }
}

function approve(challenge: AwaitingApproval, event: Event, now: Instant): Step {
  switch (event.kind) {
    case 'way-chosen':
      return goBy(submitted(challenge), event, now)
    case 'other-way':
      return page({ ...submitted(challenge), state: 'choosing' }, undefined, now)
    case 'answer-missed':
      return page(submitted(challenge), 'answer-missing', now)
    default:
      return stay(challenge)
  }
}

function answer(challenge: Asking, event: Event, now: Instant): Step {
  switch (event.kind) {
    case 'code-compared':
      return compared(submitted(challenge), event.match, now)
    case 'code-earlier':
      return replaced(submitted(challenge), event.free, now)
    case 'code-refused':
      return page(submitted(challenge), event.why, now)
    case 'code-late':
      return page(submitted(challenge), 'code-expired', now)
    case 'resend':
      return sendAgain(submitted(challenge), event.flooded === true, now)
    case 'other-way':
      return page({ ...submitted(challenge), state: 'choosing' }, undefined, now)
    case 'delivery-failing':
      if (!event.final && now < challenge.lastSentAt + policy.deliveryPatience) return stay(challenge)
      // Who chose one contact may have another.
      if (challenge.way !== 'both') return page({ ...challenge, ...unsent, state: 'choosing' }, 'way-failed', now)
      return end(challenge, 'delivery-failed')
    // A second CReq of the same content is a reload of the merchant's page: the window goes on.
    default:
      return stay(challenge)
  }
}

function compared(challenge: Asking, match: boolean, now: Instant): Step {
  const expired = now >= challenge.codeExpiresAt
  if (match && !expired) return end(challenge, 'authenticated', 'clear-wrong-codes')
  const counted: Effect[] = match ? [] : ['count-wrong-code']
  if (challenge.attempts >= policy.codeAttempts) return end(challenge, 'tries-spent', ...counted)
  return { ...page(challenge, expired ? 'code-expired' : 'code-wrong', now), effects: counted }
}

/** An earlier code opens nothing. Its first time is a mistake, so the try is given back; after that it is wrong like any other. */
function replaced(challenge: Asking, free: boolean, now: Instant): Step {
  if (free) return page({ ...challenge, attempts: challenge.attempts - 1 }, 'code-earlier', now)
  if (challenge.attempts >= policy.codeAttempts) return end(challenge, 'tries-spent', 'count-wrong-code')
  return { ...page(challenge, 'code-earlier', now), effects: ['count-wrong-code'] }
}

function goBy(challenge: InWindow, { way, flooded }: Extract<Event, { kind: 'way-chosen' }>, now: Instant): Step {
  if (way === 'account') return askInAccount(challenge, now)
  return sendAgain(challenge, flooded === true, now, way)
}

export function askInAccount(opened: Omit<Open, 'deadlineAt' | 'notice'>, now: Instant): Step {
  const { challenge } = page({ ...opened, state: 'awaiting-approval', askedInAccount: true }, undefined, now)
  return { challenge, effects: opened.askedInAccount ? [] : ['ask-in-account'] }
}

/** A code after others, or by another way: what bounds codes bounds them all. The one before stays good if there is no other. */
function sendAgain(challenge: InWindow, flooded: boolean, now: Instant, way = challenge.way): Step {
  const { sends, codeExpiresAt, lastSentAt } = challenge
  const spent = flooded || sends >= policy.codeSends
  const tooSoon = lastSentAt !== undefined && now < lastSentAt + policy.resendAfter
  if (!spent && !tooSoon) return send({ ...challenge, way }, sends === 0 ? 'code-sent' : 'code-resent', now)
  if (codeExpiresAt === undefined || lastSentAt === undefined) return page(challenge, 'codes-spent', now)
  return page(
    { ...challenge, state: 'asking', codeExpiresAt, lastSentAt },
    spent ? 'sends-spent' : 'resend-too-soon',
    now,
  )
}

/** A new code takes the place of the one before; tries are not given back. */
export function send(opened: Omit<Open, 'deadlineAt' | 'notice'>, notice: Notice, now: Instant): Step {
  const deadlineAt = pageDeadline(opened, now)
  return {
    challenge: {
      ...opened,
      state: 'asking',
      notice,
      deadlineAt,
      codeExpiresAt: Math.min(now + policy.codeLifetime, deadlineAt),
      lastSentAt: now,
      sends: opened.sends + 1,
    },
    effects: ['send-code'],
  }
}

/** A page waits for ten minutes, but no window for ever. */
function pageDeadline({ openedAt }: Pick<Open, 'openedAt'>, now: Instant): Instant {
  return Math.min(now + policy.pageTime, openedAt + policy.windowTime)
}

function submitted<State extends InWindow>(challenge: State): State {
  return { ...challenge, interactions: Math.min(challenge.interactions + 1, 99) }
}

/** The next page, which waits anew. */
export function page(challenge: WithoutPage<InWindow>, notice: Notice | undefined, now: Instant): Step {
  return stay({ ...challenge, notice, deadlineAt: pageDeadline(challenge, now) })
}

export function stay(challenge: Challenge): Step {
  return { challenge, effects: [] }
}

export function end({ language, attempts, sends, interactions }: Common, ending: Ending, ...more: Effect[]): Step {
  return {
    challenge: { state: 'ended', ending, language, attempts, sends, interactions },
    effects: ['report-result', ...more],
  }
}
