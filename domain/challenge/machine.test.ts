import { describe, expect, test } from 'vitest'
import { codePolicy } from '#domain/code/policy.ts'
import type { Restriction } from '#domain/contact/code-recipients.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import { anyCode, sendsCode } from '#domain/methods/selection.ts'
import fc from '#domain/testing/fast-check.ts'
import { asOf, begin, beginDecoupled, beginSpc, next } from './machine.ts'
import { policy } from './policy.ts'
import type {
  Asking,
  AwaitingApproval,
  AwaitingCardholder,
  AwaitingCReq,
  Challenge,
  Choosing,
  Effect,
  Ended,
  Event,
  Start,
  Step,
} from './states.ts'

/** A start in which every selected method can begin. */
const starts = (...ids: MethodId[]): Start => ({ kind: 'methods', selected: ids, begun: ids })
const smsLimited = (restriction?: Restriction): Start => ({ kind: 'sms-limited', restriction })
const opened = (...ids: readonly MethodId[]): Event => ({ kind: 'opened', start: starts(...ids) })
const select = (...ids: readonly MethodId[]): Event => ({ kind: 'method-selected', start: starts(...ids) })
const resend: Event = { kind: 'resend', start: starts(...anyCode) }
const code = (event: ProofEvent, method: MethodId = 'email-code'): Event => ({ kind: 'answered', method, event })
const right = code({ kind: 'compared', compared: { kind: 'match' } })
const wrong = code({ kind: 'compared', compared: { kind: 'other' } })
const earlier = (first: boolean) => code({ kind: 'compared', compared: { kind: 'earlier', first, earlier: [] } })
const unreadable = (why: 'missing' | 'malformed') => code({ kind: 'unreadable', why })
const refused = (otherMethods: boolean): Event => ({ kind: 'codes-refused', by: 'limited', otherMethods })
const lost = (stillAsked: readonly MethodId[], otherMethods: boolean): Event => ({
  kind: 'contact-lost',
  channel: 'sms',
  stillAsked,
  otherMethods,
})
const inAccount = (kind: 'approved' | 'declined' | 'missed'): Event => code({ kind }, 'account')

const second = 1000
const start: Instant = Date.UTC(2026, 10, 22, 6, 15, 0)

const awaiting: AwaitingCReq = begin('ja', start)
/** The window opened immediately, a code was sent and the cardholder is typing. */
const asking = next(awaiting, opened(...anyCode), start).challenge as Asking
const ended = next(asking, { kind: 'cancel' }, start + 45 * second).challenge as Ended
/** Late enough after the first code for a resend, and well before any deadline. */
const soon = start + 45 * second

/**
 * The window opened immediately, and the cardholder is choosing a method (`choosing`) or approving in the account
 * (`approving`).
 */
const choosing = next(awaiting, { kind: 'opened', start: 'choosing' }, start).challenge as Choosing
const approving = next(awaiting, opened('account'), start).challenge as AwaitingApproval

/** Summarises a step: the state or outcome of the challenge, its notice and the effects. */
function told({ challenge, effects }: Step): string {
  return [standing(challenge), ...effects.map(nameOf)].join(' + ')
}

function nameOf(effect: Effect): string {
  switch (effect.kind) {
    case 'begin':
      return `begin ${effect.methods.join(' & ')}`
    case 'prove':
      return `prove ${effect.method}`
    default:
      return effect.kind
  }
}

