import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Asking,
  type AwaitingApproval,
  type AwaitingCardholder,
  type AwaitingCReq,
  begin,
  beginDecoupled,
  type Challenge,
  type Choosing,
  type Effect,
  type Ended,
  type Event,
  type Instant,
  next,
  type Step,
} from './machine.ts'
import { policy } from './policy.ts'
import type { First, Way } from './ways.ts'

const second = 1000
const start: Instant = Date.UTC(2026, 10, 22, 6, 15, 0)

const awaiting: AwaitingCReq = begin('ja', start)
/** The window opened at once, a code was sent, the cardholder is typing. */
const asking = next(awaiting, { kind: 'opened' }, start).challenge as Asking
const ended = next(asking, { kind: 'cancel' }, start + 45 * second).challenge as Ended
/** Long enough after the first code for another, long before any deadline. */
const soon = start + 45 * second

/** The window opened at once, and the cardholder is choosing how to be asked; or answers in the account. */
const choosing = next(awaiting, { kind: 'opened', first: 'choosing' }, start).challenge as Choosing
const approving = next(awaiting, { kind: 'opened', first: 'account' }, start).challenge as AwaitingApproval

/** A step in few words: where the challenge stands, what it says, and what is to be done. */
function told({ challenge, effects }: Step): string {
  return [standing(challenge), ...effects].join(' + ')
}

function standing(challenge: Challenge): string {
  switch (challenge.state) {
    case 'ended':
      return challenge.ending
    case 'asking':
      return String(challenge.notice)
    case 'choosing':
      return ['chooses', challenge.notice].filter(Boolean).join(': ')
    case 'awaiting-approval':
      return ['approves', challenge.notice].filter(Boolean).join(': ')
    default:
      return 'awaiting'
  }
}

