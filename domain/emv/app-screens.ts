import { methods } from '#domain/methods/registry.ts'
import type { Initial, OutOfBandMethod, Preference } from '#domain/methods/selection.ts'
import type { JsonObject } from './field.ts'
import type { MessageVersion } from './version.ts'

/**
 * acsUiType (EMV 3DS table A.1): 01 text, 02 single select, 03 multi select, 04 out of band, 05 HTML, 06 HTML out of
 * band, 07 information.
 */
export type UiType = '01' | '02' | '03' | '04' | '05' | '06' | '07'

/** Which of our screens a device can show, by what they ask for. Absent: the device cannot show any of that kind. */
export interface Screens {
  readonly code?: '01' | '05'
  readonly choice?: '02' | '03'
  readonly outOfBand?: '04' | '06'
}

/** EMV 3DS table A.10 acsRenderingType: acsInterface 01 native or 02 HTML, and the first screen. */
export type Rendering = {
  readonly acsInterface: '01' | '02'
  readonly acsUiTemplate: Exclude<UiType, '07'>
  /** 2.3.1; 01: the device is held upright. */
  readonly deviceUserInterfaceMode?: '01'
}

/**
 * Which screens a device can show, from deviceRenderOptions (already checked). Native screens are preferred to HTML.
 * The choice of a method has a native screen only: a device without it gets a code. HTML out of band exists from 2.3.1.
 */
export function screensOf({ sdkInterface, sdkUiType }: JsonObject, version: MessageVersion): Screens {
  const shows = (type: UiType) =>
    Array.isArray(sdkUiType) && sdkUiType.includes(type) && sdkInterface !== (isPage(type) ? '01' : '02')
  const first = <Type extends UiType>(...types: Type[]) => types.find(shows)
  const [code, choice, outOfBand] = [first('01', '05'), first('02', '03'), first('04', '06')]
  return {
    ...(code && { code }),
    ...(choice && { choice }),
    ...(outOfBand && (outOfBand === '04' || version === '2.3.1') && { outOfBand }),
  }
}

/**
 * The preference that a device can show. `outOfBand`: the out-of-band methods that are available. A device that can
 * show only the out-of-band screen gets the first of them. Undefined: the device cannot show any of our screens.
 */
export function shownPreference(
  wanted: Preference,
  screens: Screens,
  outOfBand: readonly OutOfBandMethod[],
): Preference | undefined {
  const shown = screens.outOfBand ? outOfBand : []
  const preferred = shown.find(id => id === wanted)
  if (!screens.code) return preferred ?? shown[0]
  if (preferred) return preferred
  return wanted === 'choose' && screens.choice ? 'choose' : 'code'
}

/** acsRenderingType of an ARes, for the first screen. */
export function renderingOf(first: Initial, screens: Screens, version: MessageVersion): Rendering | undefined {
  const acsUiTemplate = templateOf(first, screens)
  if (!acsUiTemplate) return undefined
  const mode = version === '2.3.1' ? ({ deviceUserInterfaceMode: '01' } as const) : {}
  return { acsInterface: isPage(acsUiTemplate) ? '02' : '01', acsUiTemplate, ...mode }
}

function templateOf(first: Initial, screens: Screens) {
  if (first === 'choosing') return screens.choice
  return first.some(id => methods[id].answered === 'out-of-band') ? screens.outOfBand : screens.code
}

function isPage(type: UiType): boolean {
  return type === '05' || type === '06'
}