function standing(challenge: Challenge): string {
  switch (challenge.state) {
    case 'ended':
      return challenge.outcome
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
  // Expected results before the window opens, while it asks for a code, while it offers methods, and while it awaits
  // approval.
  test.each<[event: Event, ...expected: [string, string, string, string]]>([
    [opened(...anyCode), 'code-sent + begin email-code & sms-code', 'code-sent', 'chooses', 'approves'],
    [opened('email-code'), 'code-sent + begin email-code', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', start: 'choosing' }, 'chooses', 'code-sent', 'chooses', 'approves'],
    [opened('account'), 'approves + begin account', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'nothing-to-show' }, 'delivery-failed!', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', barred: 'card-closed' }, 'card-closed!', 'code-sent', 'chooses', 'approves'],
    [refused(true), 'awaiting', 'chooses: codes-limited', 'chooses', 'approves'],
    [refused(false), 'awaiting', 'locked!', 'chooses', 'approves'],
    [{ kind: 'barred', by: 'card-stolen' }, 'awaiting', 'card-stolen!', 'card-stolen!', 'card-stolen!'],
    [select('email-code'), 'awaiting', 'code-sent', 'code-sent + begin email-code', 'code-sent + begin email-code'],
    [select('sms-code'), 'awaiting', 'code-sent', 'code-sent + begin sms-code', 'code-sent + begin sms-code'],
    [
      select(...anyCode),
      'awaiting',
      'code-sent',
      'code-sent + begin email-code & sms-code',
      'code-sent + begin email-code & sms-code',
    ],
    [
      { kind: 'method-selected', start: { kind: 'flooded' } },
      'awaiting',
      'code-sent',
      'chooses: codes-spent',
      'approves: codes-spent',
    ],
    [select('account'), 'awaiting', 'approves + begin account', 'approves + begin account', 'approves'],
    [
      select('passkey'),
      'awaiting',
      'undefined + begin passkey',
      'undefined + begin passkey',
      'undefined + begin passkey',
    ],
    [{ kind: 'method-missing' }, 'awaiting', 'code-sent', 'chooses: method-missing', 'approves'],
    [{ kind: 'other-method' }, 'awaiting', 'chooses', 'chooses', 'chooses'],
    [lost(['email-code'], true), 'awaiting', 'contact-lost', 'chooses', 'approves'],
    [lost([], true), 'awaiting', 'chooses: contact-lost', 'chooses', 'approves'],
    [lost([], false), 'awaiting', 'contacts-lost!', 'chooses', 'approves'],
    [inAccount('missed'), 'awaiting', 'code-sent', 'chooses', 'approves: answer-missing'],
    [
      inAccount('approved'),
      'awaiting',
      'code-sent',
      'chooses',
      'approved + prove account + clear-wrong-answers + remember-method!',
    ],
    [inAccount('declined'), 'awaiting', 'code-sent', 'chooses', 'declined!'],
    [{ kind: 'resend', start: { kind: 'flooded' } }, 'awaiting', 'resends-spent', 'chooses', 'approves'],
    [resend, 'awaiting', 'code-resent + begin email-code & sms-code', 'chooses', 'approves'],
    [
      right,
      'awaiting',
      'authenticated + prove email-code + clear-wrong-answers + remember-browser!',
      'chooses',
      'approves',
    ],
    [wrong, 'awaiting', 'code-wrong + count-wrong-answer', 'chooses', 'approves'],
    [earlier(true), 'awaiting', 'code-earlier', 'chooses', 'approves'],
    [earlier(false), 'awaiting', 'code-earlier + count-wrong-answer', 'chooses', 'approves'],
    [unreadable('missing'), 'awaiting', 'code-missing', 'chooses', 'approves'],
    [unreadable('malformed'), 'awaiting', 'code-malformed', 'chooses', 'approves'],
    [code({ kind: 'late' }), 'awaiting', 'code-expired', 'chooses', 'approves'],
    [{ kind: 'cancel' }, 'cancelled!', 'cancelled!', 'cancelled!', 'cancelled!'],
    [
      { kind: 'cancel', outcome: 'sdk-timed-out' },
      'sdk-timed-out!',
      'sdk-timed-out!',
      'sdk-timed-out!',
      'sdk-timed-out!',
    ],
    [{ kind: 'language', language: 'en' }, 'awaiting', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'tick' }, 'awaiting', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'delivery-failing', final: false }, 'awaiting', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'delivery-failing', final: true }, 'awaiting', 'delivery-failed!', 'chooses', 'approves'],
    [{ kind: 'opened', start: smsLimited() }, 'sms-limited!', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', start: smsLimited('report-open') }, 'report-open!', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', start: { kind: 'no-contact' } }, 'delivery-failed!', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'opened', start: { kind: 'flooded' } }, 'locked!', 'code-sent', 'chooses', 'approves'],
    [{ kind: 'resend', start: smsLimited('report-open') }, 'awaiting', 'resends-spent', 'chooses', 'approves'],
    [{ kind: 'resend', start: { kind: 'no-contact' } }, 'awaiting', 'delivery-failed!', 'chooses', 'approves'],
    [
      { kind: 'method-selected', start: smsLimited() },
      'awaiting',
      'code-sent',
      'chooses: codes-spent',
      'approves: codes-spent',
    ],
    [
      { kind: 'method-selected', start: { kind: 'no-contact' } },
      'awaiting',
      'code-sent',
      'delivery-failed!',
      'delivery-failed!',
    ],
    [{ kind: 'bad-creq' }, 'bad-creq!', 'bad-creq!', 'bad-creq!', 'bad-creq!'],
  ])('%o: %s; %s; %s; %s; and no effect after the end', (event, ...expected) => {
    const states = [awaiting, asking, choosing, approving] as const
    const at = [start + 29 * second, soon, soon, soon]
    const steps = states.map((state, index) => next(state, event, at[index] ?? soon))
    expect(steps.map(told)).toEqual(expected.map(reported))
    expect(next(ended, event, soon)).toEqual({ challenge: ended, effects: [] })
    const late = states.map(state => told(next(state, event, state.deadlineAt)))
    const over = ['window-not-opened', 'window-timed-out', 'window-timed-out', 'window-timed-out']
    expect(late).toEqual(over.map(outcome => `${outcome} + report-result`))
  })
})