describe('what each event does in each state', () => {
  const reported = (words: string) => words.replace('!', ' + report-result')
  // Before the window opens, while it asks for a code, while it asks how, while the account is asked.
  test.each<[event: Event, ...expected: [string, string, string, string]]>([
    [{ kind: 'opened' }, 'code-sent + send-code', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', first: 'email' }, 'code-sent + send-code', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', first: 'choosing' }, 'chooses', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', first: 'account' }, 'approves + ask-in-account', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', first: 'nothing' }, 'delivery-failed!', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', barred: 'locked' }, 'locked!', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'barred', by: 'card-stolen' }, 'awaiting', 'card-stolen!', 'card-stolen!', 'card-stolen!'],
    [{ kind: 'way-chosen', way: 'email' }, 'awaiting', 'code-sent', 'code-sent + send-code', 'code-sent + send-code'],
    [{ kind: 'way-chosen', way: 'sms' }, 'awaiting', 'code-sent', 'code-sent + send-code', 'code-sent + send-code'],
    [{ kind: 'way-chosen', way: 'both' }, 'awaiting', 'code-sent', 'code-sent + send-code', 'code-sent + send-code'],
    [
      { kind: 'way-chosen', way: 'both', flooded: true },
      'awaiting',
      'code-sent',
      'chooses: codes-spent',
      'approves: codes-spent',
    ],
    [{ kind: 'way-chosen', way: 'account' }, 'awaiting', 'code-sent', 'approves + ask-in-account', 'approves'],
    [{ kind: 'way-refused' }, 'awaiting', 'code-sent', 'chooses: way-missing', 'approves'],
    [{ kind: 'other-way' }, 'awaiting', 'chooses', 'chooses', 'chooses'],
    [{ kind: 'answer-missed' }, 'awaiting', 'code-sent', 'chooses', 'approves: answer-missing'],
    [{ kind: 'approved' }, 'awaiting', 'code-sent', 'chooses', 'approved!'],
    [{ kind: 'declined' }, 'awaiting', 'code-sent', 'chooses', 'declined!'],
    [{ kind: 'resend', flooded: true }, 'awaiting', 'sends-spent', 'chooses', 'approves'],
    [{ kind: 'resend' }, 'awaiting', 'code-resent + send-code', 'chooses', 'approves'],
    [{ kind: 'code-compared', match: true }, 'awaiting', 'authenticated! + clear-wrong-codes', 'chooses', 'approves'],
    [{ kind: 'code-compared', match: false }, 'awaiting', 'code-wrong + count-wrong-code', 'chooses', 'approves'],
    [{ kind: 'code-earlier', free: true }, 'awaiting', 'code-earlier', 'chooses', 'approves'],
    [{ kind: 'code-earlier', free: false }, 'awaiting', 'code-earlier + count-wrong-code', 'chooses', 'approves'],
    [{ kind: 'code-refused', why: 'code-missing' }, 'awaiting', 'code-missing', 'chooses', 'approves'],
    [{ kind: 'code-refused', why: 'code-malformed' }, 'awaiting', 'code-malformed', 'chooses', 'approves'],
    [{ kind: 'code-late' }, 'awaiting', 'code-expired', 'chooses', 'approves'],
    [{ kind: 'cancel' }, 'cancelled!', 'cancelled!', 'cancelled!', 'cancelled!'],
    [
      { kind: 'cancel', ending: 'sdk-timed-out' },
      'sdk-timed-out!',
      'sdk-timed-out!',
      'sdk-timed-out!',
      'sdk-timed-out!',
    ],
    [{ kind: 'language', language: 'en' }, 'awaiting', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'tick' }, 'awaiting', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'delivery-failing', final: false }, 'awaiting', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'delivery-failing', final: true }, 'awaiting', 'delivery-failed!', 'chooses', 'approves'],
    [{ kind: 'sms-limited' }, 'sms-limited!', 'sends-spent', 'chooses: codes-spent', 'approves: codes-spent'],
    [
      { kind: 'sms-limited', watched: 'guarded' },
      'guarded!',
      'sends-spent',
      'chooses: codes-spent',
      'approves: codes-spent',
    ],
    [{ kind: 'bad-creq' }, 'bad-creq!', 'bad-creq!', 'bad-creq!', 'bad-creq!'],
  ])('%o: %s; %s; %s; %s; and nothing after the end', (event, ...expected) => {
    const states = [awaiting, asking, choosing, approving] as const
    const at = [start + 29 * second, soon, soon, soon]
    const steps = states.map((state, index) => next(state, event, at[index] ?? soon))
    expect(steps.map(told)).toEqual(expected.map(reported))
    expect(next(ended, event, soon)).toEqual({ challenge: ended, effects: [] })
    const late = states.map(state => told(next(state, event, state.deadlineAt)))
    const over = ['window-not-opened', 'window-timed-out', 'window-timed-out', 'window-timed-out']
    expect(late).toEqual(over.map(ending => `${ending} + report-result`))
  })
})

describe('a question apart from the shop', () => {
  const time = 60 * 60 * second
  const elsewhere: AwaitingCardholder = beginDecoupled('en', time, start)
  const last = start + time - 1
  const barring: readonly Event[] = (['card-stolen', 'card-closed', 'card-expired', 'locked'] as const).map(by => ({
    kind: 'barred',
    by,
  }))
  /** All that comes from a window, which it does not have. */
  const windows: readonly Event[] = [
    { kind: 'opened' },
    { kind: 'opened', barred: 'locked' },
    { kind: 'opened', first: 'account' },
    { kind: 'way-chosen', way: 'account' },
    { kind: 'way-chosen', way: 'both' },
    { kind: 'way-refused' },
    { kind: 'other-way' },
    { kind: 'answer-missed' },
    { kind: 'code-compared', match: true },
    { kind: 'code-compared', match: false },
    { kind: 'code-earlier', free: true },
    { kind: 'code-refused', why: 'code-missing' },
    { kind: 'code-refused', why: 'code-malformed' },
    { kind: 'code-late' },
    { kind: 'resend' },
    { kind: 'resend', flooded: true },
    { kind: 'cancel' },
    { kind: 'cancel', ending: 'sdk-timed-out' },
    { kind: 'language', language: 'ja' },
    { kind: 'tick' },
    { kind: 'delivery-failing', final: false },
    { kind: 'delivery-failing', final: true },
    { kind: 'bad-creq' },
  ]
  const answers: readonly Event[] = [{ kind: 'approved' }, { kind: 'declined' }]

  test('is over with the answer, up to the last moment', () => {
    for (const at of [start, last]) {
      expect(told(next(elsewhere, { kind: 'approved' }, at))).toBe('approved + report-result')
      expect(told(next(elsewhere, { kind: 'declined' }, at))).toBe('declined + report-result')
      for (const event of barring)
        expect(told(next(elsewhere, event, at))).toBe(`${event.kind === 'barred' && event.by} + report-result`)
    }
  })

  test('hears nothing that comes from a window', () => {
    for (const event of windows) expect(next(elsewhere, event, last)).toEqual({ challenge: elsewhere, effects: [] })
  })

  test('is not answered once its time is over, whatever comes then', () => {
    for (const event of [...answers, ...windows, ...barring])
      expect(told(next(elsewhere, event, start + time))).toBe('not-answered + report-result')
  })

  test('changes nothing any more after its end', () => {
    const over = next(elsewhere, { kind: 'declined' }, start).challenge
    for (const event of [...answers, ...windows, ...barring])
      expect(next(over, event, start + time)).toEqual({ challenge: over, effects: [] })
  })

  test('is no answer to a window that does not lead to the account', () => {
    for (const event of answers)
      for (const challenge of [awaiting, asking, choosing]) expect(next(challenge, event, start).effects).toEqual([])
  })
})

