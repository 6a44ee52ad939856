import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Journal } from '../journal.ts'

export const channels = ['email', 'sms', 'push', 'letter'] as const
export type Channel = (typeof channels)[number]

/** One message to one recipient. */
export interface Message {
  id: string
  channel: Channel
  /** The e-mail address, telephone number, push endpoint or person it was delivered to. */
  to: string
  from: string
  subject: string
  text: string
  html: string | null
  /** ISO 8601, by the product's clock. */
  sentAt: string
}

export interface Wanted {
  to?: string | undefined
  channel?: Channel | undefined
  since?: Date | undefined
}

const kept = 500

/** All messages, newest first; the newest 500 are kept, across restarts too. */
export class Messages {
  readonly #journal: Journal<Message>
  #messages: Message[]

  constructor(dataDir: string) {
    this.#journal = new Journal(join(dataDir, 'inbox.ndjson'))
    this.#messages = this.#journal.read().slice(-kept).reverse()
  }

  add(message: Omit<Message, 'id'>): Message {
    const added = { id: randomUUID(), ...message }
    this.#messages = [added, ...this.#messages].slice(0, kept)
    this.#journal.append(added)
    if (this.#journal.lines >= 2 * kept) this.#journal.replace(this.#messages.toReversed())
    return added
  }

  list({ to, channel, since }: Wanted = {}): Message[] {
    const address = to === undefined ? undefined : comparable(to)
    return this.#messages.filter(
      message =>
        (address === undefined || comparable(message.to) === address) &&
        (channel === undefined || message.channel === channel) &&
        (since === undefined || message.sentAt >= since.toISOString()),
    )
  }
}

/** Telephone numbers are compared by their digits, because a `+` in a query arrives as a space. */
function comparable(address: string): string {
  const trimmed = address.trim().toLowerCase()
  return /^\+?[\d\s()-]+$/.test(trimmed) ? trimmed.replace(/\D/g, '') : trimmed
}
