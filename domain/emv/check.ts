import { exponentOf, isCountry, isCurrency } from '#domain/kernel/iso.ts'
import type {
  Condition,
  DeviceChannel,
  Field,
  Json,
  JsonObject,
  MessageCategory,
  Need,
  Shape,
  Values,
} from './field.ts'
import { type MessageVersion, within } from './version.ts'

/**
 * A fault of a message. Codes as in EMV 3DS table A.4: 201 required element missing, 202 critical extension not
 * recognised, 203 form or value invalid, 207 (2.3.1) value reserved, 304 ISO code invalid. `field` is the element's
 * dotted name; for 202 it is the id of the extension.
 */
export interface Fault {
  readonly code: '201' | '202' | '203' | '207' | '304'
  readonly field: string
}

export interface CheckContext {
  readonly version: MessageVersion
  /** The channel (and category) of the AReq, for messages that do not contain them (ARes, RReq). */
  readonly channel?: DeviceChannel | undefined
  readonly category?: MessageCategory | undefined
  /** Only for demo and tests: accept `http` to this machine in place of `https`. */
  readonly loopbackHttp?: boolean
}

/** Checks a message against its table. Returns all faults in the order of the table; empty if it is well formed. */
export function check(table: readonly Field[], message: JsonObject, context: CheckContext): Fault[] {
  const faults: Fault[] = []
  const channel = channelOf(message) ?? context.channel
  const category = categoryOf(message) ?? context.category
  checkFields(rowsFor(table, context.version, channel, category), message, message, '', { ...context, faults })
  return faults
}

/**
 * A checked message without the top-level elements that do not exist in its version, channel and category. The
 * specification requires that they are ignored, and no rule has checked their values.
 */
export function withoutUnknown(table: readonly Field[], message: JsonObject, version: MessageVersion): JsonObject {
  const known = namesIn(rowsFor(table, version, channelOf(message), categoryOf(message)))
  const isKnown = (name: string) => known.has(name)
  if (Object.keys(message).every(isKnown)) return message
  return Object.fromEntries(Object.entries(message).filter(([name]) => isKnown(name)))
}

/** Only those elements of a checked message that may be kept (docs/data.md). */
export function storableElements(table: readonly Field[], message: JsonObject, version: MessageVersion): JsonObject {
  return keep(rowsFor(table, version, channelOf(message), categoryOf(message)), message, version)
}

function keep(rows: readonly Row[], object: JsonObject, version: MessageVersion): JsonObject {
  const kept: JsonObject = {}
  for (const { field } of rows) {
    if (!field.keep) continue
    const value = object[field.name]
    if (value !== undefined) kept[field.name] = keepValue(field.is, value, version)
  }
  return kept
}

function keepValue(shape: Shape, value: Json, version: MessageVersion): Json {
  if (shape.kind === 'object') return keep(plainRows(shape.fields, version), value as JsonObject, version)
  if (shape.kind === 'array') return (value as Json[]).map(item => keepValue(shape.of, item, version))
  return value
}

/** A field whose requirement has been resolved for a version, channel and category. */
interface Row {
  readonly field: Field
  /** `true`: always required; otherwise required if any of these conditions holds. */
  readonly required: true | readonly Condition[]
}

interface Walk extends CheckContext {
  readonly faults: Fault[]
}

function channelOf(message: JsonObject): DeviceChannel | undefined {
  const channel = message.deviceChannel
  return channel === '01' || channel === '02' || channel === '03' ? channel : undefined
}

function categoryOf(message: JsonObject): MessageCategory | undefined {
  const category = message.messageCategory
  return category === '01' || category === '02' ? category : undefined
}

const compiled = new WeakMap<readonly Field[], Map<string, readonly Row[]>>()

/**
 * The rows of a table that apply to a message of this version, channel and category, computed once for each
 * combination.
 */