describe('the window', () => {
  test('has to open within 30 seconds, and not a moment later', () => {
    const open: Event = { kind: 'opened' }
    expect(told(next(awaiting, open, start + 30 * second - 1))).toBe('code-sent + send-code')
    expect(told(next(awaiting, open, start + 30 * second))).toBe('window-not-opened + report-result')
  })

  test('goes on when the merchant’s page is reloaded: no second code, no longer time', () => {
    expect(next(asking, { kind: 'opened' }, soon)).toEqual({ challenge: asking, effects: [] })
  })

  test('waits ten minutes for each thing submitted, counted from the page before', () => {
    const later = start + 9 * 60 * second
    const wrong = next(asking, { kind: 'code-compared', match: false }, later).challenge
    expect(told(next(wrong, { kind: 'tick' }, later + 600 * second - 1))).toBe('code-wrong')
    expect(told(next(wrong, { kind: 'tick' }, later + 600 * second))).toBe('window-timed-out + report-result')
  })

  test('counts whatever the cardholder submits, cancelling included, and nothing else', () => {
    const submitted: Event[] = [
      { kind: 'code-compared', match: true },
      { kind: 'code-compared', match: false },
      { kind: 'code-earlier', free: true },
      { kind: 'code-refused', why: 'code-missing' },
      { kind: 'code-late' },
      { kind: 'resend' },
      { kind: 'other-way' },
      { kind: 'cancel' },
    ]
    const silent: Event[] = [
      { kind: 'opened' },
      { kind: 'language', language: 'en' },
      { kind: 'tick' },
      { kind: 'delivery-failing', final: true },
      { kind: 'bad-creq' },
    ]
    const count = (event: Event) => next(asking, event, soon).challenge.interactions
    expect([submitted.map(count), silent.map(count)]).toEqual([submitted.map(() => 1), silent.map(() => 0)])
    const elsewhere: Event[] = [
      { kind: 'way-chosen', way: 'both' },
      { kind: 'answer-missed' },
      { kind: 'approved' },
      { kind: 'declined' },
      { kind: 'cancel' },
    ]
    for (const event of elsewhere) expect(next(approving, event, soon).challenge.interactions, event.kind).toBe(1)
    expect(next(choosing, { kind: 'way-refused' }, soon).challenge.interactions).toBe(1)
    for (const event of silent) expect(next(choosing, event, soon).challenge.interactions, event.kind).toBe(0)
  })

  test('speaks the language that was chosen, to its end', () => {
    const english = next(asking, { kind: 'language', language: 'en' }, soon).challenge
    expect(next(english, { kind: 'cancel' }, soon + second).challenge).toMatchObject({ language: 'en', state: 'ended' })
  })
})

