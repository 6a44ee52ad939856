import { transaction } from '#db/client.ts'
import { removeDeviceBySecret } from '#db/queries/approval-devices.ts'
import { lockPasskeyById } from '#db/queries/passkeys.ts'
import { allows } from '#domain/account/assurance.ts'
import { provesDespiteReport } from '#domain/contact/report.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { newRandomId, newToken, sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { addDevice, hasNoPlace, noteRemoved } from './approval-devices.ts'
import { signsInHere } from './identity.ts'
import { provePasskey, type Refused } from './passkey-ceremonies.ts'
import { asReported, lockFor } from './sessions.ts'
import type { Visitor } from './visitor.ts'

// Registers a browser as an approval device of the web app, with a passkey that signs its approvals:
// docs/approval-devices.md.

/** Whether browsers can be registered: passkeys are ours, and pushes to browsers are configured. */
export function registersBrowsers(): boolean {
  return signsInHere() && config().webPush !== undefined
}

export type Registered =
  /** `secret`: for the browser's cookie, which alone identifies the device. */
  | { readonly kind: 'registered'; readonly secret: string }
  /** The cardholder has the greatest permitted number of devices. */
  | { readonly kind: 'devices-spent' }
  | Refused

/**
 * Registers the browser that has just proved one of the actor's passkeys. `name`: browser and system by name.
 * `earlier`: the secret that its cookie already has; that device is replaced.
 */
export async function registerDevice(
  visitor: Visitor,
  actor: Actor,
  { name, earlier }: { readonly name: string; readonly earlier: string | undefined },
  credential: string,
): Promise<Registered> {
  if (!allows('add-device', actor, now())) return { kind: 'stronger-authentication-needed' }
  if (!registersBrowsers()) return { kind: 'failed' }
  const proved = await provePasskey(visitor, actor, credential)
  if (proved.kind !== 'proved') return proved
  const secret = newToken()
  // In a transaction of its own, which locks the cardholder's row first, as reports do.
  return transaction(async tx => {
    const owner = await lockFor(tx, 'add-device', actor)
    if (!owner) return { kind: 'stronger-authentication-needed' }
    const passkey = await lockPasskeyById(tx, proved.passkey.id)
    const { disputedSince } = await asReported(tx, actor)
    if (!passkey || !provesDespiteReport(passkey.createdAt, disputedSince)) return { kind: 'unknown' }
    const at = now()
    const replaced = earlier === undefined ? undefined : await removeDeviceBySecret(tx, sha256(earlier), at)
    if (replaced) await noteRemoved(tx, replaced, at)
    if (await hasNoPlace(tx, owner.id)) return { kind: 'devices-spent' }
    const row = { id: newRandomId(), kind: 'web' as const, name, platform: name, createdAt: at }
    await addDevice(tx, owner, { ...row, passkeyId: passkey.id, secretDigest: sha256(secret) })
    log.info('device.registered', { cardholderId: owner.id })
    return { kind: 'registered', secret }
  })
}
