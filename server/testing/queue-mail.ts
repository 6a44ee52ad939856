import { transaction } from '#db/client.ts'
import { queueMessage } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'

/** Queues a code of no challenge, for an address. */
export function queueMail(to: string): Promise<string | undefined> {
  const content = { kind: 'code', words: 'sign-in', code: '123456', lifetime: 600_000 } as const
  const queued = { channel: 'email', to, language: 'ja', content, expiresAt: now() + 600_000 } as const
  return transaction(tx => queueMessage(tx, queued, now()))
}
