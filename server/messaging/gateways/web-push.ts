// A CommonJS module whose names Node.js cannot see.
import library from 'web-push'
import type { PushSubscription } from '#domain/approval/device.ts'
import { policy } from '#domain/challenge/policy.ts'
import { config } from '../../platform/config.ts'
import { gotNoAnswer, post } from '../../platform/outbound.ts'
import type { HandedOver } from '../handed-over.ts'

/** `gone`: the push service no longer knows the subscription. */
export type Pushed = HandedOver | { readonly kind: 'gone' }

/**
 * Hands a message to the push service of a browser (RFC 8030), encrypted for that browser (RFC 8291) and signed with
 * our VAPID key (RFC 8292). `timeLeft`: milliseconds after which it is not delivered any more. We use our own client,
 * because web-push's checks neither the address nor the size of a response.
 */
export async function sendWebPush(subscription: PushSubscription, payload: string, timeLeft: number): Promise<Pushed> {
  const { webPush } = config()
  if (!webPush) return { kind: 'never' }
  const { contact: subject, publicKey, privateKey, hosts } = webPush
  const { headers, body } = library.generateRequestDetails(
    { endpoint: subscription.endpoint, keys: { ...subscription.keys } },
    payload,
    { vapidDetails: { subject, publicKey, privateKey }, TTL: Math.ceil(timeLeft / 1000), urgency: 'high' },
  )
  const { 'Content-Type': contentType, 'Content-Length': _, ...others } = headers
  const answer = await post({
    url: subscription.endpoint,
    hosts,
    body: body ?? '',
    contentType: String(contentType),
    headers: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, String(value)])),
    timeout: policy.pushTimeout,
  })
  if (answer.kind !== 'answered') {
    const never = answer.why === 'not-allowed'
    return { kind: never ? 'never' : 'later', why: answer.why, silent: gotNoAnswer(answer) }
  }
  const { status } = answer
  if (status >= 200 && status < 300) return { kind: 'handed-over', gateway: new URL(subscription.endpoint).host }
  if (status === 404 || status === 410) return { kind: 'gone' }
  // 429 and 5xx pass; any other status refuses this message for good.
  return { kind: status === 429 || status >= 500 ? 'later' : 'never', why: String(status) }
}
