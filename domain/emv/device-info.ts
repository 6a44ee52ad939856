import { isObject } from './check.ts'
import { parseEncodedMessage } from './codec.ts'

/**
 * The language a device is set to, out of an AReq's deviceInfo (EMV 3DS SDK – Device Information: DD.C005, locale).
 * Nothing else of it is read: it tells one device from all others.
 */
export function localeOf(deviceInfo: string): string | undefined {
  const parsed = parseEncodedMessage(deviceInfo)
  if (parsed.kind !== 'message') return undefined
  const { DD } = parsed.message
  if (!isObject(DD)) return undefined
  const locale = DD.C005
  return typeof locale === 'string' && /^[A-Za-z]{2,3}([-_]|$)/.test(locale) ? locale : undefined
}
