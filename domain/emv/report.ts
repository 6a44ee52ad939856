import { appCReq } from './app-creq.ts'
import { appCRes } from './app-cres.ts'
import { areq } from './areq.ts'
import { check, type Fault, isObject } from './check.ts'
import { parseEncodedMessage, parseMessage } from './codec.ts'
import { creq } from './creq.ts'
import { type ErrorCode, supportedVersions } from './erro.ts'
import { erroFields } from './erro-fields.ts'
import type { DeviceChannel, Field, Json, JsonObject, MessageCategory, Shape } from './field.ts'
import { jsonFault, type Place } from './json-fault.ts'
import { methodData } from './method-data.ts'
import { oreq } from './oreq.ts'
import { safeName, unknownCriticalExtensions } from './receive.ts'
import { rres } from './rres.ts'
import { aresTable, cresTable, oresTable, rreqTable } from './sent.ts'
import { isSupportedVersion, type MessageVersion, newestVersion, within } from './version.ts'

/** The tables of the messages that an access control server exchanges, by messageType. */
export const tables = {
  AReq: areq,
  ARes: aresTable,
  CReq: creq,
  CRes: cresTable,
  RReq: rreqTable,
  RRes: rres,
  Erro: erroFields,
  OReq: oreq,
  ORes: oresTable,
} as const satisfies Readonly<Record<string, readonly Field[]>>

/** The tables of CReq and CRes in the app channel, inside their JWE. */
export const appTables = { CReq: appCReq, CRes: appCRes } as const

/** The table of a message; in the app channel, CReq and CRes have their own. */
export function tableOf(type: keyof typeof tables, message: JsonObject): readonly Field[] {
  const ofApp = message.sdkCounterStoA !== undefined || message.acsCounterAtoS !== undefined
  return ofApp && (type === 'CReq' || type === 'CRes') ? appTables[type] : tables[type]
}

/** Messages that exist from 2.3.1 on. */
export const since231: ReadonlySet<string> = new Set(['OReq', 'ORes'])

/** Messages between a 3DS Server and a directory server, which no access control server sees. */
const ofOthers: ReadonlySet<string> = new Set(['PReq', 'PRes'])

export interface Finding {
  readonly code: ErrorCode
  /** The element's dotted name; for 101 the reason, for 202 the id of the extension. */
  readonly field: string
  /** The required form of the element. */
  readonly expected?: Shape
  /** Where the text stops being JSON; of a message in base64url, in its decoded text. */
  readonly place?: Place
}

/** All findings about one message. It contains no value of the message. */
export interface Report {
  /** `threeDSMethodData` for the data of the 3DS Method, which has neither type nor version. */
  readonly messageType?: string
  readonly messageVersion?: MessageVersion
  readonly findings: readonly Finding[]
  /** The AReq is as a 3DS Server sends it, so elements that the directory server adds are not reported as missing. */
  readonly beforeDirectoryServer: boolean
  /** The card number is masked, as a 3DS Server shows it, so it is not reported as malformed. */
  readonly maskedNumber: boolean
  /** Elements that are ignored because this version, or every version, lacks them. */
  readonly ignored: readonly string[]
}

/** Facts about the transaction: its channel and category, for messages that do not contain them. */
export interface Transaction {
  /** Only for the demo: accept `http` to this machine in place of `https`. */
  readonly loopbackHttp?: boolean
  readonly channel?: DeviceChannel | undefined
  readonly category?: MessageCategory | undefined
}

