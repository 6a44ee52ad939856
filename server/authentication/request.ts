import type { Json, JsonObject } from '#domain/emv/field.ts'
import type { Parties, TransactionIds } from '#domain/emv/messages.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { DirectoryServer, Range } from '../platform/issuer.ts'

/** A checked AReq, with its string elements at hand. */
export interface Request {
  readonly message: JsonObject
  readonly version: MessageVersion
  readonly body: Uint8Array
  readonly ids: TransactionIds
  readonly parties: Parties
  readonly directoryServer: DirectoryServer
  readonly range: Range
  /** What the cardholder's browser or device is set to, as far as it says so. */
  readonly locale: string | undefined
  text(name: string): string | undefined
}

/** 2.3.1 gives a list where versions before give one value. */
export function list(value: Json | undefined): string[] {
  const values = Array.isArray(value) ? value : [value]
  return values.filter(each => typeof each === 'string')
}
