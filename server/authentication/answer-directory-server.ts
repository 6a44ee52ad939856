import { parseMessage } from '#domain/emv/codec.ts'
import { type Erro, erro } from '#domain/emv/erro.ts'
import type { ARes, ORes } from '#domain/emv/messages.ts'
import { oreq } from '#domain/emv/oreq.ts'
import { receive } from '#domain/emv/receive.ts'
import { abandonUnopened } from '../challenge/abandon.ts'
import { newId } from '../platform/crypto.ts'
import { logErro } from '../platform/erro-log.ts'
import type { DirectoryServer } from '../platform/issuer.ts'
import { log } from '../platform/log.ts'
import { authenticate } from './authenticate.ts'

/**
 * Answers a message of a directory server: an AReq, an OReq (2.3.1), or an Erro, which gets no answer. Never throws.
 */
export async function answerDirectoryServer(
  body: Uint8Array,
  directoryServer: DirectoryServer,
): Promise<ARes | ORes | Erro | undefined> {
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
  if (answer.messageType === 'Erro') logErro('sent', directoryServer.id, answer)
  return answer
}

/**
 * Logs the OReq's codes and id, by which an operator finds it, but none of its text: a log contains no text from
 * others.
 */
function acknowledgeOperation(
  body: Uint8Array,
  { id, referenceNumber, acsReferenceNumber }: DirectoryServer,
): ORes | Erro {
  const received = receive(body, { messageType: 'OReq', table: oreq })
  if (received.kind === 'refused') return received.erro
  const { message, version } = received
  // Earlier versions have no OReq.
  if (version !== '2.3.1') return erro('101', 'messageType', message)
  if (message.dsReferenceNumber !== referenceNumber) return erro('303', 'dsReferenceNumber', message)
  const dsTransID = String(message.dsTransID)
  const outcome = `category ${message.opCategory}, severity ${message.opSeverity}`
  log.warn('operation.received', { directoryServer: id, dsTransID, outcome })
  return {
    messageType: 'ORes',
    messageVersion: version,
    acsReferenceNumber,
    acsTransID: newId(),
    dsTransID,
    opStatus: '01',
  }
}
