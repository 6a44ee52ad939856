import { policy } from '#domain/challenge/policy.ts'
import type { Handler } from '../outbox/handler.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { noticeUnusual, type Unusual } from './notice.ts'

/**
 * Makes the notices that alerts have queued, each in a transaction of its own with its row: exactly once, and without
 * holding the counts of text messages while events are folded.
 */
export const noticeHandler: Handler = {
  queues: () => [''],
  slots: policy.slotsPerHost.notice,
  longestTry: () => 10_000,
  async attempt({ id, kind, body, expiresAt }) {
    if (body === null || (expiresAt ?? 0) <= now()) return { kind: 'given-up', answered: undefined }
    const unusual: Unusual = JSON.parse(body)
    return {
      kind: 'handed-over',
      answered: undefined,
      together: async (tx, save) => {
        if (await save()) await noticeUnusual(tx, unusual, now())
      },
      afterwards: () => log.info('alert.notice', { outboxId: id, kind, template: unusual.notice }),
    }
  },
}
