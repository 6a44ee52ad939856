import { parseMessage } from '#domain/emv/codec.ts'
import { type Erro, type ErrorCode, erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { outcomeElements } from '#domain/emv/outcome.ts'
import { examine } from '#domain/emv/receive.ts'
import { rres } from '#domain/emv/rres.ts'
import { isSupportedVersion } from '#domain/emv/version.ts'

// What a directory server's reaction to an RReq means. EMV 3DS 2.3.1.1, Req 240 to 242 and 5.9.11 to 5.9.13.

/** What came back for an RReq that was sent, or why nothing did. */
export type Reaction =
  /** The connection or the TLS handshake failed, so the directory server has received nothing. */
  | { readonly kind: 'unreached' }
  /** It was connected and did not answer in time, or hung up: it may have received the RReq. */
  | { readonly kind: 'silent' }
  /** Any HTTP answer; `body` is the part that was read. */
  | { readonly kind: 'answered'; readonly body: string; readonly status: number }

/** What follows. */
export type Consequence =
  /** The RReq is sent again; until now the directory server cannot have it. */
  | { readonly kind: 'again' }
  /** The directory server has the result: by its RRes, or by Erro 312, which it gives to a second RReq. */
  | { readonly kind: 'delivered' }
  /** The directory server refused the result, and gets no answer: an Erro is never answered with an Erro. */
  | { readonly kind: 'refused'; readonly erro: JsonObject }
  /** There is no valid answer. The directory server is told so once, and the RReq is not sent again. */
  | { readonly kind: 'unacknowledged'; readonly erro: Erro }

/** Reads the reaction to an RReq. `sent`: the RReq. */
export function consequenceOf(reaction: Reaction, sent: JsonObject): Consequence {
  if (reaction.kind === 'unreached') return { kind: 'again' }
  if (reaction.kind === 'silent') return { kind: 'unacknowledged', erro: erro('402', 'no RRes in time', sent) }
  const parsed = parseMessage(reaction.body)
  // A malformed Erro, or one with an HTTP status of its own, is accepted as well.
  if (parsed.kind === 'message' && parsed.message.messageType === 'Erro') {
    const { message } = parsed
    return message.errorCode === '312' ? { kind: 'delivered' } : { kind: 'refused', erro: message }
  }
  const unacknowledged = (code: ErrorCode, detail: string): Consequence => ({
    kind: 'unacknowledged',
    erro: { ...erro(code, detail, sent), errorMessageType: 'RRes' },
  })
  if (reaction.status !== 200) return unacknowledged('101', 'the HTTP status')
  const channel = sent.sdkTransID === undefined ? '02' : '01'
  const received = examine(parsed, { messageType: 'RRes', table: rres, channel })
  if (received.kind === 'refused') return unacknowledged(received.erro.errorCode, received.erro.errorDetail)
  const other = (...names: string[]) =>
    names.filter(name => String(received.message[name]).toLowerCase() !== String(sent[name]).toLowerCase()).join(',')
  const version = other('messageVersion')
  if (version) return unacknowledged('203', version)
  const ids = other('threeDSServerTransID', 'dsTransID', 'acsTransID')
  return ids ? unacknowledged('301', ids) : { kind: 'delivered' }
}

/**
 * The code of the Erro that an SDK gets in place of its final CRes (EMV 3DS 5.9.11): that of our own Erro, or 403 after
 * the directory server's. Undefined if it gets the CRes.
 */
export function erroForSdk(consequence: Consequence): ErrorCode | undefined {
  if (consequence.kind === 'refused') return '403'
  return consequence.kind === 'unacknowledged' ? consequence.erro.errorCode : undefined
}

/**
 * The RReq to go on with after the second failed connection: Req 240 of 2.3.1 makes the result U. It has no
 * authentication value and names no method, which belong to a result of Y or N. A result that is U already, or of an
 * earlier version, stays as it is.
 */
export function undeliveredRReq(sent: JsonObject): JsonObject {
  const { messageVersion } = sent
  if (typeof messageVersion !== 'string' || !isSupportedVersion(messageVersion)) return sent
  if (messageVersion !== '2.3.1' || sent.transStatus === 'U') return sent
  const { authenticationValue: _value, authenticationMethod: _method, ...rest } = sent
  return { ...rest, ...outcomeElements('result-undelivered', messageVersion) }
}