describe('a window', () => {
  test('lives half an hour at the most, however often it is answered', () => {
    let challenge: Challenge = asking
    let at = start
    while (challenge.state === 'asking') {
      at = challenge.deadlineAt - 1
      challenge = next(challenge, { kind: 'language', language: 'en' }, at).challenge
      if (challenge.state === 'asking' && challenge.deadlineAt <= at + 1) break
    }
    expect(challenge).toMatchObject({ state: 'asking', deadlineAt: start + policy.windowTime })
    expect(told(next(challenge, { kind: 'tick' }, start + policy.windowTime))).toContain('window-timed-out')
  })
})

describe('the way that is chosen', () => {
  const later = soon + 60 * second
  const chose = (way: Way, from: Challenge = choosing, at = soon) => next(from, { kind: 'way-chosen', way }, at)

  test('is the way of the codes that follow', () => {
    const { challenge } = chose('sms')
    expect(challenge).toMatchObject({ way: 'sms', sends: 1, lastSentAt: soon })
    expect(next(challenge, { kind: 'resend' }, later).challenge).toMatchObject({ way: 'sms', sends: 2 })
  })

  test('can be changed, under the limits of every other code; the code before is good until then', () => {
    const again = next(chose('sms').challenge, { kind: 'other-way' }, soon).challenge
    expect(told(chose('email', again, soon + 30 * second - 1))).toBe('resend-too-soon')
    expect(chose('email', again, soon + 30 * second - 1).challenge).toMatchObject({ way: 'sms', lastSentAt: soon })
    const other = chose('email', again, soon + 30 * second)
    expect(told(other)).toBe('code-resent + send-code')
    expect(other.challenge).toMatchObject({ way: 'email', sends: 2 })
    const spent = { ...again, sends: policy.codeSends } as Choosing
    expect(told(chose('email', spent, later))).toBe('sends-spent')
  })

  test('leads back to the choice when nothing takes the code there, and another goes at once', () => {
    const failing: Event = { kind: 'delivery-failing', final: true }
    const failed = next(chose('sms').challenge, failing, soon)
    expect(told(failed)).toBe('chooses: way-failed')
    expect(told(chose('email', failed.challenge, soon))).toBe('code-resent + send-code')
    expect(told(next(chose('both').challenge, failing, soon))).toBe('delivery-failed + report-result')
  })

  test('gives no tries back', () => {
    expect(chose('email', { ...choosing, attempts: 4 }).challenge).toMatchObject({ attempts: 4 })
  })
})

describe('the account', () => {
  test('is led to once, however often it is chosen', () => {
    const back = next(approving, { kind: 'other-way' }, soon).challenge
    expect(told(next(back, { kind: 'way-chosen', way: 'account' }, soon))).toBe('approves')
  })

  test('may answer while a code is asked for instead, and the first answer counts', () => {
    const instead = next(approving, { kind: 'way-chosen', way: 'both' }, soon).challenge
    expect(told(next(instead, { kind: 'approved' }, soon))).toBe('approved + report-result')
    const proven = next(instead, { kind: 'code-compared', match: true }, soon)
    expect(told(proven)).toBe('authenticated + report-result + clear-wrong-codes')
    expect(next(proven.challenge, { kind: 'declined' }, soon)).toEqual({ challenge: proven.challenge, effects: [] })
    const choice = next(instead, { kind: 'other-way' }, soon).challenge
    expect(told(next(choice, { kind: 'declined' }, soon))).toBe('declined + report-result')
  })

  test('is waited for as a page is, to the millisecond', () => {
    expect(approving.deadlineAt).toBe(start + policy.pageTime)
    expect(told(next(approving, { kind: 'approved' }, approving.deadlineAt - 1))).toBe('approved + report-result')
    expect(told(next(approving, { kind: 'approved' }, approving.deadlineAt))).toBe('window-timed-out + report-result')
  })
})