function rowsFor(
  table: readonly Field[],
  version: MessageVersion,
  channel?: DeviceChannel,
  category?: MessageCategory,
): readonly Row[] {
  const kinds = compiled.get(table) ?? new Map<string, readonly Row[]>()
  compiled.set(table, kinds)
  const kind = `${version}/${channel ?? ''}/${category ?? ''}`
  let rows = kinds.get(kind)
  if (!rows) {
    rows = table
      .filter(field => within(version, field.since, field.until))
      .filter(field => !field.channel || !channel || field.channel.includes(channel))
      .map(field => ({ field, required: requirement(field.required ?? [], version, channel, category) }))
    kinds.set(kind, rows)
  }
  return rows
}

const names = new WeakMap<readonly Row[], ReadonlySet<string>>()

function namesIn(rows: readonly Row[]): ReadonlySet<string> {
  const known = names.get(rows) ?? new Set(rows.map(({ field }) => field.name))
  names.set(rows, known)
  return known
}

function plainRows(table: readonly Field[], version: MessageVersion): readonly Row[] {
  return rowsFor(table, version)
}

function requirement(
  needs: readonly Need[],
  version: MessageVersion,
  channel?: DeviceChannel,
  category?: MessageCategory,
): true | readonly Condition[] {
  const conditions: Condition[] = []
  for (const need of needs) {
    if (!within(version, need.since, need.until)) continue
    if (need.channel && !(channel && need.channel.includes(channel))) continue
    if (need.category && !(category && need.category.includes(category))) continue
    if (!need.if) return true
    conditions.push(...need.if)
  }
  return conditions
}

function holds(condition: Condition, object: JsonObject): boolean {
  const value = object[condition.field]
  if (value === undefined || value === null || value === '') return false
  return !condition.is || condition.is.some(wanted => wanted === value)
}

/** Checks the fields of an object. Conditions refer to members of the same object. */
function checkFields(rows: readonly Row[], object: JsonObject, message: JsonObject, path: string, walk: Walk): void {
  for (const { field, required } of rows) {
    const value = object[field.name]
    if (value === undefined || value === null || value === '') {
      const needed = required === true || required.some(condition => holds(condition, object))
      if (needed) walk.faults.push({ code: '201', field: path + field.name })
      // EMV 3DS [Req 309]: an optional element may be absent, but not present and empty.
      else if (value !== undefined) walk.faults.push({ code: '203', field: path + field.name })
      continue
    }
    checkValue(field.is, value, path + field.name, message, walk)
  }
}

function checkValue(shape: Shape, value: Json, name: string, message: JsonObject, walk: Walk): void {
  switch (shape.kind) {
    case 'object':
      if (!isObject(value) || (shape.max && JSON.stringify(value).length > shape.max)) invalid(name, walk)
      else checkFields(plainRows(shape.fields, walk.version), value, message, `${name}.`, walk)
      break
    case 'array':
      if (!Array.isArray(value) || value.length < shape.min || value.length > shape.max) invalid(name, walk)
      else if (shape.longest && JSON.stringify(value).length > shape.longest) invalid(name, walk)
      else for (const item of value) checkValue(shape.of, item, name, message, walk)
      break
    case 'either':
      if (!shape.of.some(each => accepts(each, value, message, walk))) invalid(name, walk)
      break
    case 'values':
      checkListed(shape.values, value, name, walk)
      break
    case 'opaque':
      if (!isObject(value) || JSON.stringify(value).length > shape.max) invalid(name, walk)
      break
    case 'boolean':
      if (typeof value !== 'boolean' || (shape.only !== undefined && value !== shape.only)) invalid(name, walk)
      break
    case 'currency':
      checkIso(isCurrency, value, name, walk)
      if (name === 'purchaseCurrency') checkExponent(message, walk)
      break
    case 'country':
      checkIso(isCountry, value, name, walk)
      break
    default:
      if (typeof value !== 'string' || !fits(shape, value, walk)) invalid(name, walk)
  }
}

function accepts(shape: Shape, value: Json, message: JsonObject, walk: Walk): boolean {
  const faults: Fault[] = []
  checkValue(shape, value, '', message, { ...walk, faults })
  return faults.length === 0
}

