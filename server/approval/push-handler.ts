import { database } from '#db/client.ts'
import { type DeviceRow, findDevice, forgetSubscription } from '#db/queries/approval-devices.ts'
import { findRequest } from '#db/queries/approval-requests.ts'
import { isOpen, type RequestContent } from '#domain/approval/request.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { sendAppPush } from '../messaging/gateways/app-push.ts'
import { type Pushed, sendWebPush } from '../messaging/gateways/web-push.ts'
import type { Attempt, Handler, Item } from '../outbox/handler.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { pushPayload, pushText } from './push-payload.ts'
import type { PushBody } from './queue-pushes.ts'

/** Sends the pushes about approval requests. */
export const pushHandler: Handler = {
  queues() {
    const { webPush, appPush } = config()
    const named = (webPush?.hosts ?? []).filter(host => !host.startsWith('*.'))
    const hosts = [...new Set(appPush ? [...named, new URL(appPush.url).host] : named)]
    return [...hosts, { noneOf: hosts }]
  },
  slots: policy.slotsPerHost.push,
  longestTry: () => policy.pushTimeout,
  attempt,
}

async function attempt(item: Item): Promise<Attempt> {
  const { id, kind, body, tries, challengeId, cardholderId } = item
  const [expiresAt, at] = [item.expiresAt ?? 0, now()]
  const { deviceId, requestId, language } = JSON.parse(body ?? '{}') as PushBody
  const device = body === null ? undefined : await findDevice(database(), deviceId)
  const request = await findRequest(database(), cardholderId ?? '', requestId)
  const isDue = request && isOpen(request.state) && at < expiresAt
  const sent = device && isDue && (await push(device, request.content, { id, language, expiresAt }, at))
  if (!sent) return { kind: 'given-up', answered: undefined }
  const fields = { outboxId: id, kind, tries, authenticationId: challengeId ?? '' }
  if (sent.kind === 'handed-over') {
    return { ...sent, answered: true, afterwards: () => log.info('message.handed-over', fields) }
  }
  if (sent.kind === 'gone') {
    const forget = async () => {
      await forgetSubscription(database(), deviceId, device?.subscription?.endpoint ?? '')
      log.warn('push.subscription-gone', fields)
    }
    return { kind: 'given-up', answered: true, afterwards: forget }
  }
  const nextAt = at + pauseAfter(policy.deliveryRetries, tries)
  const final = sent.kind === 'never' || nextAt >= expiresAt
  return {
    ...(final ? { kind: 'given-up' } : { kind: 'later', nextAt }),
    answered: sent.kind === 'never' || !sent.silent,
    afterwards: () =>
      log.warn(final ? 'message.given-up' : 'message.not-handed-over', { ...fields, errorCode: sent.why ?? '' }),
  }
}

interface Push {
  readonly id: string
  readonly language: Language
  readonly expiresAt: number
}

/** Sends one push; undefined if no push service reaches the device any more. */
async function push(
  device: DeviceRow,
  content: RequestContent,
  { id, language, expiresAt }: Push,
  at: number,
): Promise<Pushed | undefined> {
  if (device.kind === 'web') {
    const { subscription } = device
    return subscription ? sendWebPush(subscription, pushPayload(content, language), expiresAt - at) : undefined
  }
  const about = { device: device.id, request: content.id, language, expiresAt: new Date(expiresAt).toISOString() }
  return sendAppPush({ id, ...about, ...pushText(content, language) })
}
