import { z } from 'zod'
import type { Erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { log } from './log.ts'

const counts = new Map<string, number>()

/**
 * Logs each Erro that a directory server gets from us or sends us. `count`: how many with this code and direction this
 * process has exchanged with it since its start. A log contains no text from others, so only the code of a received
 * Erro is logged.
 */
export function logErro(
  direction: 'sent' | 'received',
  directoryServer: string,
  erro: Erro | JsonObject,
  about: unknown = erro.acsTransID,
): void {
  const errorCode = /^\d{3}$/.test(String(erro.errorCode)) ? String(erro.errorCode) : 'unreadable'
  const key = JSON.stringify([direction, directoryServer, errorCode])
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  const acsTransID = z.uuid().safeParse(about).data
  const fields = { directoryServer, errorCode, count, ...(acsTransID && { acsTransID }) }
  if (direction === 'sent') log.warn('erro.sent', fields)
  else log.error('erro.received', fields)
}
