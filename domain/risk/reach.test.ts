import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { protocolOutcome } from './protocol-outcome.ts'
import { reachCardholder } from './reach.ts'
import type { Signals } from './signals.ts'
import { anyAnswers, anySignals, lazySignals, ordinary, rows } from './testing/signals.ts'

const may = { offered: 'when-needed', enoughTime: true } as const
const inHurry = { decoupled: { ...may, enoughTime: false } }
const never = { decoupled: { ...may, offered: 'never' } } as const
const refused = { restricted: true, codeRefused: 'email-recently-changed' } as const
const app = (code: boolean, account = false) => ({ channel: '01' as const, app: { code, account } })
const threeRI = { channel: '03', requestorInitiated: { ind: '01', trustList: false } } as const

async function reached(change: Partial<Signals>, canApproveInAccount: boolean): Promise<string> {
  const reach = await reachCardholder({ ...ordinary, ...change }, lazySignals({ canApproveInAccount }).lazy, false)
  return reach.kind === 'unreachable' ? `unreachable: ${reach.why}` : reach.kind
}

describe('where only a device may confirm', () => {
  const reachedOnDevice = async (change: Partial<Signals>, answers: Parameters<typeof lazySignals>[0]) => {
    const reach = await reachCardholder({ ...ordinary, ...change }, lazySignals(answers).lazy, true)
    return reach.kind === 'unreachable' ? `unreachable: ${reach.why}` : reach.kind
  }
  const has = { canConfirmOnDevice: true, canApproveInAccount: true }

  test.each(
    rows<string>(
      ['in a browser', {}, 'challenge-window'],
      ['in an app with the screen for it', app(true, true), 'app-screens'],
      ['in an app without it', app(true), 'unreachable: no-device'],
      ['in an app that shows nothing', app(false), 'unreachable: no-screen'],
      // In the account a code by text message may confirm.
      ['decoupled, where the issuer prefers it', { decoupled: { ...may, offered: 'preferred' } }, 'challenge-window'],
      ['without a contact', { hasContact: false }, 'unreachable: no-contact'],
      ['with an open report', { ...refused, codeRefused: 'report-open' }, 'unreachable: report-open'],
      [
        'whose mailbox may not receive a code, decoupled authentication permitted',
        { ...refused, decoupled: may },
        'unreachable: email-recently-changed',
      ],
    ),
  )('a cardholder with a device, $what: $decided', async ({ change, decided: reach }) => {
    expect(await reachedOnDevice(change, has)).toBe(reach)
  })

  test('a cardholder without a device is unreachable, whatever else they have', async () => {
    expect(await reachedOnDevice({}, { canApproveInAccount: true })).toBe('unreachable: no-device')
    expect(await reachedOnDevice({ hasContact: false }, { registration: 'offered' })).toBe('unreachable: no-device')
  })
})

test('looks up once whether the cardholder can approve in the account, where two questions depend on it', async () => {
  const { lazy, read } = lazySignals({ canApproveInAccount: false })
  const decoupled = { ...may, offered: 'preferred' } as const
  await reachCardholder({ ...ordinary, ...app(false, true), decoupled }, lazy, false)
  expect(read).toEqual(['canApproveInAccount'])
})

describe('a cardholder without a contact', () => {
  const none = { ...ordinary, hasContact: false }
  const offered = { registration: 'offered' } as const

  test.each([
    ['registers one in the window of a browser', {}, offered, 'challenge-window'],
    ['cannot in an app', app(true), offered, 'no-contact'],
    ['cannot in a browser that the AReq does not describe', { device: 'differs' }, offered, 'no-registration'],
    ['cannot while a report is open', { codeRefused: 'report-open' }, offered, 'report-open'],
    ['cannot because of the amount or the limits', {}, { registration: 'refused' }, 'no-registration'],
    ['cannot where it is not offered', {}, {}, 'no-contact'],
  ] as const)('%s', async (_what, change, answers, expected) => {
    const reach = await reachCardholder({ ...none, ...change }, lazySignals(answers).lazy, false)
    expect(reach.kind === 'unreachable' ? reach.why : reach.kind).toBe(expected)
  })

  test('is never answered as an attempt where one could be registered but for the amount or the limits', () => {
    const rules = ['amount'] as const
    const risk = { needsCardholder: true, rules, mandated: false, onDevice: false } as const
    expect(protocolOutcome(risk, { kind: 'unreachable', why: 'no-registration' }, { attempts: true })).toMatchObject({
      outcome: 'no-contact',
    })
  })
})