describe('a decoupled authentication', () => {
  const time = 60 * 60 * second
  const decoupled: AwaitingCardholder = beginDecoupled('en', time, start)
  const last = start + time - 1
  const barring: readonly Event[] = (['card-stolen', 'card-closed', 'card-expired'] as const).map(by => ({
    kind: 'barred',
    by,
  }))
  /** Every event that only a window can cause; a decoupled authentication has no window. */
  const windows: readonly Event[] = [
    opened(...anyCode),
    { kind: 'opened', barred: 'card-closed' },
    refused(true),
    opened('account'),
    select('account'),
    select(...anyCode),
    { kind: 'method-missing' },
    { kind: 'other-method' },
    inAccount('missed'),
    right,
    wrong,
    earlier(true),
    unreadable('missing'),
    unreadable('malformed'),
    code({ kind: 'late' }),
    resend,
    { kind: 'resend', start: { kind: 'flooded' } },
    { kind: 'cancel' },
    { kind: 'cancel', outcome: 'sdk-timed-out' },
    { kind: 'language', language: 'ja' },
    { kind: 'tick' },
    { kind: 'delivery-failing', final: false },
    { kind: 'delivery-failing', final: true },
    { kind: 'bad-creq' },
  ]
  const answers: readonly Event[] = [inAccount('approved'), inAccount('declined')]

  test('ends with the answer, up to the last millisecond', () => {
    for (const at of [start, last]) {
      expect(told(next(decoupled, inAccount('approved'), at))).toBe(
        'approved + prove account + clear-wrong-answers + report-result',
      )
      expect(told(next(decoupled, inAccount('declined'), at))).toBe('declined + report-result')
      for (const event of barring)
        expect(told(next(decoupled, event, at))).toBe(`${event.kind === 'barred' && event.by} + report-result`)
    }
  })

  test('ignores every event that comes from a window', () => {
    for (const event of windows) expect(next(decoupled, event, last)).toEqual({ challenge: decoupled, effects: [] })
  })

  test('ends as not answered with any event after its deadline', () => {
    for (const event of [...answers, ...windows, ...barring])
      expect(told(next(decoupled, event, start + time))).toBe('not-answered + report-result')
  })

  test('does not change after its end', () => {
    const over = next(decoupled, inAccount('declined'), start).challenge
    for (const event of [...answers, ...windows, ...barring])
      expect(next(over, event, start + time)).toEqual({ challenge: over, effects: [] })
  })

  test('does not accept an approval in a window that never began approval in the account', () => {
    for (const event of answers)
      for (const challenge of [awaiting, asking, choosing]) expect(next(challenge, event, start).effects).toEqual([])
  })
})

describe('the window', () => {
  test('has to open within 30 seconds, to the millisecond', () => {
    const open: Event = opened(...anyCode)
    expect(told(next(awaiting, open, start + 30 * second - 1))).toBe('code-sent + begin email-code & sms-code')
    expect(told(next(awaiting, open, start + 30 * second))).toBe('window-not-opened + report-result')
  })

  test('continues after a reload of the merchant’s page without a second code or a later deadline', () => {
    expect(next(asking, opened(...anyCode), soon)).toEqual({ challenge: asking, effects: [] })
  })

  test('waits ten minutes for each submission, counted from the previous page', () => {
    const later = start + 9 * 60 * second
    const afterWrong = next(asking, wrong, later).challenge
    expect(told(next(afterWrong, { kind: 'tick' }, later + 600 * second - 1))).toBe('code-wrong')
    expect(told(next(afterWrong, { kind: 'tick' }, later + 600 * second))).toBe('window-timed-out + report-result')
  })

  test('counts every submission by the cardholder, including a cancellation, and nothing else', () => {
    const submitted: Event[] = [
      right,
      wrong,
      earlier(true),
      unreadable('missing'),
      code({ kind: 'late' }),
      resend,
      { kind: 'other-method' },
      { kind: 'cancel' },
    ]
    const silent: Event[] = [
      opened(...anyCode),
      { kind: 'language', language: 'en' },
      { kind: 'tick' },
      { kind: 'delivery-failing', final: true },
      { kind: 'bad-creq' },
    ]
    const count = (event: Event) => next(asking, event, soon).challenge.interactions
    expect([submitted.map(count), silent.map(count)]).toEqual([submitted.map(() => 1), silent.map(() => 0)])
    const decoupled: Event[] = [
      select(...anyCode),
      inAccount('missed'),
      inAccount('approved'),
      inAccount('declined'),
      { kind: 'cancel' },
    ]
    for (const event of decoupled) expect(next(approving, event, soon).challenge.interactions, event.kind).toBe(1)
    expect(next(choosing, { kind: 'method-missing' }, soon).challenge.interactions).toBe(1)
    for (const event of silent) expect(next(choosing, event, soon).challenge.interactions, event.kind).toBe(0)
  })

  test('keeps the chosen language to its end', () => {
    const english = next(asking, { kind: 'language', language: 'en' }, soon).challenge
    expect(next(english, { kind: 'cancel' }, soon + second).challenge).toMatchObject({ language: 'en', state: 'ended' })
  })
})

