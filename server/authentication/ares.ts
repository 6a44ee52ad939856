import { valueOutcomeOf } from '#domain/emv/authentication-value.ts'
import { type ARes, challengeARes, concludedARes, decoupledARes, spcARes } from '#domain/emv/messages.ts'
import { asksAboutTrust, trustElements } from '#domain/emv/requested-elements.ts'
import type { Decision } from '#domain/risk/protocol-outcome.ts'
import { issueAuthenticationValue } from '../authorisation/authentication-value.ts'
import { challengeURL } from '../channels/app/app-challenge.ts'
import { languageOf } from '../platform/words.ts'
import { cardholderInfo } from './cardholder-info.ts'
import { decoupledInfo, decoupledTime } from './decoupled.ts'
import { elementsOf } from './method-plan.ts'
import { offeredLanguage, type Planned } from './plan.ts'
import type { Request } from './request.ts'

/** The ARes of a decision, with an authentication value if the payment was authenticated. */
export async function aresFor({ request, decision, card, at, trust, plan }: Planned): Promise<ARes> {
  const { ids, range, text, version } = request
  // The trust status is stated if the AReq requests it, or if it decided the answer.
  const stated = trust && (asksAboutTrust(request.message, version) || isForTrust(decision))
  const parties = { ...request.parties, ...(stated && trustElements(version, trust)) }
  if (decision.kind === 'challenge' && plan.spc) return spcARes(ids, parties, plan.spc.asked)
  if (decision.kind === 'challenge') {
    const opened = plan.app ? plan.app.methodId : { acsURL: challengeURL() }
    const challenge = { ...opened, acsChallengeMandated: decision.mandated ? ('Y' as const) : ('N' as const) }
    return challengeARes(ids, parties, challenge, elementsOf(plan.methodPlan, ids.messageVersion))
  }
  const language = plan.language ?? (card ? offeredLanguage(request, card) : languageOf(request.locale))
  if (decision.kind === 'decoupled') {
    const until = at + decoupledTime(request.message)
    return decoupledARes(ids, parties, { cardholderInfo: decoupledInfo(language, until), ...sdkTransID(request) })
  }
  const { outcome } = decision
  const proved = valueOutcomeOf(outcome)
  if (proved && card && text('messageCategory') === '01') {
    const purchase = {
      amount: text('purchaseAmount') ?? '',
      currency: text('purchaseCurrency') ?? '',
      merchantID: text('acquirerMerchantID') ?? '',
    }
    const authenticationValue = await issueAuthenticationValue(range.id, card.numberHmac, proved, at, purchase)
    return concludedARes(ids, parties, outcome, { authenticationValue, ...sdkTransID(request) })
  }
  return concludedARes(ids, parties, outcome, { ...cardholderInfo(outcome, language), ...sdkTransID(request) })
}

/** Answers U when the fault is ours. An attempt (A) would let a flood of requests shift liability. */
export function internalErrorARes(request: Request): ARes {
  const info = cardholderInfo('internal-error', languageOf(request.locale))
  return concludedARes(request.ids, request.parties, 'internal-error', { ...info, ...sdkTransID(request) })
}

/** Whether the purchase passes because the merchant is trusted. */
function isForTrust(decision: Decision): boolean {
  return decision.kind === 'conclude' && decision.rule === 'trusted-merchant'
}

/** Messages of the app channel contain the SDK's transaction id as well. */
function sdkTransID({ text }: Request): { sdkTransID?: string } {
  const id = text('deviceChannel') === '01' ? text('sdkTransID') : undefined
  return id === undefined ? {} : { sdkTransID: id }
}