describe('a cardholder with an account', () => {
  test.each(
    rows<string>(
      ['in a browser', {}, 'challenge-window'],
      ['without a contact', { hasContact: false }, 'unreachable: no-contact'],
      ['where decoupled authentication is the last resort', { decoupled: may }, 'challenge-window'],
      ['where the issuer prefers it', { decoupled: { ...may, offered: 'preferred' } }, 'decoupled'],
      ['where the issuer never offers it', { ...never, challengeInds: ['02'] }, 'challenge-window'],
      ['where no challenge is wanted', { decoupled: may, challengeInds: ['02'] }, 'decoupled'],
      ['where the requestor assessed the risk', { decoupled: may, challengeInds: ['05'] }, 'decoupled'],
      [
        'where no challenge is wanted and decoupled authentication is not permitted',
        { challengeInds: ['02'] },
        'challenge-window',
      ],
      [
        'where no challenge is wanted and the time is too short',
        { ...inHurry, challengeInds: ['02'] },
        'challenge-window',
      ],
      ['in an app that shows codes', app(true), 'app-screens'],
      ['in an app that shows the screen of the account', app(false, true), 'app-screens'],
      ['in an app that shows nothing', app(false), 'unreachable: no-screen'],
      [
        'in an app that shows nothing, decoupled authentication permitted',
        { ...app(false), decoupled: may },
        'decoupled',
      ],
      [
        'in an app that shows nothing, when the time is too short',
        { ...app(false), ...inHurry },
        'unreachable: no-screen',
      ],
      ['in an app, without a contact', { ...app(false), decoupled: may, hasContact: false }, 'unreachable: no-contact'],
      ['restricted, in an app that shows codes', { ...app(true), restricted: true }, 'app-screens'],
      [
        'restricted, in an app that shows only the screen of the account',
        { ...app(false, true), restricted: true },
        'unreachable: no-screen',
      ],
      ['whose mailbox may not receive a code', refused, 'unreachable: email-recently-changed'],
      ['with an open report', { ...refused, codeRefused: 'report-open' }, 'unreachable: report-open'],
      [
        'with an open report that left no contact',
        { ...refused, codeRefused: 'report-open', hasContact: false },
        'unreachable: report-open',
      ],
      [
        'whose mailbox may not receive a code, decoupled authentication permitted',
        { ...refused, decoupled: may },
        'decoupled',
      ],
      [
        'whose mailbox may not receive a code, when the time is too short',
        { ...refused, ...inHurry },
        'unreachable: email-recently-changed',
      ],
      [
        'whose mailbox may not receive a code, never decoupled',
        { ...refused, ...never },
        'unreachable: email-recently-changed',
      ],
      ['absent (3RI)', { ...threeRI, decoupled: may }, 'decoupled'],
      ['absent, where the issuer prefers it', { ...threeRI, decoupled: { ...may, offered: 'preferred' } }, 'decoupled'],
      ['absent, decoupled authentication not permitted', threeRI, 'unreachable: not-permitted'],
      ['absent, never decoupled', { ...threeRI, ...never }, 'unreachable: not-offered'],
      ['absent, when the time is too short', { ...threeRI, ...inHurry }, 'unreachable: too-little-time'],
      ['absent, without a contact', { ...threeRI, decoupled: may, hasContact: false }, 'unreachable: not-enrolled'],
    ),
  )('$what: $decided', async ({ change, decided: reach }) => {
    expect(await reached(change, true)).toBe(reach)
  })
})

describe('a cardholder without an account', () => {
  test.each(
    rows<string>(
      ['in a browser', { decoupled: { ...may, offered: 'preferred' } }, 'challenge-window'],
      ['in an app that shows codes', { ...app(true), decoupled: may, challengeInds: ['02'] }, 'app-screens'],
      ['in an app that shows only the screen of the account', app(false, true), 'unreachable: no-screen'],
      ['in an app that shows nothing', { ...app(false), decoupled: may }, 'unreachable: no-screen'],
      ['whose mailbox may not receive a code', { ...refused, decoupled: may }, 'unreachable: email-recently-changed'],
      ['absent (3RI)', { ...threeRI, decoupled: may }, 'unreachable: not-enrolled'],
    ),
  )('$what: $decided', async ({ change, decided: reach }) => {
    expect(await reached(change, false)).toBe(reach)
  })
})

test.each(
  rows<boolean>(
    ['not read for a challenge in a browser', { decoupled: may }, false],
    ['not read for codes in an app', app(true), false],
    ['read before decoupled authentication', { decoupled: { ...may, offered: 'preferred' } }, true],
    ['read before an app shows the screen of the account', app(false, true), true],
    ['not read when the requestor does not permit decoupled authentication', { ...threeRI }, false],
  ),
)('the account is $what', async ({ change, decided: reads }) => {
  const { lazy, read } = lazySignals()
  await reachCardholder({ ...ordinary, ...change }, lazy, false)
  expect(read).toEqual(reads ? ['canApproveInAccount'] : [])
})

test('a challenge needs a contact that may receive its code, and a cardholder who is present', async () => {
  await fc.assert(
    fc.asyncProperty(anySignals, anyAnswers, async (signals, answers) => {
      const { kind } = await reachCardholder(signals, lazySignals(answers).lazy, false)
      if (kind === 'unreachable') return
      if (!signals.hasContact) expect([kind, answers.registration]).toEqual(['challenge-window', 'offered'])
      if (kind === 'decoupled') {
        expect([answers.canApproveInAccount, signals.decoupled?.enoughTime]).toEqual([true, true])
      } else {
        expect(signals.codeRefused).toBeUndefined()
        expect(signals.channel).toBe(kind === 'app-screens' ? '01' : '02')
      }
    }),
    { numRuns: 2000 },
  )
})