describe('a window', () => {
  test('lasts at most half an hour, however often its pages are submitted', () => {
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

describe('the selected method', () => {
  const later = soon + 60 * second
  const chose = (from: Challenge, at: Instant, ...ids: readonly MethodId[]) => next(from, select(...ids), at)
  const bySms = chose(choosing, soon, 'sms-code').challenge as Asking

  test('is recorded when its code is sent', () => {
    expect(bySms).toMatchObject({ selected: ['sms-code'], sends: 1, lastSentAt: soon })
    const again = next(bySms, { kind: 'resend', start: starts('sms-code') }, later).challenge
    expect(again).toMatchObject({ selected: ['sms-code'], sends: 2 })
  })

  test('is kept when the code is sent by another method', () => {
    const start: Start = { kind: 'methods', selected: ['sms-code'], begun: ['email-code'] }
    const step = next(choosing, { kind: 'method-selected', start }, soon)
    expect(told(step)).toBe('code-sent + begin email-code')
    expect(step.challenge).toMatchObject({ selected: ['sms-code'] })
  })

  test('can be changed within the limits of a resend, and the previous code is valid until then', () => {
    const again = next(bySms, { kind: 'other-method' }, soon).challenge
    const tooSoon = chose(again, soon + 30 * second - 1, 'email-code')
    expect(told(tooSoon)).toBe('resend-too-soon')
    expect(tooSoon.challenge).toMatchObject({ selected: ['sms-code'], lastSentAt: soon })
    const other = chose(again, soon + 30 * second, 'email-code')
    expect(told(other)).toBe('code-resent + begin email-code')
    expect(other.challenge).toMatchObject({ selected: ['email-code'], sends: 2 })
    const spent = { ...again, sends: codePolicy.challenge.sends } as Choosing
    expect(told(chose(spent, later, 'email-code'))).toBe('resends-spent')
  })

  test('returns to the choice when no gateway accepts its code, and another method can begin immediately', () => {
    const failing: Event = { kind: 'delivery-failing', final: true }
    const failed = next(bySms, failing, soon)
    expect(told(failed)).toBe('chooses: method-failed')
    expect(told(chose(failed.challenge, soon, 'email-code'))).toBe('code-resent + begin email-code')
    const toBoth = chose(choosing, soon, ...anyCode).challenge
    expect(told(next(toBoth, { ...failing, otherMethods: true }, soon))).toBe('chooses: method-failed')
    expect(told(next(toBoth, failing, soon))).toBe('delivery-failed + report-result')
  })

  test('does not give attempts back when it changes', () => {
    expect(chose({ ...choosing, attempts: 4 }, soon, 'email-code').challenge).toMatchObject({ attempts: 4 })
  })
})

describe('the proof', () => {
  test.each(anyCode)('is recorded for the method whose code was entered: %s', method => {
    const step = next(asking, code({ kind: 'compared', compared: { kind: 'match' } }, method), soon)
    expect(step.effects).toContainEqual({ kind: 'prove', method })
    expect(step.effects).toContainEqual({ kind: 'remember-browser', method })
  })

  test('is remembered of neither browser nor merchant if another page may have covered the window', () => {
    const event = { ...code({ kind: 'compared', compared: { kind: 'match' } }, 'passkey'), trust: true } as Event
    const effects = (foreignFrame: boolean) =>
      next({ ...asking, selected: ['passkey'] }, { ...event, foreignFrame } as Event, soon).effects.map(
        ({ kind }) => kind,
      )
    expect(effects(false)).toEqual(expect.arrayContaining(['remember-browser', 'trust-merchant']))
    expect(effects(true)).not.toContain('remember-browser')
    expect(effects(true)).not.toContain('trust-merchant')
    expect(effects(true)).toContain('prove')
  })

  test('decides whether the merchant may be trusted: access to a mailbox is not enough', () => {
    const trusted = (method: MethodId) => {
      const event = { ...code({ kind: 'compared', compared: { kind: 'match' } }, method), trust: true } as Event
      return next(asking, event, soon).effects.some(({ kind }) => kind === 'trust-merchant')
    }
    expect(anyCode.filter(trusted)).toEqual(anyCode.filter(id => methods[id].proves !== 'mailbox'))
  })

  test('does not make the browser known when it is an approval in the account', () => {
    expect(next(approving, inAccount('approved'), soon).effects).toEqual([
      { kind: 'prove', method: 'account' },
      { kind: 'clear-wrong-answers', of: 'card' },
      { kind: 'remember-method', method: 'account' },
      { kind: 'report-result', method: 'account' },
    ])
  })

  test('is not recorded for a correct code of a withdrawn method, whose attempt is given back', () => {
    const step = next({ ...asking, attempts: 3 }, code({ kind: 'withdrawn' }), soon)
    expect(told(step)).toBe('code-expired')
    expect(step.challenge).toMatchObject({ attempts: 2 })
  })
})

describe('a wrong code', () => {
  const wrongBefore = (codes: 'permitted' | 'limited' | 'stopped', otherMethods: boolean, attempts = 1) =>
    next({ ...asking, attempts }, { ...wrong, ifWrong: { codes, otherMethods } } as Event, soon)

  test('asks again while the limits of the card permit codes', () => {
    const step = wrongBefore('permitted', true)
    expect(told(step)).toBe('code-wrong + count-wrong-answer')
    expect(step.challenge).toMatchObject({ state: 'asking' })
  })

  test('leads to the other methods, or ends the challenge, when it is the last that the limits permit', () => {
    expect(told(wrongBefore('limited', true))).toBe('chooses: codes-limited + count-wrong-answer')
    expect(told(wrongBefore('limited', false))).toBe('locked + count-wrong-answer + report-result')
    expect(told(wrongBefore('stopped', true))).toBe('chooses: codes-stopped + count-wrong-answer + codes-stopped')
    expect(wrongBefore('stopped', true).challenge).toMatchObject({ codeExpiresAt: undefined })
  })

  test('stops the codes of the card before the result is fixed when it also uses the last attempt', () => {
    const { challenge, effects } = wrongBefore('stopped', false, codePolicy.challenge.attempts)
    expect(challenge).toMatchObject({ outcome: 'attempts-spent' })
    expect(effects.map(({ kind }) => kind)).toEqual(['count-wrong-answer', 'codes-stopped', 'report-result'])
  })
})

test('a code resets the wrong codes of clients like its own, and a stronger proof those of the whole card', () => {
  const cleared = (challenge: Challenge, event: Event) =>
    next(challenge, event, soon).effects.filter(({ kind }) => kind === 'clear-wrong-answers')
  expect(cleared(asking, right)).toEqual([{ kind: 'clear-wrong-answers', of: 'client' }])
  expect(cleared(approving, inAccount('approved'))).toEqual([{ kind: 'clear-wrong-answers', of: 'card' }])
  expect(cleared(approving, inAccount('declined'))).toEqual([])
})

test('the page of approval says why the cardholder is not asked for a code', () => {
  const begun: Start = { kind: 'methods', selected: ['account'], begun: ['account'], notice: 'codes-stopped' }
  expect(told(next(awaiting, { kind: 'opened', start: begun }, start))).toBe('approves: codes-stopped + begin account')
})

test('a challenge has ended once its deadline has passed, even if that has not been saved yet', () => {
  expect(asOf(asking, asking.deadlineAt - 1)).toBe(asking)
  expect(asOf(asking, asking.deadlineAt)).toMatchObject({ state: 'ended', outcome: 'window-timed-out' })
  expect(asOf(ended, asking.deadlineAt)).toBe(ended)
})

describe('approval in the account', () => {
  test('begins once, however often it is chosen', () => {
    const back = next(approving, { kind: 'other-method' }, soon).challenge
    expect(told(next(back, select('account'), soon))).toBe('approves')
  })

  test('can still arrive while a code is asked for instead, and the first answer decides', () => {
    const instead = next(approving, select(...anyCode), soon).challenge
    expect(told(next(instead, inAccount('approved'), soon))).toBe(
      'approved + prove account + clear-wrong-answers + remember-method + report-result',
    )
    const proven = next(instead, right, soon)
    expect(told(proven)).toBe(
      'authenticated + prove email-code + clear-wrong-answers + remember-browser + report-result',
    )
    expect(next(proven.challenge, inAccount('declined'), soon)).toEqual({ challenge: proven.challenge, effects: [] })
    const choice = next(instead, { kind: 'other-method' }, soon).challenge
    expect(told(next(choice, inAccount('declined'), soon))).toBe('declined + report-result')
  })

  test('is awaited until the deadline of its page, to the millisecond', () => {
    expect(approving.deadlineAt).toBe(start + policy.pageTime)
    expect(told(next(approving, inAccount('approved'), approving.deadlineAt - 1))).toBe(
      'approved + prove account + clear-wrong-answers + remember-method + report-result',
    )
    expect(told(next(approving, inAccount('approved'), approving.deadlineAt))).toBe('window-timed-out + report-result')
  })
})

describe('a passkey', () => {
  const failing: Event = { kind: 'delivery-failing', final: true }
  const passkey = next(asking, select('passkey'), soon).challenge as Asking
  const signed = (kind: 'match' | 'other') => code({ kind: 'compared', compared: { kind } }, 'passkey')

  test('is asked for beside the code that was sent, which stays valid', () => {
    expect(passkey).toMatchObject({ state: 'asking', selected: ['passkey'], codeExpiresAt: asking.codeExpiresAt })
    const back = next(passkey, resend, start + 20 * second).challenge
    expect(back).toMatchObject({ state: 'asking', selected: anyCode, notice: 'resend-too-soon' })
    expect(told(next(back, right, soon))).toMatch(/^authenticated \+ prove email-code/)
  })

  test('ends the challenge with its signature, even after the code has expired', () => {
    const proven = 'authenticated + prove passkey + clear-wrong-answers + remember-browser + report-result'
    const later = asking.codeExpiresAt ?? 0
    expect(told(next(passkey, signed('match'), soon))).toBe(proven)
    expect(told(next({ ...passkey, deadlineAt: later + 1 }, signed('match'), later))).toBe(proven)
  })

  test('is asked for again after a signature that is refused, which does not count against the card', () => {
    const refused = next(passkey, signed('other'), soon)
    expect(refused.challenge).toMatchObject({ notice: 'passkey-failed', selected: ['passkey'] })
    expect(refused.effects).toEqual([])
  })

  test('is not begun twice when its form is submitted twice', () => {
    expect(next(passkey, select('passkey'), soon).challenge).toEqual(passkey)
  })

  test('is waited for although no code can be delivered', () => {
    expect(next(passkey, failing, soon)).toEqual({ challenge: passkey, effects: [] })
    expect(told(next(asking, failing, soon))).toBe('delivery-failed + report-result')
  })

  test('can be replaced by a code where none was sent before', () => {
    const first = next(awaiting, opened('passkey'), start)
    expect(first.effects).toEqual([{ kind: 'begin', methods: ['passkey'] }])
    expect(told(next(first.challenge, resend, start))).toBe('code-sent + begin email-code & sms-code')
    const flooded: Event = { kind: 'resend', start: { kind: 'flooded' } }
    expect(next(first.challenge, flooded, start).challenge).toMatchObject({
      selected: ['passkey'],
      notice: 'codes-spent',
    })
  })
})

describe('codes', () => {
  test('the last attempt ends the challenge when it is wrong, and succeeds when it is right', () => {
    const lastTry = { ...asking, attempts: codePolicy.challenge.attempts }
    const at = (match: boolean) => told(next(lastTry, match ? right : wrong, soon))
    expect(at(false)).toBe('attempts-spent + count-wrong-answer + report-result')
    expect(at(true)).toBe('authenticated + prove email-code + clear-wrong-answers + remember-browser + report-result')
  })

  test('an earlier code gives its attempt back the first time, and uses one after that', () => {
    const lastTry = { ...asking, attempts: codePolicy.challenge.attempts }
    expect(next(lastTry, earlier(true), soon).challenge).toMatchObject({
      notice: 'code-earlier',
      attempts: codePolicy.challenge.attempts - 1,
    })
    expect(told(next(lastTry, earlier(false), soon))).toBe('attempts-spent + count-wrong-answer + report-result')
  })

  test('an expired code is not accepted, even if it is right', () => {
    const kept = next(asking, unreadable('missing'), (asking.codeExpiresAt ?? 0) - 1).challenge as Asking
    expect(told(next(kept, right, asking.codeExpiresAt ?? 0))).toBe('code-expired')
    const lastTry = { ...kept, attempts: codePolicy.challenge.attempts }
    expect(told(next(lastTry, right, asking.codeExpiresAt ?? 0))).toBe('attempts-spent + report-result')
  })

  test('another code is sent 30 seconds after the previous one, and not a millisecond sooner', () => {
    expect(told(next(asking, resend, start + 30 * second - 1))).toBe('resend-too-soon')
    expect(told(next(asking, resend, start + 30 * second))).toBe('code-resent + begin email-code & sms-code')
  })

  test('another code does not give attempts back', () => {
    const tired = { ...asking, attempts: 4 }
    expect(next(tired, resend, soon).challenge).toMatchObject({ attempts: 4, sends: 2 })
  })

  test('the sixth code is not sent', () => {
    const spent = { ...asking, sends: codePolicy.challenge.sends }
    expect(told(next(spent, resend, soon))).toBe('resends-spent')
  })

  test('a code that no gateway accepts ends the challenge after a minute', () => {
    const failing: Event = { kind: 'delivery-failing', final: false }
    expect(told(next(asking, failing, start + 60 * second - 1))).toBe('code-sent')
    expect(told(next(asking, failing, start + 60 * second))).toBe('delivery-failed + report-result')
  })
})

describe('every order of events', () => {
  const anySelection = fc
    .constantFrom<readonly MethodId[]>(['email-code'], ['sms-code'], anyCode, ['account'], ['passkey'])
    .map(ids => select(...ids))
  const anyEvent: fc.Arbitrary<Event> = fc.oneof(
    fc.constant(opened(...anyCode)),
    { weight: 2, arbitrary: anySelection },
    fc.constantFrom<Event>({ kind: 'method-missing' }, { kind: 'other-method' }, inAccount('missed')),
    fc.constant(lost(['email-code'], true)),
    { weight: 6, arbitrary: fc.constant(wrong) },
    fc.boolean().map(earlier),
    fc.constantFrom(unreadable('missing'), unreadable('malformed')),
    fc.constantFrom(code({ kind: 'late' }), code({ kind: 'withdrawn' })),
    { weight: 8, arbitrary: fc.constant(resend) },
    fc.record({ kind: fc.constant('language' as const), language: fc.constantFrom('ja' as const, 'en' as const) }),
    fc.record({ kind: fc.constant('tick' as const) }),
    fc.record({ kind: fc.constant('delivery-failing' as const), final: fc.constant(false) }),
  )
  const anyEnd: fc.Arbitrary<Event> = fc.constantFrom<Event[]>(
    lost([], false),
    lost([], true),
    { kind: 'opened', start: { kind: 'flooded' } },
    right,
    inAccount('approved'),
    inAccount('declined'),
    { kind: 'cancel' },
    { kind: 'delivery-failing', final: true },
    { kind: 'bad-creq' },
  )
  /** Pauses around every time limit of the policy. */
  const anyPause = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 * second }) },
    fc.constantFrom(
      0,
      1,
      codePolicy.challenge.resendAfter - 1,
      codePolicy.challenge.resendAfter,
      policy.pageTime - 1,
      policy.deliveryPatience,
    ),
    fc.integer({ min: 0, max: 11 * 60 * second }),
  )
  interface ActivityEntry {
    readonly event: Event
    readonly pause: number
  }
  const entries = (event: fc.Arbitrary<Event>, pause = anyPause) =>
    fc.array(fc.record({ event, pause }), { maxLength: 40 })
  const opening: fc.Arbitrary<ActivityEntry> = fc
    .constantFrom<Event>(
      opened(...anyCode),
      opened(...anyCode),
      { kind: 'opened', start: 'choosing' },
      opened('account'),
    )
    .map(event => ({ event, pause: 2 * second }))
  const afterOpening = (rest: fc.Arbitrary<ActivityEntry[]>) =>
    fc.tuple(opening, rest).map(([first, rest]) => [first, ...rest])
  const story = fc.oneof(
    { weight: 4, arbitrary: afterOpening(entries(anyEvent)) },
    afterOpening(entries(fc.oneof({ weight: 6, arbitrary: anyEvent }, anyEnd))),
    entries(fc.oneof(anyEvent, anyEnd)),
  )

  interface Moment {
    readonly before: Challenge
    readonly event: Event
    readonly now: Instant
    readonly after: Challenge
    readonly effects: readonly Effect[]
  }

  /** How an entered code compares; undefined: nothing was compared. */
  const comparedIn = (event: Event) =>
    event.kind === 'answered' && event.event.kind === 'compared' ? event.event.compared : undefined
  const isWithdrawn = (event: Event) => event.kind === 'answered' && event.event.kind === 'withdrawn'
  const isEntered = (event: Event) => comparedIn(event) !== undefined || isWithdrawn(event)
  const isFree = (event: Event) => {
    const compared = comparedIn(event)
    return isWithdrawn(event) || (compared?.kind === 'earlier' && compared.first)
  }
  const isWrong = (event: Event) => isEntered(event) && comparedIn(event)?.kind !== 'match' && !isFree(event)
  const sendsCodes = (effect: Effect) => effect.kind === 'begin' && effect.methods.some(id => anyCode.includes(id))

  /**
   * Plays a story as the use cases do: an attempt is counted before its code is compared, a sixth is never counted,
   * nor is one after the code has expired.
   */
  function live(story: readonly ActivityEntry[]): Moment[] {
    const moments: Moment[] = []
    let now = start
    let challenge: Challenge = awaiting
    for (const { event, pause } of story) {
      now += pause
      if (isEntered(event) && challenge.state === 'asking') {
        const isLate = now >= (challenge.codeExpiresAt ?? 0) && comparedIn(event)?.kind !== 'match'
        if (challenge.attempts >= codePolicy.challenge.attempts || isLate) continue
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
  const doing = (moments: readonly Moment[], which: Effect['kind'] | ((effect: Effect) => boolean)) =>
    moments.filter(({ effects }) =>
      effects.some(effect => (typeof which === 'string' ? effect.kind === which : which(effect))),
    )
  const over = (moments: readonly Moment[]) => moments.at(-1)?.after.state === 'ended'

  test('an ended challenge never changes and has no effects', () => {
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
        ({ before, event }) => before.state === 'asking' && isEntered(event) && !isFree(event),
      )
      expect(compared.length).toBeLessThanOrEqual(codePolicy.challenge.attempts)
      if (compared.length === codePolicy.challenge.attempts) expect(over(moments)).toBe(true)
    })
  })

  test('at most five codes are sent, and `sends` is their number', () => {
    always(moments => {
      const sent = doing(moments, sendsCodes).length
      expect(sent).toBeLessThanOrEqual(codePolicy.challenge.sends)
      expect(moments.at(-1)?.after.sends ?? 0).toBe(sent)
    })
  })

  test('two codes are never sent within 30 seconds, unless the first could not be delivered or was sent to a lost contact', () => {
    always(moments => {
      let sentAt: Instant | undefined
      for (const { after, effects, now } of moments) {
        const sent = effects.some(sendsCodes)
        if (sent && sentAt !== undefined) expect(now - sentAt).toBeGreaterThanOrEqual(30 * second)
        if (sent) sentAt = now
        const isVoid = 'notice' in after && (after.notice === 'method-failed' || after.notice === 'contact-lost')
        if (isVoid && after.codeExpiresAt === undefined) sentAt = undefined
      }
    })
  })

  test('approval in the account begins at most once, and is accepted only after it has begun', () => {
    always(moments => {
      const led = doing(moments, effect => effect.kind === 'begin' && effect.methods.includes('account'))
      expect(led.length).toBeLessThanOrEqual(1)
      const last = moments.at(-1)?.after
      if (last?.state === 'ended' && ['approved', 'declined'].includes(last.outcome)) expect(led).toHaveLength(1)
    })
  })

  test('no code outlives the page that asks for it, or ten minutes', () => {
    always(moments => {
      for (const { after } of moments) {
        if (after.state !== 'asking' || !after.selected.some(sendsCode)) continue
        const { codeExpiresAt = Number.NaN, lastSentAt = Number.NaN } = after
        expect(codeExpiresAt).toBeLessThanOrEqual(after.deadlineAt)
        expect(codeExpiresAt - lastSentAt).toBeLessThanOrEqual(codePolicy.challenge.lifetime)
      }
    })
  })

  test('an expired code never authenticates', () => {
    always(moments => {
      for (const { before, after, now } of moments) {
        if (after.state !== 'ended' || after.outcome !== 'authenticated' || before.state === 'ended') continue
        expect(before.state === 'asking' && now < (before.codeExpiresAt ?? 0)).toBe(true)
      }
    })
  })

  test('an abandoned challenge ends at its deadline', () => {
    always(moments => {
      const last = moments.at(-1)?.after ?? awaiting
      if (last.state === 'ended') return
      expect(next(last, { kind: 'tick' }, last.deadlineAt).effects).toMatchObject([{ kind: 'report-result' }])
      expect(last.deadlineAt).toBeLessThanOrEqual((moments.at(-1)?.now ?? start) + policy.pageTime)
    })
  })

  test('any event after a deadline ends the challenge with its timeout', () => {
    always(moments => {
      for (const { before, after, now } of moments) {
        if (before.state === 'ended' || now < before.deadlineAt) continue
        expect(after).toMatchObject({
          state: 'ended',
          outcome: before.state === 'awaiting-creq' ? 'window-not-opened' : 'window-timed-out',
        })
      }
    })
  })

  test('every wrong code counts against the card, and only a right one clears the count', () => {
    always(moments => {
      const last = moments.at(-1)?.after
      const outcome = last?.state === 'ended' ? last.outcome : undefined
      const wrong = moments.filter(
        ({ before, event, after }) =>
          before.state === 'asking' &&
          isWrong(event) &&
          !(after.state === 'ended' && after.outcome === 'window-timed-out'),
      )
      expect(doing(moments, 'count-wrong-answer')).toEqual(wrong)
      expect(doing(moments, 'clear-wrong-answers')).toHaveLength(
        outcome === 'authenticated' || outcome === 'approved' ? 1 : 0,
      )
    })
  })

  test('counters only grow, except for an attempt given back', () => {
    always(moments => {
      for (const { before, event, after } of moments) {
        const givenBack = before.state === 'asking' && after.state === 'asking' && isFree(event)
        expect(after.attempts).toBe(before.attempts - (givenBack ? 1 : 0))
        expect([after.sends - before.sends, after.interactions - before.interactions]).toSatisfy((grown: number[]) =>
          grown.every(by => by === 0 || by === 1),
        )
      }
    })
  })

  test('the generated stories reach every limit', () => {
    const lives = fc.sample(story, { numRuns: 2000 }).map(live)
    const reached = new Set(lives.flat().map(({ after }) => (after.state === 'ended' ? after.outcome : 'goes on')))
    const notices = new Set(lives.flat().map(({ after }) => ('notice' in after ? after.notice : 'none')))
    expect([...reached].sort()).toEqual(
      ['approved', 'attempts-spent', 'authenticated', 'bad-creq', 'cancelled', 'contacts-lost', 'declined'].concat([
        'delivery-failed',
        'goes on',
        'locked',
        'window-not-opened',
        'window-timed-out',
      ]),
    )
    expect([...notices]).toEqual(
      expect.arrayContaining([
        'resends-spent',
        'resend-too-soon',
        'code-expired',
        'code-wrong',
        'code-earlier',
        'method-failed',
      ]),
    )
  })
})

