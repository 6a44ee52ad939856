import { policy } from '#domain/challenge/policy.ts'
import type { Hosts } from '../outbox/hosts.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { checkNumber } from './gateways/number-check.ts'
import { httpGateway } from './gateways/sms-http.ts'
import type { Sms } from './gateways/text-message.ts'
import { twilioGateway } from './gateways/twilio.ts'
import type { HandedOver } from './handed-over.ts'
import type { Message, OtherCode } from './message.ts'
import { writeSms } from './write-sms.ts'

/** Hands a text message over. Never throws. */
type SmsGateway = (sms: Sms) => Promise<HandedOver>

const gateways: Readonly<Record<'http' | 'twilio', SmsGateway>> = { http: httpGateway, twilio: twilioGateway }

/** The name of a gateway among the hosts. */
function gatewayHost(name: keyof typeof gateways): string {
  return `gateway ${name}`
}

/** How many more messages can be sent at once: as many as the least busy gateway can take. */
export function freeGateways(hosts: Hosts): number {
  const { sms: slots } = policy.slotsPerHost
  const free = config().smsGateways.map(name => hosts.free(gatewayHost(name), slots))
  return free.length > 0 ? Math.max(...free) : slots
}

/** A number that was moved recently may be in the hands of a thief, so no code that authenticates goes there. */
async function withhold(id: string, to: string, hosts: Hosts): Promise<HandedOver | undefined> {
  const checked = await checkNumber(id, to, hosts)
  if (checked === 'moved') {
    log.warn('number-check.moved', { outboxId: id })
    return { kind: 'never', why: 'number-moved' }
  }
  // An attacker who keeps the service busy must not get a code past it, so the message waits whatever the issuer chose.
  if (checked === 'busy') return { kind: 'later', why: 'number-check-busy' }
  if (checked !== 'unavailable') return undefined
  log.warn('number-check.unavailable', { outboxId: id })
  return config().numberCheck?.whenUnavailable === 'withhold' ? { kind: 'later', why: 'number-check' } : undefined
}

/** Codes that authenticate the cardholder. A code that confirms a new number, or tests one, proves receipt only. */
function isAuthenticating({ content }: Message): boolean {
  return content.kind === 'payment-code' || (content.kind === 'code' && authenticating.has(content.words))
}

const authenticating = new Set<OtherCode['words']>(['sign-in', 'enrolment', 'confirm'])

/**
 * Hands a message to the first gateway that takes it, in configuration order; a resting gateway is skipped. The answer
 * is `never` only if every gateway answers `never`. A slow gateway may have sent the message all the same, and then it
 * arrives twice.
 */
export async function sendSms(message: Message, id: string, hosts: Hosts): Promise<HandedOver> {
  const withheld = isAuthenticating(message) ? await withhold(id, message.to, hosts) : undefined
  if (withheld) return withheld
  const sms: Sms = { id, to: message.to, text: writeSms(message) }
  let answer: HandedOver = { kind: 'never' }
  for (const name of config().smsGateways) {
    const host = gatewayHost(name)
    const result: HandedOver =
      hosts.free(host, policy.slotsPerHost.sms) > 0
        ? await hosts.enter(
            host,
            () => gateways[name](sms),
            given => given.kind !== 'later' || !given.silent,
          )
        : { kind: 'later', why: 'resting' }
    if (result.kind === 'handed-over') return result
    log.warn('sms.gateway-refused', { outboxId: id, gateway: name, outcome: result.kind, errorCode: result.why ?? '' })
    if (result.kind === 'later') answer = { kind: 'later', ...(result.why && { why: result.why }) }
  }
  return answer
}
