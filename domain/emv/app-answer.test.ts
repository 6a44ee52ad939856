import { describe, expect, test } from 'vitest'
import { readAnswer } from './app-answer.ts'

describe('the answer in a CReq of an app', () => {
  test.each([
    [{ challengeDataEntry: '123456' }, { kind: 'typed', text: '123456' }],
    [
      { challengeDataEntry: '123456', resendChallenge: 'N' },
      { kind: 'typed', text: '123456' },
    ],
    [
      { challengeDataEntry: '123456', whitelistingDataEntry: 'Y' },
      { kind: 'typed', text: '123456', trust: true },
    ],
    [
      { challengeDataEntry: '123456', trustListDataEntry: 'Y' },
      { kind: 'typed', text: '123456', trust: true },
    ],
    [
      { challengeDataEntry: '123456', whitelistingDataEntry: 'N' },
      { kind: 'typed', text: '123456' },
    ],
    [{ challengeNoEntry: 'Y' }, { kind: 'typed', text: '' }],
    [{ resendChallenge: 'Y' }, { kind: 'resend' }],
    [{ challengeCancel: '01' }, { kind: 'cancel', outcome: 'cancelled' }],
    [{ challengeCancel: '08' }, { kind: 'cancel', outcome: 'sdk-timed-out' }],
    [{ challengeCancel: '06' }, { kind: 'cancel', outcome: 'sdk-failed' }],
    // An element of another screen.
    [
      { challengeDataEntry: '1', challengeHTMLDataEntry: 'do=cancel', oobContinue: true },
      { kind: 'typed', text: '1' },
    ],
  ] as const)('on a text screen %o', (creq, answer) => {
    expect(readAnswer({ ...creq }, '01', '2.2.0')).toEqual(answer)
  })

  test.each([
    ['code=123456&do=code', { kind: 'typed', text: '123456' }],
    ['?code=%EF%BC%91&do=code', { kind: 'typed', text: '１' }],
    ['HTTPS://EMV3DS/challenge?code=1+2&do=code', { kind: 'typed', text: '1 2' }],
    ['do=resend&code=', { kind: 'resend' }],
    ['do=en', { kind: 'language', language: 'en' }],
    ['do=cancel', { kind: 'cancel', outcome: 'cancelled' }],
    ['do=continue', { kind: 'continued', byItself: false }],
    ['do=other', { kind: 'other-method' }],
    ['code=%', { kind: 'typed', text: '%' }],
    ['anything', { kind: 'typed', text: '' }],
  ] as const)('on a page %s', (challengeHTMLDataEntry, answer) => {
    expect(readAnswer({ challengeHTMLDataEntry }, '05', '2.2.0')).toEqual(answer)
  })

  test.each([
    [{ challengeDataEntry: 'mail' }, { kind: 'selected', chosen: ['email-code'] }],
    [{ challengeDataEntry: 'acct' }, { kind: 'selected', chosen: ['account'] }],
    [{ challengeDataEntry: 'mail, sms' }, { kind: 'selected', chosen: ['email-code', 'sms-code'] }],
    [{ challengeDataEntry: 'both' }, { kind: 'selected', chosen: ['email-code', 'sms-code'] }],
    [{ challengeDataEntry: 'post' }, { kind: 'selected', chosen: ['unknown'] }],
    [{ challengeNoEntry: 'Y' }, { kind: 'selected', chosen: [] }],
    [{ challengeCancel: '01' }, { kind: 'cancel', outcome: 'cancelled' }],
  ] as const)('on a screen with a choice %o', (creq, answer) => {
    for (const shown of ['02', '03'] as const) expect(readAnswer({ ...creq }, shown, '2.2.0')).toEqual(answer)
  })

  test.each([
    [{ oobContinue: true }, { kind: 'continued', byItself: false }],
    [{ oobContinue: '01' }, { kind: 'continued', byItself: false }],
    [{ oobContinue: '02' }, { kind: 'continued', byItself: true }],
    [{ oobAppStatus: '01' }, { kind: 'continued', byItself: true }],
    [
      { oobContinue: '01', oobAppStatus: '01' },
      { kind: 'continued', byItself: false },
    ],
    [{ challengeAddCode: 'Y' }, { kind: 'other-method' }],
    [{ challengeCancel: '01' }, { kind: 'cancel', outcome: 'cancelled' }],
  ] as const)('out of band %o', (creq, answer) => {
    expect(readAnswer({ ...creq }, '04', '2.3.1')).toEqual(answer)
  })

  test('on a page out of band, by its form or by the SDK', () => {
    expect(readAnswer({ challengeHTMLDataEntry: 'do=continue' }, '06', '2.3.1')).toMatchObject({ kind: 'continued' })
    expect(readAnswer({ oobContinue: '02' }, '06', '2.3.1')).toMatchObject({ kind: 'continued', byItself: true })
  })

  test('two answers at once are faulty', () => {
    const answer = readAnswer({ challengeDataEntry: '123456', challengeCancel: '01' }, '01', '2.2.0')
    expect(answer).toMatchObject({
      kind: 'faulty',
      faults: [
        { code: '203', field: 'challengeDataEntry' },
        { code: '203', field: 'challengeCancel' },
      ],
    })
  })

  test('no answer at all is faulty, except in 2.1.0, where it is an empty field', () => {
    const missing = (field: string) => ({ kind: 'faulty', faults: [{ code: '201', field }] })
    expect(readAnswer({}, '01', '2.2.0')).toEqual(missing('challengeDataEntry'))
    expect(readAnswer({}, '05', '2.1.0')).toEqual(missing('challengeHTMLDataEntry'))
    expect(readAnswer({}, '01', '2.1.0')).toEqual({ kind: 'typed', text: '' })
    expect(readAnswer({}, '02', '2.1.0')).toEqual({ kind: 'selected', chosen: [] })
    expect(readAnswer({}, '04', '2.1.0')).toEqual(missing('oobContinue'))
  })
})
