import { database } from '#db/client.ts'
import { findDevice, forgetSubscription } from '#db/queries/approval-devices.ts'
import { findRequest } from '#db/queries/approval-requests.ts'
import { isOpen } from '#domain/approval/request.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { sendWebPush } from '../messaging/gateways/web-push.ts'
import type { Attempt, Handler, Item } from '../outbox/handler.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { pushPayload } from './push-payload.ts'
import type { PushBody } from './queue-pushes.ts'

/** Sends the pushes about approval requests. */
export const pushHandler: Handler = {
  queues() {
    const hosts = (config().webPush?.hosts ?? []).filter(host => !host.startsWith('*.'))
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
  const subscription = device?.subscription
  if (!subscription || !request || !isOpen(request.state) || expiresAt <= at)
    return { kind: 'given-up', answered: undefined }
  const sent = await sendWebPush(subscription, pushPayload(request.content, language), expiresAt - at)
  const fields = { outboxId: id, kind, tries, authenticationId: challengeId ?? '' }
  if (sent.kind === 'handed-over') {
    return { ...sent, answered: true, afterwards: () => log.info('message.handed-over', fields) }
  }
  if (sent.kind === 'gone') {
    const forget = async () => {
      await forgetSubscription(database(), deviceId, subscription.endpoint)
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