/** Checks a message of any type: JSON, or base64url of JSON as forms carry it (with or without `creq=`). */
export function reportOn(input: Uint8Array | string, transaction: Transaction = {}): Report {
  // A text from an editor may begin with a mark of its encoding, as bytes may.
  const text = typeof input === 'string' ? input.replace(/^\ufeff/, '') : input
  // Without the name of its form field, base64url is recognised by its beginning: an encoded brace.
  const encoded =
    typeof text === 'string'
      ? /^(?:(?:creq|cres|erro|threeDSMethodData)=|(?=e[w-z0-9_-]))([\w\s-]+(?:=\s*){0,2})(?:&\S*)?$/.exec(text.trim())
      : null
  const parsed = encoded?.[1] ? parseEncodedMessage(encoded[1]) : parseMessage(text)
  if (parsed.kind === 'unreadable') return unreadable(parsed.reason, encoded?.[1], text)
  const { message, duplicates } = parsed
  const type = message.messageType
  if (type === undefined && message.threeDSMethodNotificationURL !== undefined) {
    return ofMethod(message, duplicates, transaction)
  }
  if (typeof type === 'string' && ofOthers.has(type)) return unfit({}, { code: '101', field: type })
  if (typeof type !== 'string' || !isKnown(type)) return unfit({}, { code: '101', field: 'messageType' })
  const version = message.messageVersion
  if (version === undefined || version === null || version === '') {
    return unfit({ messageType: type }, { code: '201', field: 'messageVersion' })
  }
  if (typeof version !== 'string' || !/^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(version)) {
    return unfit({ messageType: type }, { code: '203', field: 'messageVersion' })
  }
  if (!isSupportedVersion(version)) return unfit({ messageType: type }, { code: '102', field: supportedVersions })
  const head = { messageType: type, messageVersion: version }
  if (since231.has(type) && version !== '2.3.1') return unfit(head, { code: '101', field: 'messageType' })

  const table = tableOf(type, message)
  const beforeDirectoryServer = type === 'AReq' && addedBy.slice(0, 3).every(name => message[name] === undefined)
  const maskedNumber = type === 'AReq' && isMaskedNumber(message.acctNumber)
  const faults: Fault[] = [...check(table, message, { version, ...transaction }), ...unknownCriticalExtensions(message)]
    .filter(({ code, field }) => !(beforeDirectoryServer && code === '201' && addedBy.includes(field)))
    .filter(({ code, field }) => !(maskedNumber && code === '203' && field === 'acctNumber'))
  return {
    ...head,
    beforeDirectoryServer,
    maskedNumber,
    findings: [
      ...twice(duplicates),
      ...distinct(faults).map(fault => ({ ...fault, ...expectedOf(fault, table, version, message) })),
    ],
    ignored: ignoredIn(table, message, version),
  }
}

/** The data that a 3DS Server's page posts to the 3DS Method. */
function ofMethod(message: JsonObject, duplicates: readonly string[], transaction: Transaction): Report {
  const faults = check(methodData, message, { version: newestVersion, ...transaction })
  return {
    messageType: 'threeDSMethodData',
    beforeDirectoryServer: false,
    maskedNumber: false,
    findings: [
      ...twice(duplicates),
      ...distinct(faults).map(fault => ({ ...fault, ...expectedOf(fault, methodData, newestVersion, message) })),
    ],
    ignored: ignoredIn(methodData, message, newestVersion),
  }
}

function unreadable(reason: string, encoded: string | undefined, input: Uint8Array | string): Report {
  const bytes = encoded === undefined ? input : Buffer.from(encoded, 'base64url')
  const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)
  // An encrypted message of an app: its header is no secret, its content is for the other side only.
  if (/^\s*[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(text)) {
    return unfit({}, { code: '101', field: 'encrypted' })
  }
  const place = reason === 'not JSON' ? jsonFault(text) : undefined
  return unfit({}, { code: '101', field: reason, ...(place && { place }) })
}

/** As shops show and log it: the first and the last digits, the others replaced. */
function isMaskedNumber(value: Json | undefined): boolean {
  return typeof value === 'string' && /^(?=.{13,19}$)[0-9]{0,8}[•●*Xx]+[0-9]{0,4}$/u.test(value)
}

function twice(duplicates: readonly string[]): Finding[] {
  return [...new Set(duplicates.map(safeName))].map(field => ({ code: '204', field }))
}

/** Elements that the directory server adds; it decrypts deviceInfo from sdkEncData. */
const addedBy: readonly string[] = ['dsTransID', 'dsReferenceNumber', 'dsURL', 'deviceInfo']

function isKnown(type: string): type is keyof typeof tables {
  return Object.hasOwn(tables, type)
}

function unfit(head: Pick<Report, 'messageType' | 'messageVersion'>, finding: Finding): Report {
  return { ...head, findings: [finding], beforeDirectoryServer: false, maskedNumber: false, ignored: [] }
}

function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map(fault => [`${fault.code} ${fault.field}`, fault])).values()]
}

function expectedOf({ code, field }: Fault, table: readonly Field[], version: MessageVersion, message: JsonObject) {
  if (code === '202') return {}
  let rows: readonly Field[] = table
  let shape: Shape | undefined
  for (const name of field.split('.')) {
    const channel = message.deviceChannel
    const row = rows.find(
      each =>
        each.name === name &&
        within(version, each.since, each.until) &&
        (!each.channel || typeof channel !== 'string' || each.channel.some(of => of === channel)),
    )
    shape = row?.is
    const inside = shape?.kind === 'array' ? shape.of : shape
    rows = inside?.kind === 'object' ? inside.fields : []
  }
  return shape ? { expected: shape } : {}
}

function ignoredIn(table: readonly Field[], message: JsonObject, version: MessageVersion): string[] {
  const rows = new Map(table.filter(row => within(version, row.since, row.until)).map(row => [row.name, row]))
  return Object.entries(message).flatMap(([name, value]) => {
    const row = rows.get(name)
    if (!row) return [safeName(name)]
    if (row.is.kind !== 'object' || !isObject(value)) return []
    return ignoredIn(row.is.fields, value, version).map(member => `${name}.${member}`)
  })
}
