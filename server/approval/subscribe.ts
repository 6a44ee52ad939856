import { ECDH } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { transaction } from '#db/client.ts'
import { findDeviceBySecret, saveSubscription } from '#db/queries/approval-devices.ts'
import { readSubscription } from '#domain/approval/device.ts'
import { config } from '../platform/config.ts'
import { sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import { mayCall } from '../platform/outbound.ts'
import { type ApprovalDeviceRow, isReachable } from './devices.ts'

/** The device of the web app whose cookie has this secret; undefined if it is not registered, or not any more. */
export async function deviceOfCookie(secret: string): Promise<ApprovalDeviceRow | undefined> {
  const device = await findDeviceBySecret(sha256(secret))
  return device && isReachable(device.kind) ? device : undefined
}

export type Subscribed = {
  readonly kind:
    | 'subscribed'
    /** Not a subscription, or one with a push service that this deployment does not call. */
    | 'refused'
}

/** Saves where Web Push reaches a device. `text`: a PushSubscription as JSON. */
export async function subscribe(device: ApprovalDeviceRow, text: string): Promise<Subscribed> {
  const { id, cardholderId } = device
  const subscription = readSubscription(text)
  // The page sends it each time it is opened.
  if (isDeepStrictEqual(subscription, device.subscription)) return { kind: 'subscribed' }
  const hosts = config().webPush?.hosts ?? []
  if (!subscription || !isPoint(subscription.keys.p256dh) || !mayCall({ url: subscription.endpoint, hosts })) {
    log.warn('push.subscription-refused', { cardholderId })
    return { kind: 'refused' }
  }
  await transaction(tx => saveSubscription(tx, id, subscription))
  log.info('push.subscribed', { cardholderId })
  return { kind: 'subscribed' }
}

function isPoint(key: string): boolean {
  try {
    return ECDH.convertKey(key, 'prime256v1', 'base64url') !== undefined
  } catch {
    return false
  }
}
