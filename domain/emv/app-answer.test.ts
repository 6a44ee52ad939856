import { describe, expect, test } from 'vitest'
import { readAnswer, renderingFor } from './app-answer.ts'

describe('which screen a device is shown', () => {
  test.each([
    { sdkInterface: '01', sdkUiType: ['01', '02', '03', '04'], shown: '01' },
    { sdkInterface: '03', sdkUiType: ['01', '05'], shown: '01' },
    { sdkInterface: '02', sdkUiType: ['05'], shown: '05' },
    { sdkInterface: '02', sdkUiType: ['01', '05'], shown: '05' },
    { sdkInterface: '03', sdkUiType: ['04', '05'], shown: '05' },
    { sdkInterface: '01', sdkUiType: ['04'], shown: undefined },
    { sdkInterface: '01', sdkUiType: ['05'], shown: undefined },
    { sdkInterface: '02', sdkUiType: ['01'], shown: undefined },
  ])('$sdkInterface with $sdkUiType: $shown', ({ shown, ...options }) => {
    expect(renderingFor(options, '2.2.0')?.acsUiTemplate).toBe(shown)
  })
})

describe('what a CReq says that the cardholder did', () => {
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
    [{ challengeCancel: '01' }, { kind: 'cancel', ending: 'cancelled' }],
    [{ challengeCancel: '08' }, { kind: 'cancel', ending: 'sdk-timed-out' }],
    [{ challengeCancel: '06' }, { kind: 'cancel', ending: 'sdk-failed' }],
    // Not of this screen.
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
    ['do=cancel', { kind: 'cancel', ending: 'cancelled' }],
    ['code=%', { kind: 'typed', text: '%' }],
    ['anything', { kind: 'typed', text: '' }],
  ] as const)('on a page %s', (challengeHTMLDataEntry, answer) => {
    expect(readAnswer({ challengeHTMLDataEntry }, '05', '2.2.0')).toEqual(answer)
  })

  test('two answers at once contradict each other', () => {
    const answer = readAnswer({ challengeDataEntry: '123456', challengeCancel: '01' }, '01', '2.2.0')
    expect(answer).toMatchObject({
      kind: 'faulty',
      faults: [
        { code: '203', field: 'challengeDataEntry' },
        { code: '203', field: 'challengeCancel' },
      ],
    })
  })

  test('none at all is missing, but in 2.1.0 it is an empty field', () => {
    const missing = (field: string) => ({ kind: 'faulty', faults: [{ code: '201', field }] })
    expect(readAnswer({}, '01', '2.2.0')).toEqual(missing('challengeDataEntry'))
    expect(readAnswer({}, '05', '2.1.0')).toEqual(missing('challengeHTMLDataEntry'))
    expect(readAnswer({}, '01', '2.1.0')).toEqual({ kind: 'typed', text: '' })
  })
})
