import type { Json, JsonObject } from '#domain/emv/field.ts'
import type { Parties, TransactionIds } from '#domain/emv/messages.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { DirectoryServer, Range } from '../platform/issuer.ts'

/** A checked AReq, with access to its string elements. */
export interface Request {
  readonly message: JsonObject
  readonly version: MessageVersion
  /** The message with the elements that are ignored, by which the same AReq is recognised. */
  readonly whole: JsonObject
  /** Our own id of the authentication. */
  readonly id: string
  readonly ids: TransactionIds
  readonly parties: Parties
  readonly directoryServer: DirectoryServer
  readonly range: Range
  /** The language setting of the cardholder's browser or device, if it was sent. */
  readonly locale: string | undefined
  text(name: string): string | undefined
}

/** Returns a list: 2.3.1 has lists where earlier versions have a single value. */
export function list(value: Json | undefined): string[] {
  const values = Array.isArray(value) ? value : [value]
  return values.filter(each => typeof each === 'string')
}
