import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { deliveryFailing } from '../challenge/delivery-failing.ts'
import type { Attempt, Handler, Item } from '../outbox/handler.ts'
import type { Hosts } from '../outbox/hosts.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { addresseeOf } from './addressee.ts'
import { sendEmail } from './gateways/smtp.ts'
import type { HandedOver } from './handed-over.ts'
import type { Message } from './message.ts'
import { freeGateways, sendSms } from './sms.ts'

export const emailHandler: Handler = {
  queues: () => [''],
  slots: policy.slotsPerHost.email,
  longestTry: () => policy.mailTimeout,
  attempt: item =>
    attempt(item, async message =>
      sendEmail({ ...message, addressee: await addresseeOf(message, item.cardholderId) }, item.id),
    ),
}

export const smsHandler: Handler = {
  queues: () => [''],
  slots: policy.slotsPerHost.sms,
  longestTry: () => config().smsGateways.length * policy.smsTimeout + policy.numberCheckTimeout,
  free: freeGateways,
  attempt: (item, hosts: Hosts) => attempt(item, message => sendSms(message, item.id, hosts)),
}

/** One attempt to hand a message over. It is repeated until the message expires. */
async function attempt(item: Item, send: (message: Message) => Promise<HandedOver>): Promise<Attempt> {
  const { id, kind, body, template, tries, challengeId } = item
  const expiresAt = item.expiresAt ?? 0
  if (body === null || expiresAt <= now()) return { kind: 'given-up', answered: undefined }
  const result = await send(JSON.parse(await keys().decrypt('outbox', body, id)))
  const fields = { outboxId: id, kind, template: template ?? '', tries, authenticationId: challengeId ?? '' }
  if (result.kind === 'handed-over')
    return { ...result, answered: true, afterwards: () => log.info('message.handed-over', fields) }
  const nextAt = now() + pauseAfter(challengeId ? policy.deliveryRetries : policy.messageRetries, tries)
  const final = result.kind === 'never' || nextAt >= expiresAt
  return {
    ...(final ? { kind: 'given-up' } : { kind: 'later', nextAt }),
    answered: result.kind === 'never' || !result.silent,
    afterwards: async () => {
      log.warn(final ? 'message.given-up' : 'message.not-handed-over', { ...fields, errorCode: result.why ?? '' })
      if (challengeId) await deliveryFailing(challengeId)
    },
  }
}
