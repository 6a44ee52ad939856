import { type Parsed, parseMessage } from '#domain/emv/codec.ts'
import type { Erro } from '#domain/emv/erro.ts'
import type { ARes } from '#domain/emv/messages.ts'
import type { Outgoing } from '#domain/emv/outgoing.ts'
import { now } from '../platform/clock.ts'
import type { DirectoryServer } from '../platform/issuer.ts'
import { outgoing } from '../platform/outgoing.ts'
import { answer } from './answer.ts'
import { decideOn } from './decide.ts'
import { identify } from './identify.ts'
import { receiveAReq } from './receive.ts'
import { withinLimits } from './within-limits.ts'

/**
 * Turns an AReq into an ARes or Erro, in four steps. Never throws: a fault of ours, or an answer that takes longer than
 * `areqTime`, becomes U, so that the merchant can continue without us.
 */
export async function authenticate(
  body: Uint8Array,
  directoryServer: DirectoryServer,
  parsed: Parsed = parseMessage(body),
): Promise<ARes | Erro> {
  const at = now()
  const received = receiveAReq(parsed, directoryServer, at)
  if (received.kind === 'refused') return outgoing(received.erro)
  const { message } = received.request
  const facts = { channel: message.deviceChannel, category: message.messageCategory } as Outgoing
  const ares = await withinLimits(received.request, async deadline => {
    const identified = await identify(received.request, at)
    const decided = await decideOn(identified)
    return answer(decided, deadline)
  })
  return outgoing(ares, facts)
}
