import { isObject } from './check.ts'
import { parseEncodedMessage } from './codec.ts'

/**
 * The language setting of a device, from deviceInfo of an AReq (EMV 3DS SDK – Device Information: DD.C005, locale).
 * Nothing else of it is read, because it identifies the device.
 */
export function localeOf(deviceInfo: string): string | undefined {
  const parsed = parseEncodedMessage(deviceInfo)
  if (parsed.kind !== 'message') return undefined
  const { DD } = parsed.message
  if (!isObject(DD)) return undefined
  const locale = DD.C005
  return typeof locale === 'string' && /^[A-Za-z]{2,3}([-_]|$)/.test(locale) ? locale : undefined
}