describe('codes', () => {
  test('the last try ends the challenge when it is wrong, and opens it when it is right', () => {
    const lastTry = { ...asking, attempts: policy.codeAttempts }
    const at = (match: boolean) => told(next(lastTry, { kind: 'code-compared', match }, soon))
    expect(at(false)).toBe('tries-spent + report-result + count-wrong-code')
    expect(at(true)).toBe('authenticated + report-result + clear-wrong-codes')
  })

  test('an earlier code gives its try back the first time, and after that spends one', () => {
    const lastTry = { ...asking, attempts: policy.codeAttempts }
    expect(next(lastTry, { kind: 'code-earlier', free: true }, soon).challenge).toMatchObject({
      notice: 'code-earlier',
      attempts: policy.codeAttempts - 1,
    })
    expect(told(next(lastTry, { kind: 'code-earlier', free: false }, soon))).toBe(
      'tries-spent + report-result + count-wrong-code',
    )
  })

  test('a code that comes after its time opens nothing, even the right one', () => {
    const kept = next(asking, { kind: 'code-refused', why: 'code-missing' }, asking.codeExpiresAt - 1)
      .challenge as Asking
    const right: Event = { kind: 'code-compared', match: true }
    expect(told(next(kept, right, asking.codeExpiresAt))).toBe('code-expired')
    const lastTry = { ...kept, attempts: policy.codeAttempts }
    expect(told(next(lastTry, right, asking.codeExpiresAt))).toBe('tries-spent + report-result')
  })

  test('another code comes 30 seconds after the one before, and not a moment sooner', () => {
    expect(told(next(asking, { kind: 'resend' }, start + 30 * second - 1))).toBe('resend-too-soon')
    expect(told(next(asking, { kind: 'resend' }, start + 30 * second))).toBe('code-resent + send-code')
  })

  test('another code gives no tries back', () => {
    const tired = { ...asking, attempts: 4 }
    expect(next(tired, { kind: 'resend' }, soon).challenge).toMatchObject({ attempts: 4, sends: 2 })
  })

  test('the sixth code is not sent', () => {
    const spent = { ...asking, sends: policy.codeSends }
    expect(told(next(spent, { kind: 'resend' }, soon))).toBe('sends-spent')
  })

  test('a code that no gateway takes ends the challenge after a minute', () => {
    const failing: Event = { kind: 'delivery-failing', final: false }
    expect(told(next(asking, failing, start + 60 * second - 1))).toBe('code-sent')
    expect(told(next(asking, failing, start + 60 * second))).toBe('delivery-failed + report-result')
  })
})

