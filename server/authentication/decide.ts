import { database } from '#db/client.ts'
import { asksAboutTrust, type TrustStatus } from '#domain/emv/requested-elements.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import { decide } from '#domain/risk/decide.ts'
import type { Decision } from '#domain/risk/protocol-outcome.ts'
import { type Judgement, policyOf } from '#domain/risk/record.ts'
import type { LazySignals } from '#domain/risk/signals.ts'
import { merchantOf, trustStatus } from '../challenge/trust.ts'
import { availableMethods } from '../methods/available.ts'
import { registrationOffer } from '../registration/offer.ts'
import { judgementOf } from '../risk/judge.ts'
import { confirmedByCardholder } from '../watch/confirm-payment.ts'
import { canApproveInAccount } from './decoupled.ts'
import type { Identified } from './identify.ts'
import { codeRequestOf } from './new-challenge.ts'
import type { Request } from './request.ts'
import { provedBefore } from './requestor-initiated.ts'
import { signalsOf } from './signals.ts'
import { judgeSecondAReq, type SpcAnswer, unused } from './spc-answer.ts'

/** A request with its decision. */
export interface Decided extends Identified {
  readonly decision: Decision
  /** What the risk policies say; undefined where none may decide. */
  readonly judgement: Judgement | undefined
  /** The merchant's status in the trust list, if the AReq requests it or a rule has read it. */
  readonly trust: TrustStatus | undefined
  /** The methods by which a device of the cardholder's may confirm the payment, if the decision depends on them. */
  readonly devices: readonly MethodId[]
  /** What the second AReq of a secure payment confirmation brings; undefined for any other AReq. */
  readonly spcAnswer: SpcAnswer | undefined
}

/** Gathers the signals once and makes the decision. */
export async function decideOn(identified: Identified): Promise<Decided> {
  const { request, card, at } = identified
  let trust: TrustStatus | undefined
  let devices: readonly MethodId[] = []
  const lazy: LazySignals = {
    async merchantTrusted() {
      trust ??= await trustStatus(card, merchantIn(request), at)
      return trust === 'Y'
    },
    async provedBefore() {
      return card !== undefined && provedBefore(request, card.id)
    },
    async canApproveInAccount() {
      return card !== undefined && canApproveInAccount(database(), card.id, at)
    },
    async canConfirmOnDevice() {
      if (!card) return false
      const deviceDigest = card.browser?.deviceDigest ?? null
      devices = await availableMethods(database(), { ...codeRequestOf(request, card, true), deviceDigest }, at)
      return devices.length > 0
    },
    async registration() {
      if (!card) return 'not-offered'
      return registrationOffer(database(), codeRequestOf(request, card, false), card.cardholderId, at)
    },
  }
  const judgement = await withConfirmation(identified, await judgementOf(identified))
  const policy = policyOf(judgement)
  const judged = await judgeSecondAReq(identified, policy?.outcome === 'challenge-on-device')
  const decision = await decide({ ...signalsOf(identified, judged), policy }, lazy, at)
  if (asksAboutTrust(request.message, request.version)) trust ??= await trustStatus(card, merchantIn(request), at)
  // The card may have become unusable since the first AReq: then nothing was paid with the assertion.
  const isUsed = decision.kind === 'conclude' && decision.outcome === 'authenticated'
  const spcAnswer = judged && !isUsed ? unused(judged) : judged
  return { ...identified, judgement, decision, trust, devices, spcAnswer }
}

/** After the cardholder's "this was me" about a payment like this one, a refusal becomes a challenge on a device. */
async function withConfirmation(
  { card, request, at }: Identified,
  judgement: Judgement | undefined,
): Promise<Judgement | undefined> {
  const merchant = merchantIn(request)
  if (!card || !merchant || judgement?.active?.evaluation.outcome !== 'refuse') return judgement
  const confirmed = await confirmedByCardholder({ cardId: card.id, ...merchant }, at)
  return confirmed === undefined ? judgement : { ...judgement, confirmed }
}

function merchantIn({ directoryServer, text }: Request) {
  const [acquirerBIN = '', merchantID = ''] = [text('acquirerBIN'), text('acquirerMerchantID')]
  return merchantOf(directoryServer.id, { acquirerBIN, merchantID })
}
