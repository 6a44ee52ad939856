import { transaction } from '#db/client.ts'
import { readAppChannel } from '#db/queries/app-channels.ts'
import { lockChallenge, toChallenge } from '#db/queries/challenges.ts'
import { next } from '#domain/challenge/machine.ts'
import { erroFields } from '#domain/emv/erro-fields.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { receive } from '#domain/emv/receive.ts'
import { applyTransition } from '../../challenge/apply.ts'
import { reportResult } from '../../challenge/report-result.ts'
import { now } from '../../platform/clock.ts'
import { log } from '../../platform/log.ts'

/**
 * Handles an app's Erro: its SDK could not continue, which ends the challenge. An Erro is not encrypted (EMV 3DS table
 * B.12), so its sender must prove knowledge of all three ids of the transaction, among them the SDK's own. An Erro is
 * never answered.
 */
export async function receiveAppErro(body: Uint8Array): Promise<void> {
  const received = receive(body, { messageType: 'Erro', table: erroFields })
  const { message } = received
  if (received.kind === 'refused' || message.errorComponent !== 'C') return log.warn('erro.refused')
  const acsTransID = String(message.acsTransID).toLowerCase()
  if (message.acsTransID === undefined) return log.warn('erro.refused')
  const ended = await transaction(async tx => {
    const row = await lockChallenge(tx, { acsTransID })
    const channel = row && (await readAppChannel(tx, row.id))
    if (!row || !channel || row.state === 'ended') return undefined
    const own = { threeDSServerTransID: row.threeDSServerTransID, sdkTransID: channel.sdkTransID }
    if (!agrees(message, own)) return undefined
    const at = now()
    const step = next(toChallenge(row), { kind: 'cancel', outcome: 'sdk-erro' }, at)
    // The result forwards it (challengeErrorReporting) with the elements that an Erro has, and no others.
    return (await applyTransition(tx, row, step, at, { erro: message })).state === 'ended' ? row.id : undefined
  })
  log.warn('erro.received', { acsTransID, errorCode: String(message.errorCode), outcome: ended ? 'ended' : 'ignored' })
  if (ended) await reportResult(ended)
}

function agrees(message: JsonObject, own: Readonly<Record<string, string>>): boolean {
  return Object.entries(own).every(([name, id]) => String(message[name]).toLowerCase() === id.toLowerCase())
}
