import { noteOperation } from '#db/queries/operation-sequences.ts'
import { isObject } from '#domain/emv/check.ts'
import { parseMessage } from '#domain/emv/codec.ts'
import { type Erro, erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { ARes, ORes } from '#domain/emv/messages.ts'
import { opStatusOf } from '#domain/emv/operation-sequence.ts'
import { oreq } from '#domain/emv/oreq.ts'
import { receive } from '#domain/emv/receive.ts'
import { abandonUnopened } from '../challenge/abandon.ts'
import { now } from '../platform/clock.ts'
import { newRandomId } from '../platform/crypto.ts'
import { logErro } from '../platform/erro-log.ts'
import type { DirectoryServer } from '../platform/issuer.ts'
import { log } from '../platform/log.ts'
import { outgoing } from '../platform/outgoing.ts'
import { authenticate } from './authenticate.ts'

/**
 * Answers a message of a directory server: an AReq, an OReq (2.3.1), or an Erro, which gets no answer. Of a sequence of
 * OReqs only the last gets one. Never throws.
 */
export async function answerDirectoryServer(
  body: Uint8Array,
  directoryServer: DirectoryServer,
): Promise<ARes | ORes | Erro | 'more-to-come' | undefined> {
  const parsed = parseMessage(body)
  const type = parsed.kind === 'message' ? parsed.message.messageType : undefined
  // The directory server did not accept a message of ours. An answer could start an endless exchange of errors.
  if (parsed.kind === 'message' && type === 'Erro') {
    logErro('received', directoryServer.id, parsed.message)
    await abandonUnopened(parsed.message, directoryServer.id).catch(error => log.error('ds.failed', { error }))
    return undefined
  }
  const answer = await (type === 'OReq'
    ? acknowledgeOperation(body, directoryServer)
    : authenticate(body, directoryServer, parsed))
  if (answer !== 'more-to-come' && answer.messageType === 'Erro') logErro('sent', directoryServer.id, answer)
  return answer
}

/**
 * Logs the OReq's codes and id, by which an operator finds it, but none of its text: a log contains no text from
 * others. `more-to-come`: the last message of the sequence will be answered.
 */
async function acknowledgeOperation(
  body: Uint8Array,
  { id, referenceNumber, acsReferenceNumber }: DirectoryServer,
): Promise<ORes | Erro | 'more-to-come'> {
  const received = receive(body, { messageType: 'OReq', table: oreq })
  if (received.kind === 'refused') return outgoing(received.erro)
  const { message, version } = received
  // Earlier versions have no OReq.
  if (version !== '2.3.1') return erro('101', 'messageType', message)
  if (message.dsReferenceNumber !== referenceNumber) return erro('303', 'dsReferenceNumber', message)
  const { seqId, ...place } = placeOf(message)
  if (place.number > place.total) return erro('203', 'opSeq.seqNum', message)
  const dsTransID = String(message.dsTransID)
  const outcome = `category ${message.opCategory}, severity ${message.opSeverity}`
  log.warn('operation.received', { directoryServer: id, dsTransID, outcome })
  try {
    const sequence = await noteOperation(id, seqId, place, now())
    const opStatus = opStatusOf(sequence)
    if (!opStatus) return 'more-to-come'
    return outgoing({
      messageType: 'ORes' as const,
      messageVersion: version,
      acsReferenceNumber,
      acsTransID: newRandomId(),
      dsTransID,
      opStatus,
    })
  } catch (error) {
    log.error('operation.failed', { directoryServer: id, dsTransID, error })
    return erro('403', 'the sequence could not be stored', message)
  }
}

function placeOf({ opSeq }: JsonObject) {
  const { seqId, seqNum, seqTotal } = isObject(opSeq) ? opSeq : {}
  return { seqId: String(seqId), number: Number(seqNum), total: Number(seqTotal) }
}
