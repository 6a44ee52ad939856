import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import { fromStoredCode, toStoredCode } from '#db/queries/code-columns.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import { boundTo } from '#domain/code/bound-line.ts'
import type { Compared } from '#domain/code/one-time-code.ts'
import type { Channel } from '#domain/contact/code-recipients.ts'
import { maskEmail, maskPhone } from '#domain/contact/mask.ts'
import { type MethodId, methodIds } from '#domain/methods/registry.ts'
import { recipientBy } from '../challenge/code-recipients.ts'
import { codeScreen } from '../channels/app/method-screens.ts'
import { type CodeBinding, compareCode, compareEarlier, drawCode } from '../codes/one-time-code.ts'
import { smsOriginOf } from '../messaging/count-sms.ts'
import { type PaymentCode, queueMessage } from '../messaging/message.ts'
import { config } from '../platform/config.ts'
import type { Beginning, ProofChange, ServerMethod, Verdict, Verification } from './method.ts'

// What the methods that send a code have in common. Each contact gets its own code, so that the code shows which
// contact it came from.

export function codeBy(method: MethodId, channel: Channel) {
  return {
    begin: (tx, beginning) => sendCode(tx, method, channel, beginning),
    verify: verifyCode,
    screen: codeScreen,
  } satisfies ServerMethod
}

/**
 * Draws a code, stores its keyed hash and queues the message with the code encrypted in it, so that the code is in no
 * column and no log.
 */
async function sendCode(
  tx: Queryable,
  method: MethodId,
  channel: Channel,
  { row, recipients, proof, expiresAt, at }: Beginning,
): Promise<ProofChange> {
  const { id: challengeId, purchase, cardId } = row
  const contact = recipientBy(channel, recipients)
  if (!contact) throw new Error('a code without a contact')
  const { code, stored } = await drawCode(bindingOf(challengeId, method), proof && toStoredCode(proof))
  const { publicOrigin, issuer } = config()
  const bound = channel === 'sms' && boundTo(issuer.smsAutofill, row, new URL(publicOrigin).hostname)
  const content: PaymentCode = {
    kind: 'payment-code',
    code,
    purchase,
    lastFour: await lastFourOf(tx, cardId),
    lifetime: expiresAt - at,
    ...(bound && { boundTo: bound }),
  }
  const { cardholderId, language } = recipients.owner
  const message = { channel, to: contact.to, language, content, cardholderId, challengeId, expiresAt }
  await queueMessage(tx, { ...message, smsOrigin: smsOriginOf(row), isCounted: true }, at)
  const { earlier } = proof && !toStoredCode(proof) ? { earlier: proof.earlierCodes } : stored
  return { destination: masked(channel, contact.to), ...fromStoredCode({ ...stored, earlier }) }
}

export function masked(channel: Channel, to: string): string {
  return channel === 'email' ? maskEmail(to) : maskPhone(to)
}

/**
 * Finds out which of a challenge's codes was entered. If two contacts have the same digits, one time in a million, it
 * is the one that comes first in the registry, which proves less.
 */
async function verifyCode({ row, proofs, isAllowed, answer }: Verification): Promise<Verdict> {
  const { id: challengeId, selected } = row
  const [first] = selected
  if (!first) throw new Error('an answer to nothing')
  let verdict: Verdict = { method: first, event: { kind: 'compared', compared: { kind: 'other' } } }
  for (const method of methodIds) {
    const proof = proofs.find(each => each.method === method)
    const compared: Compared = proof ? await compare(challengeId, proof, answer) : { kind: 'other' }
    if (compared.kind === 'match') {
      return { method, event: isAllowed(method) ? { kind: 'compared', compared } : { kind: 'withdrawn' } }
    }
    if (compared.kind === 'earlier') {
      verdict = { method, event: { kind: 'compared', compared }, change: { earlierCodes: compared.earlier } }
    }
  }
  return verdict
}

function compare(challengeId: string, proof: ProofRow, answer: string): Promise<Compared> {
  const binding = bindingOf(challengeId, proof.method)
  const stored = toStoredCode(proof)
  return stored ? compareCode(binding, stored, answer) : compareEarlier(binding, proof.earlierCodes, answer)
}

/** The same digits in another challenge, or at another contact, have another hash. */
function bindingOf(challengeId: string, method: MethodId): CodeBinding {
  return { purpose: 'challenge', subject: `${challengeId}\0${method}` }
}
