import type { Queryable } from '#db/client.ts'
import type { OutboxRow } from '#db/queries/outbox.ts'
import type { Hosts } from './hosts.ts'

// Registered for each kind of outbox row (handlers.ts). A handler sends a row and reports the result; the sender
// manages leases, slots and the row itself.

export type Kind = OutboxRow['kind']

/** A row as its handler sees it. */
export type Item = Omit<OutboxRow, 'lease' | 'leasedUntil'>

/** The rows of a queue: those for one host, or those for none of the named hosts. */
export type QueueHost = string | { readonly noneOf: readonly string[] }

/** The result of one attempt. */
export type Attempt = (
  | { readonly kind: 'handed-over'; readonly gateway?: string; readonly gatewayRef?: string | undefined }
  /** Tried again at `nextAt`, in milliseconds since the epoch; with another body, if there is one. */
  | { readonly kind: 'later'; readonly nextAt: number; readonly body?: string }
  /** Never tried again. */
  | { readonly kind: 'given-up' }
) & {
  /** Whether the host responded; undefined if no request was made. */
  readonly answered: boolean | undefined
  /**
   * Saves more in one transaction with the row. `save` saves the row, and returns false if it is no longer ours: then
   * nothing else may be saved.
   */
  readonly together?: (tx: Queryable, save: () => Promise<boolean>) => Promise<void>
  /** Runs after the result is saved in the row. */
  readonly afterwards?: () => Promise<void> | void
}

export interface Handler {
  /** Hosts that have a queue, slots and a circuit breaker of their own. */
  queues(): readonly QueueHost[]
  /** Concurrent attempts from one process to one host; half as many for rows that were tried before. */
  readonly slots: number
  /** The longest that one attempt may take, in milliseconds. */
  longestTry(): number
  /** How many more attempts may start, if a row's host is only chosen when it is sent. */
  free?(hosts: Hosts): number
  /** Makes one attempt. */
  attempt(item: Item, hosts: Hosts): Promise<Attempt>
}
