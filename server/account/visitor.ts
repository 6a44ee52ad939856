import type { Queryable } from '#db/client.ts'
import { rememberKnownDevice } from '#db/queries/sessions.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { words } from '../platform/words.ts'
import { noticeIdentity } from './identity-notice.ts'

/** A browser in which no cardholder has signed in yet. */
export interface Visitor {
  /** Random; the browser keeps it while a flow is under way. */
  readonly visit: string
  /** The network of the browser (an IPv4 address or an IPv6 /64), for limits. Only its HMAC is stored. */
  readonly network: string
  /** The device token that the browser kept from an earlier sign-in. */
  readonly device?: string | undefined
  /** The browser's session, once its cardholder is signed in. */
  readonly session?: string
}

/** A browser in which a cardholder signs in. */
export interface Device {
  /** Random; the browser keeps it, so that the next sign-in recognises it. */
  readonly token: string
  /** Browser and system, such as `Firefox, Windows`; empty if the browser sends neither. */
  readonly name: string
}

/** Notifies a cardholder, on every contact on file, of a sign-in on a device that was not seen before. */
export async function noticeNewDevice(
  tx: Queryable,
  { cardholderId, language }: { readonly cardholderId: string; readonly language: Language },
  device: Device,
): Promise<void> {
  const at = now()
  const since = at - accountPolicy.deviceKnownFor
  if (await rememberKnownDevice(tx, cardholderId, sha256(device.token), at, since)) return
  const values = { at: formatTime(at, language), device: deviceName(device, language) }
  await noticeIdentity(tx, { cardholderId, language }, 'new-device', values, at)
}

/** The device's name as the cardholder sees it. */
export function deviceName({ name }: { readonly name: string }, language: Language): string {
  return name || words(language)('account.sessions.unknownDevice')
}
