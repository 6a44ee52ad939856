import { type CheckContext, checkSent, type Fault } from './check.ts'
import type { JsonObject } from './field.ts'
import { tableOf } from './report.ts'
import { challengeRReqTable } from './sent.ts'
import { isSupportedVersion } from './version.ts'

/** Facts about the transaction that our message does not contain. */
export interface Outgoing extends Pick<CheckContext, 'channel' | 'category' | 'loopbackHttp'> {
  /** An RReq after decoupled authentication. */
  readonly decoupled?: boolean
}

/** What is wrong with a message of ours, by the same tables and engine that check what we receive. */
export function faultsOfOutgoing(message: object, { decoupled, ...facts }: Outgoing): Fault[] {
  const sent = message as JsonObject
  const { messageType, messageVersion: version } = sent
  if (typeof version !== 'string' || !isSupportedVersion(version)) return [{ code: '203', field: 'messageVersion' }]
  if (!isOurs(messageType)) return [{ code: '203', field: 'messageType' }]
  const table = messageType === 'RReq' && !decoupled ? challengeRReqTable : tableOf(messageType, sent)
  return checkSent(table, sent, { version, ...facts })
}

const ours = ['ARes', 'CRes', 'RReq', 'Erro', 'ORes'] as const

function isOurs(type: unknown): type is (typeof ours)[number] {
  return (ours as readonly unknown[]).includes(type)
}
