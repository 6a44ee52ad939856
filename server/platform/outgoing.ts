import { z } from 'zod'
import { faultsOfOutgoing, type Outgoing } from '#domain/emv/outgoing.ts'
import { demoMode } from './demo-mode.ts'
import { log } from './log.ts'

const counts = new Map<string, number>()

/**
 * Checks a message of ours before it leaves, by the tables and the engine that check what we receive. A violation is our
 * own fault: it is logged as an error and counted, and the message leaves nevertheless, because a receiver that ignores
 * the fault can still complete the purchase. Tests fail on that log line. Returns the message.
 */
export function outgoing<Message extends object>(message: Message, facts: Outgoing = {}): Message {
  const faults = faultsOfOutgoing(message, { ...facts, loopbackHttp: demoMode() })
  if (faults.length === 0) return message
  const { messageType, acsTransID } = message as { messageType?: string; acsTransID?: unknown }
  const kind = messageType ?? 'unknown'
  const count = (counts.get(kind) ?? 0) + 1
  counts.set(kind, count)
  const id = z.uuid().safeParse(acsTransID).data
  // The names of elements are ours; no value is logged.
  const why = faults.map(({ code, field }) => `${code} ${field}`).join(', ')
  log.error('message.faulty', { kind, count, why, ...(id && { acsTransID: id }) })
  return message
}
