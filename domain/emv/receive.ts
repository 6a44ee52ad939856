import { type CheckContext, check, isObject, withoutUnknown } from './check.ts'
import { type Parsed, parseEncodedMessage, parseMessage } from './codec.ts'
import { type Erro, erro, erroForFaults, supportedVersions } from './erro.ts'
import type { DeviceChannel, Field, JsonObject } from './field.ts'
import { isSupportedVersion, type MessageVersion } from './version.ts'

export type Received =
  | {
      readonly kind: 'message'
      readonly message: JsonObject
      /** The message with the elements that are ignored. */
      readonly whole: JsonObject
      readonly version: MessageVersion
    }
  | {
      readonly kind: 'refused'
      readonly erro: Erro /** The part of the message that could be parsed; empty if none could. */
      readonly message: JsonObject
    }

export interface Expected {
  readonly messageType: string
  readonly table: readonly Field[]
  /** The channel of the transaction, for a message that does not contain it. */
  readonly channel?: DeviceChannel
  readonly loopbackHttp?: boolean
}

/** Parses and checks a JSON message in the order of the reference: readable, type, version, duplicates, fields. */
export function receive(bytes: Uint8Array | string, expected: Expected): Received {
  return examine(parseMessage(bytes), expected)
}

/** The same for a base64url-encoded message from a form field. */
export function receiveEncoded(encoded: string, expected: Expected): Received {
  return examine(parseEncodedMessage(encoded), expected)
}

/** The same for a message that has already been parsed. */
export function examine(parsed: Parsed, { messageType, table, channel, loopbackHttp = false }: Expected): Received {
  if (parsed.kind === 'unreadable') return refused(erro('101', parsed.reason), {})
  const { message, duplicates } = parsed
  if (message.messageType !== messageType) return refused(erro('101', 'messageType', message), message)

  const version = message.messageVersion
  if (version === undefined || version === null || version === '')
    return refused(erro('201', 'messageVersion', message), message)
  if (typeof version !== 'string' || !/^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(version)) {
    return refused(erro('203', 'messageVersion', message), message)
  }
  if (!isSupportedVersion(version)) return refused(erro('102', supportedVersions, message), message)
  if (duplicates.length > 0) {
    return refused(erro('204', [...new Set(duplicates.map(safeName))].join(','), message), message)
  }

  const context: CheckContext = { version, channel, loopbackHttp }
  const faults = [...check(table, message, context), ...unknownCriticalExtensions(message)]
  const answer = erroForFaults(faults, message)
  if (answer) return refused(answer, message)
  return { kind: 'message', message: withoutUnknown(table, message, version), whole: message, version }
}

function refused(answer: Erro, message: JsonObject): Received {
  return { kind: 'refused', erro: answer, message }
}

/** We do not support any extension yet, so every critical one is a fault (EMV 3DS, code 202). */
export function unknownCriticalExtensions(message: JsonObject) {
  const extensions = message.messageExtension
  if (!Array.isArray(extensions)) return []
  return extensions
    .filter(isObject)
    .filter(extension => extension.criticalityIndicator === true)
    .map(extension => ({ code: '202' as const, field: safeName(String(extension.id)) }))
}

/** A name chosen by the sender, if it is safe to repeat in an Erro: it must not hide a card number, for example. */
export function safeName(name: string): string {
  return /^[\w.: -]{1,200}$/.test(name) && !/(?:[0-9][ .:-]?){13}/.test(name) ? name : 'an unknown name'
}
