import { policy } from '#domain/challenge/policy.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { Handler } from '../outbox/handler.ts'
import { logErro } from '../platform/erro-log.ts'
import { gotNoAnswer } from '../platform/outbound.ts'
import { callDirectoryServer, destinationOf, directoryServerQueues, longestCall } from './call-directory-server.ts'

/**
 * Sends the Erro about a missing or invalid RRes to the directory server (EMV 3DS Req 242, 5.9.11 to 5.9.13). It is
 * sent once: whatever comes back, an Erro is not answered with an Erro.
 */
export const erroHandler: Handler = {
  queues: directoryServerQueues,
  slots: policy.slotsPerHost.erro,
  longestTry: () => longestCall,
  async attempt({ challengeId, body: text }) {
    const body = text ?? ''
    const destination = await destinationOf(challengeId ?? '')
    const answer = await callDirectoryServer(destination, body)
    return {
      kind: answer.kind === 'answered' ? 'handed-over' : 'given-up',
      answered: !gotNoAnswer(answer),
      afterwards: () => logErro('sent', destination.directoryServer?.id ?? '', JSON.parse(body) as JsonObject),
    }
  },
}
