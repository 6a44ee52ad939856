import type { Fault } from './check.ts'
import type { JsonObject } from './field.ts'
import { isSupportedVersion, type MessageVersion, newestVersion, versions } from './version.ts'

/**
 * errorCode → errorDescription for the codes that an access control server sends. EMV 3DS table A.4, in our own words.
 */
export const errorDescriptions = {
  '101': 'The message could not be read or is not of a kind that is accepted here.',
  '102': 'The message version is not supported.',
  '201': 'A required data element is missing.',
  '202': 'A critical message extension is not known here.',
  '203': 'A data element has an invalid form or value.',
  '204': 'A data element stands more than once.',
  '207': 'A data element has a value that is reserved.',
  '301': 'The transaction ID is not known or the IDs do not belong together.',
  '302': 'The message could not be decrypted, or came out of turn.',
  '303': 'Access denied, or the endpoint is not valid.',
  '304': 'A country or currency code is not valid.',
  '305': 'The transaction data is not valid.',
  '315': 'The CReq came after the result.',
  '402': 'The transaction has timed out.',
  '403': 'The system is out of order for a short time.',
} as const

export type ErrorCode = keyof typeof errorDescriptions

/** Error message, EMV 3DS table B.12. */
export interface Erro {
  readonly messageType: 'Erro'
  readonly messageVersion: MessageVersion
  readonly errorCode: ErrorCode
  readonly errorComponent: 'A'
  readonly errorDescription: string
  /** Element names, versions or extension ids, separated by commas; never a received value. At most 2048 characters. */
  readonly errorDetail: string
  readonly errorMessageType?: string
  readonly threeDSServerTransID?: string
  readonly dsTransID?: string
  readonly acsTransID?: string
  readonly sdkTransID?: string
}

/** Builds the Erro for a message, with the valid ids that the message contains. */
export function erro(code: ErrorCode, detail: string, about: JsonObject = {}, acsTransID?: string): Erro {
  const version = about.messageVersion
  const type = about.messageType
  return {
    messageType: 'Erro',
    messageVersion: typeof version === 'string' && isSupportedVersion(version) ? version : newestVersion,
    errorCode: code,
    errorComponent: 'A',
    errorDescription: errorDescriptions[code],
    errorDetail: detail.slice(0, 2048).toWellFormed(),
    ...(typeof type === 'string' && /^[A-Za-z]{4}$/.test(type) && { errorMessageType: type }),
    ...id('threeDSServerTransID', about),
    ...id('dsTransID', about),
    ...(acsTransID ? { acsTransID } : id('acsTransID', about)),
    ...id('sdkTransID', about),
  }
}

type IdName = 'threeDSServerTransID' | 'dsTransID' | 'acsTransID' | 'sdkTransID'

function id(name: IdName, message: JsonObject): { [id: string]: string } {
  const value = message[name]
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    ? { [name]: value }
    : {}
}

const order = ['204', '201', '203', '207', '304', '202'] as const

/**
 * Builds the single Erro for all faults, by the first code that occurs: duplicates, missing elements, forms, reserved
 * values, ISO codes, extensions.
 */
export function erroForFaults(faults: readonly Fault[], about: JsonObject, acsTransID?: string): Erro | undefined {
  for (const code of order) {
    const names = faults.filter(fault => fault.code === code).map(fault => fault.field)
    if (names.length > 0) return erro(code, [...new Set(names)].join(','), about, acsTransID)
  }
  return undefined
}

export const supportedVersions = versions.join(',')
