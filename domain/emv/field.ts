import type { MessageVersion } from './version.ts'

/** deviceChannel: 01 app, 02 browser, 03 requestor initiated (3RI). */
export type DeviceChannel = '01' | '02' | '03'
/** messageCategory: 01 payment, 02 non-payment. */
export type MessageCategory = '01' | '02'

/** A parsed message: JSON that has not been checked yet. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

/**
 * Holds if the named field of the same object has one of the values or, without `is`, is present. A dotted name leads
 * into an object, and into every item of an array: one item is enough.
 */
export interface Condition {
  readonly field: string
  readonly is?: readonly (string | boolean)[]
  /** Holds if the field is missing instead. */
  readonly absent?: true
  /** The name is that of a field of the whole message. */
  readonly inMessage?: true
}

/** One case in which a field is required or permitted. All members that are given must hold. */
export interface Need {
  readonly channel?: readonly DeviceChannel[]
  readonly category?: readonly MessageCategory[]
  readonly since?: MessageVersion
  readonly until?: MessageVersion
  /** At least one of these must hold. */
  readonly if?: readonly Condition[]
  /** And every one of these. */
  readonly and?: readonly Condition[]
}

/** Values of an enumeration. `since` has the values that were added by a later version. */
export interface Values {
  readonly since?: Partial<Record<MessageVersion, readonly string[]>>
  readonly all: readonly string[]
  /** All other two-digit numbers are reserved: up to 79 for EMVCo, 80–99 for the directory server. */
  readonly reserved?: boolean
  /** 80–99 are accepted. */
  readonly directoryServer?: boolean
}

/** The meaning of a pattern, for people. The texts are `check.forms.*` in messages/. */
export type PatternForm =
  | { readonly name: 'digits'; readonly min: number; readonly max: number }
  | { readonly name: 'base64url' | 'dataURL'; readonly max: number }
  | {
      readonly name:
        | ('uuid' | 'ip' | 'yearMonth' | 'minutes' | 'email' | 'instalments' | 'timeZone' | 'timeout' | 'colours')
        | ('coordinate' | 'counter' | 'letters' | 'authenticationValue' | 'days' | 'purchases' | 'sequenceNumber')
        | ('entryLength' | 'currencyLetters' | 'milliseconds')
    }

/** The required form of a value. Lengths are in characters (Unicode code points). */
export type Shape =
  | { readonly kind: 'text'; readonly min: number; readonly max: number | Record<MessageVersion, number> }
  | { readonly kind: 'pattern'; readonly pattern: RegExp; readonly form?: PatternForm }
  | { readonly kind: 'values'; readonly values: Values }
  | { readonly kind: 'url'; readonly max: number; readonly https: boolean }
  | { readonly kind: 'date'; readonly form: 'YYYYMMDD' | 'YYYYMMDDHHMM' | 'YYYYMMDDHHMMSS' }
  | { readonly kind: 'currency' }
  | { readonly kind: 'country' }
  | { readonly kind: 'boolean'; readonly only?: boolean }
  | { readonly kind: 'opaque'; readonly max: number }
  | { readonly kind: 'object'; readonly fields: readonly Field[]; readonly max?: number }
  | {
      readonly kind: 'array'
      readonly of: Shape
      readonly min: number
      readonly max: number
      /** Maximum characters of the whole list as JSON. */
      readonly longest?: number
    }
  | { readonly kind: 'either'; readonly of: readonly Shape[] }

/** One row of a message table: a data element, its form and the cases in which it is required. */
export interface Field {
  readonly name: string
  readonly is: Shape
  /** The field is required in any of these cases; if absent, it is never required. */
  readonly required?: readonly Need[]
  /** The first version that has the element; earlier versions ignore it as unknown. */
  readonly since?: MessageVersion
  /** The last version with this row. An element that changes afterwards has another row. */
  readonly until?: MessageVersion
  /** The channels that have the element; others ignore it. */
  readonly channel?: readonly DeviceChannel[]
  /**
   * The cases in which a message of ours may have the element; without, in all. Received messages may have it anywhere,
   * because EMV 3DS [Req 209] lets a receiver ignore what does not apply.
   */
  readonly permitted?: readonly Need[]
  /**
   * Whether the element may be stored in the database (docs/data.md). Never set on an element that can identify a
   * person.
   */
  readonly keep?: boolean
}

export const always: readonly Need[] = [{}]

// Shorthand for shapes, so that our tables read like those of the specification.

export const text = (max: number | Record<MessageVersion, number>, min = 1): Shape => ({ kind: 'text', min, max })
export const pattern = (re: RegExp, form?: PatternForm): Shape =>
  form ? { kind: 'pattern', pattern: re, form } : { kind: 'pattern', pattern: re }
export const digits = (min: number, max = min): Shape =>
  pattern(new RegExp(`^[0-9]{${min},${max}}$`), { name: 'digits', min, max })
export const url = (max: number, https = false): Shape => ({ kind: 'url', max, https })
export const date = (form: 'YYYYMMDD' | 'YYYYMMDDHHMM' | 'YYYYMMDDHHMMSS'): Shape => ({ kind: 'date', form })
export const object = (fields: readonly Field[], max?: number): Shape =>
  max === undefined ? { kind: 'object', fields } : { kind: 'object', fields, max }
export const array = (of: Shape, min: number, max: number, longest?: number): Shape =>
  longest === undefined ? { kind: 'array', of, min, max } : { kind: 'array', of, min, max, longest }
export const either = (...of: readonly Shape[]): Shape => ({ kind: 'either', of })
/** base64url as others send it: padded or not, and with white space anywhere (EMV 3DS [Req 193]). */
export const base64url = (max: number): Shape =>
  pattern(new RegExp(`^(?![^]{${max + 1}})\\s*[A-Za-z0-9_-][A-Za-z0-9_\\-\\s]*(?:=\\s*){0,2}$`), {
    name: 'base64url',
    max,
  })
export const uuid: Shape = pattern(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, { name: 'uuid' })
export const boolean: Shape = { kind: 'boolean' }
export const onlyTrue: Shape = { kind: 'boolean', only: true }
export const currency: Shape = { kind: 'currency' }
export const country: Shape = { kind: 'country' }
export const opaque = (max: number): Shape => ({ kind: 'opaque', max })

/**
 * An enumeration: `values('01 02', { '2.2.0': '03' })`. `'80-99'` accepts the directory server's own values;
 * `'(80-99)'` only marks them and all others as reserved.
 */
export function values(all: string, since: Partial<Record<MessageVersion, string>> = {}): Shape {
  const words = all.split(' ')
  const later: Partial<Record<MessageVersion, readonly string[]>> = {}
  for (const [version, more] of Object.entries(since)) later[version as MessageVersion] = more.split(' ')
  return {
    kind: 'values',
    values: {
      all: words.filter(word => !word.endsWith('80-99') && word !== '(80-99)'),
      since: later,
      reserved: words.includes('80-99') || words.includes('(80-99)'),
      directoryServer: words.includes('80-99'),
    },
  }
}
