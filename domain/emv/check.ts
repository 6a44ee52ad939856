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
 * recognised, 203 form or value invalid, 204 (2.3.1) the same item twice in an array, 207 (2.3.1) value reserved, 304
 * ISO code invalid. `field` is the element's dotted name; for 202 it is the id of the extension.
 */
export interface Fault {
  readonly code: '201' | '202' | '203' | '204' | '207' | '304'
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
  return checkBy(table, message, context, false)
}

/**
 * Checks a message that we send. Besides the faults that {@link check} finds, an element is a fault (203) if the version
 * and channel do not have it, or if its condition is not met: receivers call that an error (EMV 3DS table A.4).
 */
export function checkSent(table: readonly Field[], message: JsonObject, context: CheckContext): Fault[] {
  return checkBy(table, message, context, true)
}

function checkBy(table: readonly Field[], message: JsonObject, context: CheckContext, sent: boolean): Fault[] {
  const { version, loopbackHttp = false } = context
  const channel = channelOf(message) ?? context.channel
  const category = categoryOf(message) ?? context.category
  const walk: Walk = { version, loopbackHttp, sent, faults: [] }
  checkFields(rowsFor(table, version, channel, category), message, message, '', walk)
  return walk.faults
}

/**
 * A checked message without the top-level elements that do not exist in its version, channel and category. The
 * specification requires that they are ignored, and no rule has checked their values.
 */
export function withoutUnknown(table: readonly Field[], message: JsonObject, version: MessageVersion): JsonObject {
  const { fields } = rowsFor(table, version, channelOf(message), categoryOf(message))
  if (Object.keys(message).every(name => fields.has(name))) return message
  return Object.fromEntries(Object.entries(message).filter(([name]) => fields.has(name)))
}

/** Only those elements of a checked message that may be kept (docs/data.md). */
export function storableElements(table: readonly Field[], message: JsonObject, version: MessageVersion): JsonObject {
  return keep(rowsFor(table, version, channelOf(message), categoryOf(message)), message, version)
}

/**
 * The elements of a message that are not storable, unknown ones included. An element with parts is among them as a whole,
 * because only some of its parts may be storable.
 */
export function otherElements(message: JsonObject, storable: JsonObject): JsonObject {
  const others: [name: string, value: Json | undefined][] = []
  for (const name of Object.keys(message)) {
    const value = message[name]
    if (value !== storable[name]) others.push([name, value])
  }
  return Object.fromEntries(others) as JsonObject
}

function keep({ fields }: Rows, object: JsonObject, version: MessageVersion): JsonObject {
  const kept: JsonObject = {}
  for (const name of Object.keys(object)) {
    const field = fields.get(name)
    const value = object[name]
    if (field?.keep && value !== undefined) kept[name] = keepValue(field.is, value, version)
  }
  return kept
}

function keepValue(shape: Shape, value: Json, version: MessageVersion): Json {
  if (shape.kind === 'object') return keep(rowsFor(shape.fields, version), value as JsonObject, version)
  if (shape.kind === 'array') return (value as Json[]).map(item => keepValue(shape.of, item, version))
  return value
}

/** What of a table applies to a version, channel and category. */
interface Rows {
  readonly all: readonly Row[]
  /** By name. */
  readonly fields: ReadonlyMap<string, Field>
}

/** A field whose cases have been resolved for a version, channel and category. */
interface Row {
  readonly field: Field
  readonly required: Cases
  readonly permitted: Cases
}

/** `true`: in every case; otherwise if any of these holds. */
type Cases = true | readonly Case[]

interface Case {
  /** At least one of these … */
  readonly any: readonly Compiled[]
  /** … and all of these must hold. */
  readonly all: readonly Compiled[]
}

/** A condition with its dotted name taken apart; most names have no dot. */
interface Compiled extends Condition {
  readonly path: readonly string[]
}

