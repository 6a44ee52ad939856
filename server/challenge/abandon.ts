import { transaction } from '#db/client.ts'
import { fromChallenge, lockChallenge, toChallenge, updateChallenge } from '#db/queries/challenges.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { recordEnd } from '../risk/history/record.ts'

/**
 * Ends a challenge that no CReq has opened, because its directory server sent an Erro about it, for example because the
 * ARes came too late. There is no result to report (EMV 3DS 2.3.1.1, Req 221); a CReq that comes after all gets 402.
 */
export async function abandonUnopened(erro: JsonObject, directoryServer: string): Promise<void> {
  const { acsTransID: named } = erro
  if (typeof named !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(named)) return
  const acsTransID = named.toLowerCase()
  const abandoned = await transaction(async tx => {
    const row = await lockChallenge(tx, { acsTransID })
    if (row?.state !== 'awaiting-creq' || row.directoryServer !== directoryServer) return false
    const { language, onDevice, attempts, sends, interactions } = toChallenge(row)
    const outcome = 'window-not-opened'
    const ended = { state: 'ended', outcome, language, onDevice, attempts, sends, interactions } as const
    await updateChallenge(tx, row.id, fromChallenge(ended, now()))
    await audit(tx, { type: 'challenge-ended', outcome, attempts, cardId: row.cardId, ref: row.id })
    await recordEnd(tx, row, outcome, now())
    return true
  })
  if (abandoned) log.warn('challenge.abandoned', { acsTransID, directoryServer })
}
