// Origin-bound one-time codes (WICG, "Origin-bound one-time codes delivered via SMS"): the last line of a text message
// names the page for which browsers offer its code, and they offer it on no other.

/** How the window was opened: as a page of its own, or in a frame of the merchant's page. */
export type OpenedAs = 'page' | 'frame'

/** Which windows' text messages have the line. */
export const autofills = ['off', 'page', 'page-and-frame'] as const
export type Autofill = (typeof autofills)[number]

/** Hosts. `frame` is in a page of `page`. */
export interface BoundTo {
  readonly page: string
  readonly frame?: string
}

interface WindowOf {
  /** Null if the browser did not say. */
  readonly openedAs: OpenedAs | null
  /** Empty in an app. */
  readonly notificationURL: string
}

/**
 * Where the code of a window may be filled in; undefined if its message has no such line. In a frame the page is taken
 * to be on the host of notificationURL. If it is on another, the browser does not offer the code at all, so that is a
 * setting.
 */
export function boundTo(autofill: Autofill, { openedAs, notificationURL }: WindowOf, own: string): BoundTo | undefined {
  if (openedAs === 'page' && autofill !== 'off') return { page: own }
  if (openedAs === 'frame' && autofill === 'page-and-frame')
    return { page: new URL(notificationURL).hostname, frame: own }
  return undefined
}

export function boundLine({ page, frame }: BoundTo, code: string): string {
  return `@${page} #${code}${frame === undefined ? '' : ` @${frame}`}`
}