describe('whatever happens in whatever order', () => {
  const anyWay = fc.constantFrom<Way>('email', 'sms', 'both', 'account')
  const anyEvent: fc.Arbitrary<Event> = fc.oneof(
    fc.record({ kind: fc.constant('opened' as const) }),
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('way-chosen' as const), way: anyWay }) },
    fc.constantFrom<Event>({ kind: 'way-refused' }, { kind: 'other-way' }, { kind: 'answer-missed' }),
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('code-compared' as const), match: fc.constant(false) }) },
    fc.record({ kind: fc.constant('code-earlier' as const), free: fc.boolean() }),
    fc.record({
      kind: fc.constant('code-refused' as const),
      why: fc.constantFrom('code-missing' as const, 'code-malformed' as const),
    }),
    fc.record({ kind: fc.constant('code-late' as const) }),
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('resend' as const) }) },
    fc.record({ kind: fc.constant('language' as const), language: fc.constantFrom('ja' as const, 'en' as const) }),
    fc.record({ kind: fc.constant('tick' as const) }),
    fc.record({ kind: fc.constant('delivery-failing' as const), final: fc.constant(false) }),
  )
  const anyEnd: fc.Arbitrary<Event> = fc.constantFrom(
    { kind: 'opened', barred: 'locked' },
    { kind: 'code-compared', match: true },
    { kind: 'approved' },
    { kind: 'declined' },
    { kind: 'cancel' },
    { kind: 'delivery-failing', final: true },
    { kind: 'bad-creq' },
  )
  /** Pauses around every limit of the policy. */
  const anyPause = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 * second }) },
    fc.constantFrom(0, 1, policy.resendAfter - 1, policy.resendAfter, policy.pageTime - 1, policy.deliveryPatience),
    fc.integer({ min: 0, max: 11 * 60 * second }),
  )
  interface Happening {
    readonly event: Event
    readonly pause: number
  }
  const happenings = (event: fc.Arbitrary<Event>, pause = anyPause) =>
    fc.array(fc.record({ event, pause }), { maxLength: 40 })
  const opening: fc.Arbitrary<Happening> = fc
    .constantFrom<First>('both', 'both', 'choosing', 'account')
    .map(first => ({ event: { kind: 'opened', first }, pause: 2 * second }))
  const opened = (rest: fc.Arbitrary<Happening[]>) => fc.tuple(opening, rest).map(([first, rest]) => [first, ...rest])
  const story = fc.oneof(
    { weight: 4, arbitrary: opened(happenings(anyEvent)) },
    opened(happenings(fc.oneof({ weight: 6, arbitrary: anyEvent }, anyEnd))),
    happenings(fc.oneof(anyEvent, anyEnd)),
  )

  interface Moment {
    readonly before: Challenge
    readonly event: Event
    readonly now: Instant
    readonly after: Challenge
    readonly effects: readonly Effect[]
  }

  const isEntered = ({ kind }: Event) => kind === 'code-compared' || kind === 'code-earlier'

  /** Lets a story happen as the use cases do: a try is counted before its code is compared, and never a sixth. */
  function live(story: readonly Happening[]): Moment[] {
    const moments: Moment[] = []
    let now = start
    let challenge: Challenge = awaiting
    for (const { event, pause } of story) {
      now += pause
      if (isEntered(event) && challenge.state === 'asking') {
        if (challenge.attempts >= policy.codeAttempts) continue
        challenge = { ...challenge, attempts: challenge.attempts + 1 }
      }
      const step: Step = next(challenge, event, now)
      moments.push({ before: challenge, event, now, after: step.challenge, effects: step.effects })
      challenge = step.challenge
    }
    return moments
  }
  const always = (promise: (moments: readonly Moment[]) => void) =>
    fc.assert(
      fc.property(story, happened => promise(live(happened))),
      { numRuns: 500 },
    )
  const doing = (moments: readonly Moment[], effect: Effect) =>
    moments.filter(({ effects }) => effects.includes(effect))
  const over = (moments: readonly Moment[]) => moments.at(-1)?.after.state === 'ended'

  test('an ended challenge never changes and never asks for anything', () => {
    always(moments => {
      for (const { before, after, effects } of moments) {
        if (before.state === 'ended') expect({ after, effects }).toEqual({ after: before, effects: [] })
      }
    })
  })

  test('a challenge that ends is reported once, and one that has not ended is not', () => {
    always(moments => {
      const reports = doing(moments, 'report-result')
      expect(reports).toHaveLength(over(moments) ? 1 : 0)
      for (const { before, after } of reports) expect([before.state !== 'ended', after.state]).toEqual([true, 'ended'])
    })
  })

  test('a burst of wrong codes cannot exceed the attempt budget: the fifth ends the challenge', () => {
    always(moments => {
      const compared = moments.filter(
        ({ before, event }) =>
          before.state === 'asking' && isEntered(event) && !(event.kind === 'code-earlier' && event.free),
      )
      expect(compared.length).toBeLessThanOrEqual(policy.codeAttempts)
      if (compared.length === policy.codeAttempts) expect(over(moments)).toBe(true)
    })
  })

  test('at most five codes are sent, and sends are what is counted', () => {
    always(moments => {
      const sent = doing(moments, 'send-code').length
      expect(sent).toBeLessThanOrEqual(policy.codeSends)
      expect(moments.at(-1)?.after.sends ?? 0).toBe(sent)
    })
  })

  test('two codes are never sent within 30 seconds, unless the first reached nobody', () => {
    always(moments => {
      let sentAt: Instant | undefined
      for (const { after, effects, now } of moments) {
        const sent = effects.includes('send-code')
        if (sent && sentAt !== undefined) expect(now - sentAt).toBeGreaterThanOrEqual(30 * second)
        if (sent) sentAt = now
        if ('notice' in after && after.notice === 'way-failed') sentAt = undefined
      }
    })
  })

  test('the account is led to once at the most, and answers only where it was', () => {
    always(moments => {
      const led = doing(moments, 'ask-in-account')
      expect(led.length).toBeLessThanOrEqual(1)
      const last = moments.at(-1)?.after
      if (last?.state === 'ended' && ['approved', 'declined'].includes(last.ending)) expect(led).toHaveLength(1)
    })
  })

  test('no code outlives the page that asks for it, nor ten minutes', () => {
    always(moments => {
      for (const { after } of moments) {
        if (after.state !== 'asking') continue
        expect(after.codeExpiresAt).toBeLessThanOrEqual(after.deadlineAt)
        expect(after.codeExpiresAt - after.lastSentAt).toBeLessThanOrEqual(policy.codeLifetime)
      }
    })
  })

  test('a code opens nothing after its time', () => {
    always(moments => {
      for (const { before, after, now } of moments) {
        if (after.state !== 'ended' || after.ending !== 'authenticated' || before.state === 'ended') continue
        expect(before.state === 'asking' && now < before.codeExpiresAt).toBe(true)
      }
    })
  })

  test('who is not heard of again is over: every deadline passes into an ending', () => {
    always(moments => {
      const last = moments.at(-1)?.after ?? awaiting
      if (last.state === 'ended') return
      expect(next(last, { kind: 'tick' }, last.deadlineAt).effects).toEqual(['report-result'])
      expect(last.deadlineAt).toBeLessThanOrEqual((moments.at(-1)?.now ?? start) + policy.pageTime)
    })
  })

  test('nothing happens after a deadline but the end', () => {
    always(moments => {
      for (const { before, after, now } of moments) {
        if (before.state === 'ended' || now < before.deadlineAt) continue
        expect(after).toMatchObject({
          state: 'ended',
          ending: before.state === 'awaiting-creq' ? 'window-not-opened' : 'window-timed-out',
        })
      }
    })
  })

  test('every wrong code counts against the card, only a right one clears it', () => {
    always(moments => {
      const last = moments.at(-1)?.after
      const ending = last?.state === 'ended' ? last.ending : undefined
      const wrong = moments.filter(
        ({ before, event, after }) =>
          before.state === 'asking' &&
          (event.kind === 'code-compared' ? !event.match : event.kind === 'code-earlier' && !event.free) &&
          !(after.state === 'ended' && after.ending === 'window-timed-out'),
      )
      expect(doing(moments, 'count-wrong-code')).toEqual(wrong)
      expect(doing(moments, 'clear-wrong-codes')).toHaveLength(ending === 'authenticated' ? 1 : 0)
    })
  })

  test('counters only grow', () => {
    always(moments => {
      for (const { before, event, after } of moments) {
        const givenBack =
          'notice' in after && after.notice === 'code-earlier' && event.kind === 'code-earlier' && event.free
        expect(after.attempts).toBe(before.attempts - (givenBack && before.state === 'asking' ? 1 : 0))
        expect([after.sends - before.sends, after.interactions - before.interactions]).toSatisfy((grown: number[]) =>
          grown.every(by => by === 0 || by === 1),
        )
      }
    })
  })

  test('the stories above go where they should: each limit is reached', () => {
    const lives = fc.sample(story, { numRuns: 2000, seed: 7 }).map(live)
    const reached = new Set(lives.flat().map(({ after }) => (after.state === 'ended' ? after.ending : 'goes on')))
    const notices = new Set(lives.flat().map(({ after }) => ('notice' in after ? after.notice : 'none')))
    expect([...reached].sort()).toEqual(
      ['approved', 'authenticated', 'bad-creq', 'cancelled', 'declined', 'delivery-failed', 'goes on', 'locked'].concat(
        ['tries-spent', 'window-not-opened', 'window-timed-out'],
      ),
    )
    expect([...notices]).toEqual(
      expect.arrayContaining([
        'sends-spent',
        'resend-too-soon',
        'code-expired',
        'code-wrong',
        'code-earlier',
        'way-failed',
      ]),
    )
  })
})
