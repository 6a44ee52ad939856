import { describe, expect, test } from 'vitest'
import { anyCode } from '#domain/methods/selection.ts'
import { renderingOf, screensOf, shownPreference } from './app-screens.ts'

describe('the screens that a device can show', () => {
  test.each([
    { sdkInterface: '01', sdkUiType: ['01', '02', '03', '04'], screens: { code: '01', choice: '02', outOfBand: '04' } },
    { sdkInterface: '03', sdkUiType: ['01', '05'], screens: { code: '01' } },
    { sdkInterface: '02', sdkUiType: ['05'], screens: { code: '05' } },
    { sdkInterface: '02', sdkUiType: ['01', '02', '04', '05'], screens: { code: '05' } },
    { sdkInterface: '03', sdkUiType: ['04', '05'], screens: { code: '05', outOfBand: '04' } },
    { sdkInterface: '01', sdkUiType: ['03', '01'], screens: { code: '01', choice: '03' } },
    { sdkInterface: '01', sdkUiType: ['04'], screens: { outOfBand: '04' } },
    { sdkInterface: '01', sdkUiType: ['05'], screens: {} },
    { sdkInterface: '02', sdkUiType: ['01'], screens: {} },
  ])('$sdkInterface with $sdkUiType: $screens', ({ screens, ...options }) => {
    for (const version of ['2.1.0', '2.2.0', '2.3.1'] as const) expect(screensOf(options, version)).toEqual(screens)
  })

  test('include HTML out of band only in 2.3.1, if there is no native screen', () => {
    const html = { sdkInterface: '02', sdkUiType: ['05', '06'] }
    expect(screensOf(html, '2.3.1')).toEqual({ code: '05', outOfBand: '06' })
    expect(screensOf(html, '2.2.0')).toEqual({ code: '05' })
    expect(screensOf({ sdkInterface: '03', sdkUiType: ['04', '06'] }, '2.3.1')).toEqual({ outOfBand: '04' })
    expect(screensOf({ sdkInterface: '01', sdkUiType: ['01', '06'] }, '2.3.1')).toEqual({ code: '01' })
  })
})

describe('a preference on a device', () => {
  const all = { code: '01', choice: '02', outOfBand: '04' } as const
  const available = ['push', 'account'] as const
  const every = ['code', 'push', 'account', 'choose'] as const
  test('is followed if the device can show it and its method is available', () => {
    for (const preference of every) {
      expect(shownPreference(preference, all, available)).toBe(preference)
      expect(shownPreference(preference, { code: '05' }, available)).toBe('code')
    }
    expect(shownPreference('account', all, ['push'])).toBe('code')
    expect(shownPreference('push', all, ['account'])).toBe('code')
    expect(shownPreference('choose', all, [])).toBe('choose')
  })

  test('is followed as far as possible if the device can show only the out-of-band screen', () => {
    expect(every.map(preference => shownPreference(preference, { outOfBand: '06' }, available))).toEqual([
      ...['push', 'push', 'account', 'push'],
    ])
    for (const preference of every) {
      expect(shownPreference(preference, { outOfBand: '06' }, ['account'])).toBe('account')
      expect(shownPreference(preference, { outOfBand: '06' }, [])).toBeUndefined()
      expect(shownPreference(preference, { choice: '02' }, available)).toBeUndefined()
    }
  })
})

test('acsRenderingType is that of the first screen', () => {
  const native = { code: '01', choice: '03', outOfBand: '04' } as const
  expect(renderingOf(anyCode, native, '2.2.0')).toEqual({ acsInterface: '01', acsUiTemplate: '01' })
  expect(renderingOf('choosing', native, '2.2.0')).toEqual({ acsInterface: '01', acsUiTemplate: '03' })
  expect(renderingOf(['account'], native, '2.2.0')).toEqual({ acsInterface: '01', acsUiTemplate: '04' })
  const html = { code: '05', outOfBand: '06' } as const
  const mode = { deviceUserInterfaceMode: '01' }
  expect(renderingOf(anyCode, html, '2.3.1')).toEqual({ acsInterface: '02', acsUiTemplate: '05', ...mode })
  expect(renderingOf(['account'], html, '2.3.1')).toEqual({ acsInterface: '02', acsUiTemplate: '06', ...mode })
  expect(renderingOf('choosing', html, '2.3.1')).toBeUndefined()
})
