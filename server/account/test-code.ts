import { database } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { type MessageRow, messagesSince } from '#db/queries/outbox.ts'
import { codeDigits, codePolicy } from '#domain/code/policy.ts'
import type { Channel } from '#domain/contact/code-recipients.ts'
import { type DeliveryState, deliveryState } from '#domain/contact/delivery.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { decryptEffectiveContacts, orSmsLimited, queueMessage, SmsLimited } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { newCode } from '../platform/crypto.ts'
import type { Actor } from './actor.ts'

const template = 'code.test'

export type TestSent =
  | { readonly kind: 'sent' }
  | { readonly kind: 'no-contact' }
  | { readonly kind: 'limited'; readonly until: number }
  | { readonly kind: 'sms-limited' }

/** Sends a code that is accepted nowhere to each effective contact, so that the cardholder sees that codes arrive. */
export async function sendTestCode(actor: Actor): Promise<TestSent> {
  return orSmsLimited<TestSent>(async tx => {
    const at = now()
    const { cardholderId, language } = actor
    await lockCardholder(tx, cardholderId)
    const contacts = await decryptEffectiveContacts(tx, cardholderId, at)
    if (contacts.length === 0) return { kind: 'no-contact' }
    const today = await messagesSince(tx, cardholderId, template, at - contactPolicy.day)
    const times = [...new Set(today.map(({ createdAt }) => createdAt))]
    const oldest = Math.min(...times)
    if (times.length >= contactPolicy.testsPerDay) return { kind: 'limited', until: oldest + contactPolicy.day }
    const { lifetime } = codePolicy['contact-change']
    for (const { channel, to } of contacts) {
      const content = { kind: 'code', words: 'test', code: newCode(codeDigits), lifetime } as const
      const message = { channel, to, language, content, cardholderId, expiresAt: at + lifetime }
      if (!(await queueMessage(tx, message, at))) throw new SmsLimited()
    }
    return { kind: 'sent' }
  })
}

export interface TestSeen {
  readonly channel: Channel
  readonly state: DeliveryState
  readonly sentAt: number
}

/** The delivery state of the last test, one entry for each channel. */
export async function lastTest({ cardholderId }: Actor): Promise<TestSeen[]> {
  const rows = await messagesSince(database(), cardholderId, template, now() - contactPolicy.day)
  const newest = Math.max(...rows.map(sentAt))
  return rows
    .filter(row => sentAt(row) === newest)
    .map(row => ({ channel: row.kind === 'sms' ? 'sms' : 'email', state: deliveryState(row), sentAt: newest }))
}

function sentAt({ createdAt }: MessageRow): number {
  return createdAt
}
