import { z } from 'zod'
import type { Notification } from './memory.ts'

/** A message that was decrypted and is not a declarative push message; the text says why. */
export class Unreadable extends Error {}

/** Push API, "Declarative push message"; what a phone does not show is left out. */
const declarativeMessage = z.object({
  web_push: z.literal(8030),
  notification: z.object({
    title: z.string().min(1),
    navigate: z.url(),
    body: z.string().default(''),
    lang: z.string().optional(),
    dir: z.enum(['auto', 'ltr', 'rtl']).optional(),
    tag: z.string().optional(),
    silent: z.boolean().optional(),
  }),
})

/** @throws {Unreadable} */
export function readNotification(content: Buffer, origin: string): Omit<Notification, 'id' | 'arrivedAt'> {
  const read = declarativeMessage.safeParse(parse(content.toString('utf8')))
  if (!read.success) throw new Unreadable(`The content is no declarative push message: ${z.prettifyError(read.error)}`)
  const { title, body, navigate, lang, tag } = read.data.notification
  if (new URL(navigate).origin !== origin) throw new Unreadable(`navigate leads away from ${origin}.`)
  return { title, body, navigate, language: lang, tag }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
