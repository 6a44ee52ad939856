import { isUnicodeText } from '#domain/kernel/text.ts'
import { isObject } from './check.ts'
import type { Json, JsonObject } from './field.ts'

/** JSON nested deeper than this is not an EMV 3DS message; the deepest element defined is four levels down. */
const deepest = 32

/**
 * Limits on the duplicates named in an Erro and on the characters of a name in a path: a hostile message may consist of
 * nothing else.
 */
const mostDuplicates = 20
const longestName = 64

const utf8 = new TextDecoder('utf-8', { fatal: true })

export type Parsed =
  | {
      readonly kind: 'message'
      readonly message: JsonObject /** Dotted names that occur more than once: Erro 204. */
      readonly duplicates: string[]
    }
  /** Erro 101. `reason` is for errorDetail and contains nothing of the input. */
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Parses one JSON message. Never throws: for invalid input the result gives the reason. */
export function parseMessage(input: Uint8Array | string): Parsed {
  let text: string
  try {
    text = typeof input === 'string' ? input : utf8.decode(input)
  } catch {
    return { kind: 'unreadable', reason: 'not UTF-8' }
  }
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'unreadable', reason: 'not JSON' }
  }
  if (!isObject(value)) return { kind: 'unreadable', reason: 'not a JSON object' }
  const seen = scanNames(text)
  if (seen === 'too-deep') return { kind: 'unreadable', reason: 'nested too deeply' }
  if (/\\u(?:0000|[dD][89a-fA-F])/.test(text) || !text.isWellFormed()) {
    if (!isText(value)) return { kind: 'unreadable', reason: 'not Unicode text' }
  }
  return { kind: 'message', message: value, duplicates: seen }
}

/**
 * Parses a JSON message in base64url. EMV 3DS [Req 119, 263]: receivers accept it padded or not; [Req 193]: white space
 * in it, such as the line breaks of RFC 2045, is ignored.
 */
export function parseEncodedMessage(encoded: string): Parsed {
  const dense = encoded.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(dense)) return { kind: 'unreadable', reason: 'not base64url' }
  return parseMessage(Buffer.from(dense, 'base64url'))
}

/** Encodes a message as base64url without padding, as form posts of the browser channel carry it. */
export function encodeMessage(message: object): string {
  return Buffer.from(JSON.stringify(message), 'utf8').toString('base64url')
}

function isText(value: Json): boolean {
  if (typeof value === 'string') return isUnicodeText(value)
  if (Array.isArray(value)) return value.every(isText)
  if (isObject(value)) return Object.entries(value).every(([name, member]) => isText(name) && isText(member))
  return true
}

interface Level {
  /** Names found so far; undefined for an array. */
  readonly names: Set<string> | undefined
  /** Path of this level with a dot at the end, or empty. */
  readonly path: string
  expectsName: boolean
  name: string
}

/**
 * Finds names that occur twice in one object. `JSON.parse` silently keeps the last, so two parsers could read different
 * messages.
 */
function scanNames(json: string): string[] | 'too-deep' {
  const duplicates: string[] = []
  const levels: Level[] = []
  let level: Level | undefined
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at)
    if (char === 0x22) {
      const end = endOfString(json, at)
      if (level?.names && level.expectsName) {
        const raw = json.slice(at + 1, end)
        const name = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
        if (level.names.has(name) && duplicates.length < mostDuplicates) duplicates.push(level.path + name)
        level.names.add(name)
        level.name = name
        level.expectsName = false
      }
      at = end
    } else if (char === 0x7b || char === 0x5b) {
      if (levels.length === deepest) return 'too-deep'
      const path: string = level ? (level.names ? `${level.path}${level.name.slice(0, longestName)}.` : level.path) : ''
      level = { names: char === 0x7b ? new Set() : undefined, path, expectsName: true, name: '' }
      levels.push(level)
    } else if (char === 0x7d || char === 0x5d) {
      levels.pop()
      level = levels.at(-1)
    } else if (char === 0x2c && level) {
      level.expectsName = true
    }
  }
  return duplicates
}

/** The index of the quote that closes the string which opens at `open`. The text must be valid JSON. */
function endOfString(json: string, open: number): number {
  let end = json.indexOf('"', open + 1)
  while (true) {
    let slashes = 0
    while (json.charCodeAt(end - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return end
    end = json.indexOf('"', end + 1)
  }
}