interface Walk {
  readonly version: MessageVersion
  readonly loopbackHttp: boolean
  /** Whether the message is ours. */
  readonly sent: boolean
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

const compiled = new WeakMap<readonly Field[], Map<string, Rows>>()

/**
 * The rows of a table that apply to a message of this version, channel and category, computed once for each
 * combination.
 */
function rowsFor(
  table: readonly Field[],
  version: MessageVersion,
  channel?: DeviceChannel,
  category?: MessageCategory,
): Rows {
  let kinds = compiled.get(table)
  if (!kinds) {
    kinds = new Map()
    compiled.set(table, kinds)
  }
  const kind = `${version}/${channel ?? ''}/${category ?? ''}`
  let rows = kinds.get(kind)
  if (!rows) {
    rows = compile(table, version, channel, category)
    kinds.set(kind, rows)
  }
  return rows
}

function compile(
  table: readonly Field[],
  version: MessageVersion,
  channel?: DeviceChannel,
  category?: MessageCategory,
): Rows {
  const all = table
    .filter(field => within(version, field.since, field.until))
    .filter(field => !field.channel || !channel || field.channel.includes(channel))
    .map(field => ({
      field,
      required: casesOf(field.required ?? [], version, channel, category),
      permitted: field.permitted ? casesOf(field.permitted, version, channel, category) : true,
    }))
  return { all, fields: new Map(all.map(({ field }) => [field.name, field])) }
}

function casesOf(
  needs: readonly Need[],
  version: MessageVersion,
  channel?: DeviceChannel,
  category?: MessageCategory,
): Cases {
  const cases: Case[] = []
  for (const need of needs) {
    if (!within(version, need.since, need.until)) continue
    if (need.channel && !(channel && need.channel.includes(channel))) continue
    if (need.category && !(category && need.category.includes(category))) continue
    if (!need.if && !need.and) return true
    cases.push({ any: withPaths(need.if), all: withPaths(need.and) })
  }
  return cases
}

function withPaths(conditions: readonly Condition[] = []): Compiled[] {
  return conditions.map(condition => ({ ...condition, path: condition.field.split('.') }))
}

// From here on loops, not closures: these functions run for each element of every message, and a closure would allocate
// memory in each call.

function holdsIn(cases: Cases, object: JsonObject, message: JsonObject): boolean {
  if (cases === true) return true
  for (const { any, all } of cases) {
    if (meetsAny(any, object, message) && meetsAll(all, object, message)) return true
  }
  return false
}

function meetsAny(any: readonly Compiled[], object: JsonObject, message: JsonObject): boolean {
  for (const condition of any) if (isMet(condition, object, message)) return true
  return any.length === 0
}

function meetsAll(all: readonly Compiled[], object: JsonObject, message: JsonObject): boolean {
  for (const condition of all) if (!isMet(condition, object, message)) return false
  return true
}

function isMet(condition: Compiled, object: JsonObject, message: JsonObject): boolean {
  return holds(condition, condition.inMessage ? message : object) !== (condition.absent ?? false)
}

function holds(condition: Compiled, object: JsonObject, depth = 0): boolean {
  const { path, is } = condition
  const value = object[path[depth] ?? '']
  if (value === undefined || value === null || value === '') return false
  if (depth === path.length - 1) return !is || (is as readonly Json[]).includes(value)
  for (const member of Array.isArray(value) ? value : [value]) {
    if (isObject(member) && holds(condition, member, depth + 1)) return true
  }
  return false
}

/** Checks the fields of an object. Conditions refer to members of the same object. */
function checkFields(rows: Rows, object: JsonObject, message: JsonObject, path: string, walk: Walk): void {
  for (const { field, required, permitted } of rows.all) {
    const value = object[field.name]
    if (value === undefined || value === null || value === '') {
      if (holdsIn(required, object, message)) walk.faults.push({ code: '201', field: path + field.name })
      // EMV 3DS [Req 309]: an optional element may be absent, but not present and empty.
      else if (value !== undefined) walk.faults.push({ code: '203', field: path + field.name })
      continue
    }
    checkValue(field.is, value, path + field.name, message, walk)
    if (field.is.kind === 'currency') checkExponent(object, field.name, path, walk)
    if (walk.sent && !holdsIn(permitted, object, message)) invalid(path + field.name, walk)
  }
  if (!walk.sent) return
  for (const name in object) if (object[name] !== undefined && !rows.fields.has(name)) invalid(path + name, walk)
}

function checkValue(shape: Shape, value: Json, name: string, message: JsonObject, walk: Walk): void {
  switch (shape.kind) {
    case 'object':
      if (!isObject(value) || (shape.max && !isShorter(value, shape.max))) invalid(name, walk)
      else checkFields(rowsFor(shape.fields, walk.version), value, message, `${name}.`, walk)
      break
    case 'array':
      if (!Array.isArray(value) || value.length < shape.min || value.length > shape.max) invalid(name, walk)
      else if (shape.longest && !isShorter(value, shape.longest)) invalid(name, walk)
      else {
        for (const item of value) checkValue(shape.of, item, name, message, walk)
        if (value.length > 1 && walk.version === '2.3.1' && hasEqualItems(value)) {
          walk.faults.push({ code: '204', field: name })
        }
      }
      break
    case 'either':
      if (!acceptsAny(shape.of, value, message, walk)) invalid(name, walk)
      break
    case 'values':
      checkListed(shape.values, value, name, walk)
      break
    case 'opaque':
      if (!isObject(value) || !isShorter(value, shape.max)) invalid(name, walk)
      break
    case 'boolean':
      if (typeof value !== 'boolean' || (shape.only !== undefined && value !== shape.only)) invalid(name, walk)
      break
    case 'currency':
      checkIso(isCurrency, value, name, walk)
      break
    case 'country':
      checkIso(isCountry, value, name, walk)
      break
    default:
      if (typeof value !== 'string' || !fits(shape, value, walk)) invalid(name, walk)
  }
}

function acceptsAny(shapes: readonly Shape[], value: Json, message: JsonObject, walk: Walk): boolean {
  for (const shape of shapes) {
    const faults: Fault[] = []
    checkValue(shape, value, '', message, { ...walk, faults })
    if (faults.length === 0) return true
  }
  return false
}

/** Checks the shapes that depend on the string alone and not on other elements of the message. */
function fits(
  shape: Extract<Shape, { kind: 'text' | 'pattern' | 'url' | 'date' }>,
  value: string,
  { version, loopbackHttp }: Walk,
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
function checkExponent(object: JsonObject, currencyName: string, path: string, walk: Walk): void {
  const exponentName = currencyName.replace(/Currency$/, 'Exponent')
  const [currency, exponent] = [object[currencyName], object[exponentName]]
  if (typeof currency !== 'string' || typeof exponent !== 'string') return
  if (!isCurrency(currency) || !/^[0-9]$/.test(exponent)) return
  if (Number(exponent) !== exponentOf(currency)) {
    walk.faults.push({ code: '304', field: path + currencyName }, { code: '304', field: path + exponentName })
  }
}

/** EMV 3DS 2.3.1, section A.16: an array has no two identical strings, objects or arrays. */
function hasEqualItems(items: readonly Json[]): boolean {
  const seen = new Set(items.map(item => (typeof item === 'string' ? `"${item}` : sorted(item))))
  return seen.size < items.length
}

/** JSON whose objects have their members in a fixed order: two objects with the same members are identical. */
function sorted(value: Json): string {
  return JSON.stringify(value, (_name, part: Json) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}

function invalid(name: string, walk: Walk): void {
  walk.faults.push({ code: '203', field: name })
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether an object or array has at most `max` characters as JSON. */
function isShorter(value: Json, max: number): boolean {
  return lengthWithin(JSON.stringify(value), 0, max)
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
  const [year, month, day] = [Number(value.slice(0, 4)), Number(value.slice(4, 6)), Number(value.slice(6, 8))]
  const at = new Date(Date.UTC(year, month - 1, day))
  if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return false
  // A form without a time of day has nothing here, which is 0.
  return Number(value.slice(8, 10)) < 24 && Number(value.slice(10, 12)) < 60 && Number(value.slice(12)) < 60
}