describe('a secure payment confirmation', () => {
  const confirming = beginSpc('en', start)
  const asserted = (proved: boolean): Event => ({ kind: 'asserted', proved })

  test('ends with the second AReq, whose ARes is the result: no RReq', () => {
    expect(told(next(confirming, asserted(true), soon))).toBe(
      'authenticated + prove passkey + clear-wrong-answers + remember-browser + close',
    )
    expect(told(next(confirming, asserted(false), soon))).toBe('unconfirmed + close')
  })

  test('[Req 452, 453] waits for ten minutes, and then reports N, 14', () => {
    const { deadlineAt } = confirming
    expect(deadlineAt - start).toBe(600 * second)
    expect(next(confirming, asserted(true), deadlineAt - 1).challenge).toMatchObject({ outcome: 'authenticated' })
    expect(told(next(confirming, asserted(true), deadlineAt))).toBe('window-timed-out + report-result')
  })

  test.each([
    opened(...anyCode),
    right,
    resend,
    select('email-code'),
    { kind: 'bad-creq' },
    { kind: 'cancel' },
  ] as Event[])('has no window: $kind changes nothing', event => {
    expect(next(confirming, event, soon)).toEqual({ challenge: confirming, effects: [] })
  })

  test('is not ended twice, and no other challenge ends by an assertion', () => {
    const done = next(confirming, asserted(true), soon).challenge
    expect(next(done, asserted(true), soon)).toEqual({ challenge: done, effects: [] })
    for (const other of [awaiting, asking, choosing, approving, beginDecoupled('ja', 600 * second, start)])
      expect(next(other, asserted(true), soon - 44 * second).challenge.state).toBe(other.state)
  })
})

describe('a contact that the cardholder has lost', () => {
  const challengeAfter = (...events: readonly Event[]) =>
    events.reduce<Challenge>((challenge, event) => next(challenge, event, soon).challenge, asking)

  test('is remembered once, and the code that was sent to another one stays valid', () => {
    const challenge = challengeAfter(lost(['email-code'], true), lost(['email-code'], true)) as Asking
    expect(challenge).toMatchObject({ lost: ['sms'], selected: ['email-code'], codeExpiresAt: asking.codeExpiresAt })
  })

  test('ends the code if it was the only one', () => {
    expect(challengeAfter(lost([], true))).toMatchObject({ lost: ['sms'], codeExpiresAt: undefined })
  })

  test('does not end as a failure of ours if no code can be sent any more', () => {
    const challenge = challengeAfter(lost([], true))
    const noContact: Start = { kind: 'no-contact' }
    expect(told(next(challenge, { kind: 'method-selected', start: noContact }, soon))).toBe('chooses: contact-lost')
  })
})