/** Checks the shapes that depend on the string alone and not on other elements of the message. */
function fits(
  shape: Extract<Shape, { kind: 'text' | 'pattern' | 'url' | 'date' }>,
  value: string,
  { version, loopbackHttp = false }: CheckContext,
): boolean {
  switch (shape.kind) {
    case 'text':
      return lengthWithin(value, shape.min, typeof shape.max === 'number' ? shape.max : shape.max[version])
    case 'pattern':
      return shape.pattern.test(value)
    case 'url':
      return value.length <= shape.max && isUrl(value, shape.https, loopbackHttp)
    case 'date':
      return isDate(value, shape.form)
  }
}

function checkListed(list: Values, value: Json, name: string, walk: Walk): void {
  const is = typeof value === 'string' ? standing(list, value, walk.version) : 'none'
  if (is === 'reserved') walk.faults.push({ code: '207', field: name })
  else if (is === 'none') invalid(name, walk)
}

function checkIso(isCode: (numeric: string) => boolean, value: Json, name: string, walk: Walk): void {
  if (typeof value !== 'string' || !/^[0-9]{3}$/.test(value)) invalid(name, walk)
  else if (!isCode(value)) walk.faults.push({ code: '304', field: name })
}

/** EMV 3DS table A.5: the exponent must be that of the currency; a mismatch is reported for both elements. */
function checkExponent({ purchaseCurrency, purchaseExponent }: JsonObject, walk: Walk): void {
  if (typeof purchaseCurrency !== 'string' || typeof purchaseExponent !== 'string') return
  if (!isCurrency(purchaseCurrency) || !/^[0-9]$/.test(purchaseExponent)) return
  if (Number(purchaseExponent) !== exponentOf(purchaseCurrency)) {
    walk.faults.push({ code: '304', field: 'purchaseCurrency' }, { code: '304', field: 'purchaseExponent' })
  }
}

function invalid(name: string, walk: Walk): void {
  walk.faults.push({ code: '203', field: name })
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Counts code points, without building an array for the usual short value. */
function lengthWithin(value: string, min: number, max: number): boolean {
  if (value.length < min || value.length > max * 2) return false
  if (value.length <= max && min < 2) return true
  const length = [...value].length
  return min <= length && length <= max
}

/** Whether a value is listed, reserved by EMV 3DS (an error of its own in 2.3.1), or neither. */
function standing(list: Values, value: string, version: MessageVersion): 'member' | 'reserved' | 'none' {
  if (list.all.includes(value)) return 'member'
  if (list.directoryServer && /^[89][0-9]$/.test(value)) return 'member'
  for (const since in list.since) {
    const from = since as MessageVersion
    if (within(version, from) && list.since[from]?.includes(value)) return 'member'
  }
  return list.reserved && version === '2.3.1' && /^(?!00)[0-9]{2}$/.test(value) ? 'reserved' : 'none'
}

/** Whether a value is an absolute URL without user information, and `https` if the table requires it. */
function isUrl(value: string, https: boolean, loopbackHttp: boolean): boolean {
  if (!/^https?:\/\/[^\s\\]+$/i.test(value)) return false
  const url = parseUrl(value)
  if (!url || url.username || url.password) return false
  return !https || url.protocol === 'https:' || (loopbackHttp && isLoopbackName(url.hostname))
}

/** Most URLs are valid, and calling URL.canParse first would parse them twice. */
function parseUrl(value: string): URL | undefined {
  try {
    return new URL(value)
  } catch {
    return undefined
  }
}

export function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '127.0.0.1'
}

/** Whether a value is a calendar date, with a valid time of day if the form has one. */
function isDate(value: string, form: 'YYYYMMDD' | 'YYYYMMDDHHMM' | 'YYYYMMDDHHMMSS'): boolean {
  if (value.length !== form.length || !/^[0-9]+$/.test(value)) return false
  const part = (from: number, length: number) => Number(value.slice(from, from + length) || '0')
  const [year, month, day] = [part(0, 4), part(4, 2), part(6, 2)]
  const at = new Date(Date.UTC(year, month - 1, day))
  if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return false
  return part(8, 2) < 24 && part(10, 2) < 60 && part(12, 2) < 60
}
