import { compactVerify, importJWK } from 'jose'
import type { DeviceKey } from '#domain/account/approval-device.ts'
import { config } from '../platform/config.ts'

/**
 * The payload of a JWS that a device signed with its key (ES256), if it has this `typ` and its `aud` is the URL
 * with this path at `origin`, which is ours unless given; otherwise undefined.
 */
export async function verifyDeviceProof(
  publicKey: DeviceKey,
  jws: string,
  { typ, path, origin }: { readonly typ: string; readonly path: string; readonly origin?: string },
): Promise<object | undefined> {
  const key = await importJWK({ ...publicKey }, 'ES256').catch(() => undefined)
  const verified = key && (await compactVerify(jws, key, { algorithms: ['ES256'] }).catch(() => undefined))
  if (verified?.protectedHeader.typ !== typ) return undefined
  const payload = parse(new TextDecoder().decode(verified.payload))
  if (typeof payload !== 'object' || payload === null || !('aud' in payload)) return undefined
  return payload.aud === (origin ?? config().publicOrigin) + path ? payload : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
