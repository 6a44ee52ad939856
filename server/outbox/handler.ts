import type { OutboxRow } from '#db/queries/outbox.ts'
import type { Hosts } from './hosts.ts'

// What the owner of a kind of outbox row registers for it (handlers.ts). A handler hands a row over and says what became of it;
// leases, slots and the row itself are the sender's.

export type Kind = OutboxRow['kind']

/** A row as its handler sees it. */
export type Item = Omit<OutboxRow, 'lease' | 'leasedUntil'>

/** Whose rows: those for one host, or those for none of the hosts that are named. */
export type QueueHost = string | { readonly noneOf: readonly string[] }

/** What became of one try. */
export type Attempt = (
  | { readonly kind: 'handed-over'; readonly gateway?: string; readonly gatewayRef?: string | undefined }
  /** Tried again at `nextAt`, milliseconds. */
  | { readonly kind: 'later'; readonly nextAt: number }
  /** Never tried again. */
  | { readonly kind: 'given-up' }
) & {
  /** Whether the host answered; undefined when it was not asked. */
  readonly answered: boolean | undefined
  /** Runs once the row says what became of the try. */
  readonly afterwards?: () => Promise<void> | void
}

export interface Handler {
  /** Hosts that have a queue of their own, with slots and a breaker of their own. */
  queues(): readonly QueueHost[]
  /** Tries under way at once from one process to one host; of rows that were tried before, half as many. */
  readonly slots: number
  /** The longest that one try may take, milliseconds. */
  longestTry(): number
  /** How many tries may start besides, where a row's host is chosen when it is sent. */
  free?(hosts: Hosts): number
  /** One try. */
  attempt(item: Item, hosts: Hosts): Promise<Attempt>
}
