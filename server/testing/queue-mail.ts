import { transaction } from '#db/client.ts'
import { queueMessage } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'

/** Queues an e-mail with a code that belongs to no challenge. */
export function queueMail(to: string): Promise<string | undefined> {
  const content = { kind: 'code', words: 'sign-in', code: '123456', lifetime: 600_000 } as const
  const queued = { channel: 'email', to, language: 'ja', content, expiresAt: now() + 600_000 } as const
  return transaction(tx => queueMessage(tx, queued, now()))
}
