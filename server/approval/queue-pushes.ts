import type { Queryable } from '#db/client.ts'
import { enqueue } from '#db/queries/outbox.ts'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '../platform/config.ts'
import { newId } from '../platform/crypto.ts'
import type { ApprovalDeviceRow } from './devices.ts'

/** What a row of kind `push` carries: ids alone, because the payload is made when it is sent. */
export interface PushBody {
  readonly deviceId: string
  readonly requestId: string
  readonly language: Language
}

interface Asked {
  readonly requestId: string
  readonly challengeId: string
  readonly cardholderId: string
  readonly language: Language
  readonly devices: readonly ApprovalDeviceRow[]
  readonly expiresAt: number
}

/** Queues a push to each device. A device whose notifications are off finds the request when it is opened. */
export async function queuePushes(tx: Queryable, asked: Asked, at: number): Promise<void> {
  const { requestId, challengeId, cardholderId, language, devices, expiresAt } = asked
  for (const device of devices) {
    const host = pushHostOf(device)
    if (host === undefined) continue
    const body: PushBody = { deviceId: device.id, requestId, language }
    await enqueue(tx, {
      id: newId(at),
      kind: 'push',
      host,
      cardholderId,
      challengeId,
      aboutId: challengeId,
      template: 'push.payment-waiting',
      body: JSON.stringify(body),
      nextAt: at,
      expiresAt,
      createdAt: at,
    })
  }
}

/** Host and port of the push service of a device; undefined if none reaches it. */
function pushHostOf({ kind, subscription }: ApprovalDeviceRow): string | undefined {
  const url = kind === 'app' ? config().appPush?.url : subscription?.endpoint
  return url && new URL(url).host
}
