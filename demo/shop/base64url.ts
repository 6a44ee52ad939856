import type { Message } from './order.ts'

export function encode(message: Message): string {
  return Buffer.from(JSON.stringify(message)).toString('base64url')
}

/** The encoded JSON object, with or without padding; undefined if it is anything else. */
export function decode(text: string): Message | undefined {
  if (!/^[\w-]+={0,2}$/.test(text)) return undefined
  return parseObject(Buffer.from(text, 'base64url').toString('utf8'))
}

export function parseObject(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
