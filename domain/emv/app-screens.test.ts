import { describe, expect, test } from 'vitest'
import { anyCode } from '#domain/methods/selection.ts'
import { renderingOf, screensOf, shownPreference } from './app-screens.ts'

describe('the screens that a device can show', () => {
  test.each([
    { sdkInterface: '01', sdkUiType: ['01', '02', '03', '04'], screens: { code: '01', choice: '02', account: '04' } },
    { sdkInterface: '03', sdkUiType: ['01', '05'], screens: { code: '01' } },
    { sdkInterface: '02', sdkUiType: ['05'], screens: { code: '05' } },
    { sdkInterface: '02', sdkUiType: ['01', '02', '04', '05'], screens: { code: '05' } },
    { sdkInterface: '03', sdkUiType: ['04', '05'], screens: { code: '05', account: '04' } },
    { sdkInterface: '01', sdkUiType: ['03', '01'], screens: { code: '01', choice: '03' } },
    { sdkInterface: '01', sdkUiType: ['04'], screens: { account: '04' } },
    { sdkInterface: '01', sdkUiType: ['05'], screens: {} },
    { sdkInterface: '02', sdkUiType: ['01'], screens: {} },
  ])('$sdkInterface with $sdkUiType: $screens', ({ screens, ...options }) => {
    for (const version of ['2.1.0', '2.2.0', '2.3.1'] as const) expect(screensOf(options, version)).toEqual(screens)
  })

  test('include HTML out of band only in 2.3.1, if there is no native screen', () => {
    const html = { sdkInterface: '02', sdkUiType: ['05', '06'] }
    expect(screensOf(html, '2.3.1')).toEqual({ code: '05', account: '06' })
    expect(screensOf(html, '2.2.0')).toEqual({ code: '05' })
    expect(screensOf({ sdkInterface: '03', sdkUiType: ['04', '06'] }, '2.3.1')).toEqual({ account: '04' })
    expect(screensOf({ sdkInterface: '01', sdkUiType: ['01', '06'] }, '2.3.1')).toEqual({ code: '01' })
  })
})

describe('a preference on a device', () => {
  const all = { code: '01', choice: '02', account: '04' } as const
  test('is followed if the device can show it and the account is available', () => {
    for (const preference of ['code', 'account', 'choose'] as const) {
      expect(shownPreference(preference, all, true)).toBe(preference)
      expect(shownPreference(preference, { code: '05' }, true)).toBe('code')
    }
    expect(shownPreference('account', all, false)).toBe('code')
    expect(shownPreference('choose', all, false)).toBe('choose')
  })

  test('is ignored if the device can show only the screen of the account', () => {
    for (const preference of ['code', 'account', 'choose'] as const) {
      expect(shownPreference(preference, { account: '06' }, true)).toBe('account')
      expect(shownPreference(preference, { account: '06' }, false)).toBeUndefined()
      expect(shownPreference(preference, { choice: '02' }, true)).toBeUndefined()
    }
  })
})

test('acsRenderingType is that of the first screen', () => {
  const native = { code: '01', choice: '03', account: '04' } as const
  expect(renderingOf(anyCode, native, '2.2.0')).toEqual({ acsInterface: '01', acsUiTemplate: '01' })
  expect(renderingOf('choosing', native, '2.2.0')).toEqual({ acsInterface: '01', acsUiTemplate: '03' })
  expect(renderingOf(['account'], native, '2.2.0')).toEqual({ acsInterface: '01', acsUiTemplate: '04' })
  const html = { code: '05', account: '06' } as const
  const mode = { deviceUserInterfaceMode: '01' }
  expect(renderingOf(anyCode, html, '2.3.1')).toEqual({ acsInterface: '02', acsUiTemplate: '05', ...mode })
  expect(renderingOf(['account'], html, '2.3.1')).toEqual({ acsInterface: '02', acsUiTemplate: '06', ...mode })
  expect(renderingOf('choosing', html, '2.3.1')).toBeUndefined()
})
