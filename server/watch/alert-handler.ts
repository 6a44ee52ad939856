import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import { handOverSigned } from '../messaging/gateways/signed-post.ts'
import type { Handler } from '../outbox/handler.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import type { AlertMessage } from './raise.ts'

/**
 * Posts alerts to the issuer's web-hook (docs/alerts.md). Whatever it answers but 2xx or 409, an alert is tried again:
 * a web-hook that is not set up yet must not lose it.
 */
export const alertHandler: Handler = {
  queues: () => [''],
  slots: policy.slotsPerHost.alert,
  longestTry: () => watchPolicy.deliveryTimeout,
  async attempt({ id, kind, body, tries, expiresAt }) {
    const { alertHook } = config()
    if (!alertHook || body === null || (expiresAt ?? 0) <= now()) return { kind: 'given-up', answered: undefined }
    const message: AlertMessage = JSON.parse(body)
    const result = await handOverSigned('alerts', alertHook, message, watchPolicy.deliveryTimeout)
    const fields = { outboxId: id, kind, tries }
    if (result.kind === 'handed-over')
      return { ...result, answered: true, afterwards: () => log.info('alert.sent', fields) }
    return {
      kind: 'later',
      nextAt: now() + pauseAfter(watchPolicy.retries, tries),
      answered: result.kind === 'never' || !result.silent,
      afterwards: () => log.warn('alert.not-sent', { ...fields, errorCode: result.why ?? '' }),
    }
  },
}
