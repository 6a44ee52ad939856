import { addTimeZone, insertMethodResult } from '#db/queries/devices.ts'
import { check } from '#domain/emv/check.ts'
import { parseEncodedMessage } from '#domain/emv/codec.ts'
import { methodData } from '#domain/emv/method-data.ts'
import { newestVersion } from '#domain/emv/version.ts'
import { now } from '../platform/clock.ts'
import { newToken, sameBytes, sha256 } from '../platform/crypto.ts'
import { demoMode } from '../platform/demo-mode.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'

/** What every request of a browser reveals. */
export interface MethodBrowser {
  readonly userAgent: string | undefined
  /** The site whose page posted to us; `null` or undefined if the browser or page hides it. */
  readonly origin: string | undefined
  /** The reference that we gave it before. */
  readonly reference: string | undefined
}

export type MethodRecorded =
  | { readonly kind: 'refused' }
  | {
      readonly kind: 'seen'
      /** The address to which the page leads, exactly as given, and that address's origin. */
      readonly notificationURL: string
      readonly notificationOrigin: string
      /** Value of the field threeDSMethodData for that address. */
      readonly answer: string
      /** The reference to store in the browser, if it may have one. */
      readonly reference: string | undefined
      /** With these two the page's script may add what only a script can find out. */
      readonly threeDSServerTransID: string
      readonly pageToken: string
    }

/**
 * How long the page waits for the database, milliseconds. The 3DS Server waits for the page, and the customer with it.
 */
const patience = 300

/**
 * Records a browser that a merchant's page sends here in a hidden frame before the AReq (EMV 3DS 2.2.0, 3.2). Never
 * throws.
 */
export async function recordMethod(encoded: string, browser: MethodBrowser): Promise<MethodRecorded> {
  const parsed = parseEncodedMessage(encoded)
  if (parsed.kind === 'unreadable' || parsed.duplicates.length > 0) return { kind: 'refused' }
  const { message } = parsed
  const faults = check(methodData, message, { version: newestVersion, loopbackHttp: demoMode() })
  if (faults.length > 0) return { kind: 'refused' }
  const given = String(message.threeDSServerTransID)
  const threeDSServerTransID = given.toLowerCase()
  const notificationURL = String(message.threeDSMethodNotificationURL)
  const notificationOrigin = new URL(notificationURL).origin
  // Some characters that a host may contain have another meaning in a Content-Security-Policy.
  if (!/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(notificationOrigin)) return { kind: 'refused' }

  const site = siteOf(browser.origin)
  const known = browser.reference && /^[A-Za-z0-9_-]{43}$/.test(browser.reference) ? browser.reference : undefined
  const reference = site ? (known ?? newToken()) : undefined
  const written = insertMethodResult({
    threeDSServerTransID,
    // Bound to the site: another site's page that opens ours in the customer's browser cannot use the reference of this
    // site.
    deviceDigest: site && reference ? sha256(`${reference}\0${site}`) : null,
    userAgentDigest: digestOf(browser.userAgent ?? ''),
    createdAt: now(),
  })
  await inTime(written)
  return {
    kind: 'seen',
    notificationURL,
    notificationOrigin,
    answer: Buffer.from(JSON.stringify({ threeDSServerTransID: given })).toString('base64url'),
    reference,
    threeDSServerTransID,
    pageToken: await pageToken(threeDSServerTransID),
  }
}

/** Adds the time zone that the page's script reports. Returns false if the request does not come from our page. */
export async function addTimeZoneToMethod(
  threeDSServerTransID: string,
  token: string,
  timeZone: string,
): Promise<boolean> {
  if (!/^[0-9a-f-]{36}$/.test(threeDSServerTransID) || !/^-?\d{1,4}$/.test(timeZone)) return false
  const hmacs = await keys().macs('window', tokenInput(threeDSServerTransID))
  const shown = Buffer.from(token.slice(0, 100), 'base64url')
  if (!hmacs.some(({ hmac }) => sameBytes(hmac, shown))) return false
  await inTime(addTimeZone(threeDSServerTransID, timeZone))
  return true
}

/** Digest of a user agent, which is only ever compared. EMV 3DS limits browserUserAgent to 2048 characters. */
export function digestOf(userAgent: string): Buffer {
  return sha256(userAgent.slice(0, 2048).trim())
}

function siteOf(origin: string | undefined): string | undefined {
  return origin && URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol)
    ? new URL(origin).origin
    : undefined
}

async function inTime(work: Promise<unknown>): Promise<void> {
  const failed = (error: unknown) => log.error('method.not-kept', { error })
  let timer: ReturnType<typeof setTimeout> | number | undefined
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, patience)
  })
  await Promise.race([work.catch(failed), late])
  clearTimeout(timer)
}

async function pageToken(threeDSServerTransID: string): Promise<string> {
  return (await keys().mac('window', tokenInput(threeDSServerTransID))).hmac.toString('base64url')
}

function tokenInput(threeDSServerTransID: string): string {
  return `3DS Method\0${threeDSServerTransID}`
}
