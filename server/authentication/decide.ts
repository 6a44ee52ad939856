import { database } from '#db/client.ts'
import { asksAboutTrust, type TrustStatus } from '#domain/emv/requested-elements.ts'
import { decide } from '#domain/risk/decide.ts'
import type { Decision } from '#domain/risk/protocol-outcome.ts'
import type { LazySignals } from '#domain/risk/signals.ts'
import { merchantOf, trustStatus } from '../challenge/trust.ts'
import { registrationOffer } from '../registration/offer.ts'
import { canApproveInAccount } from './decoupled.ts'
import type { Identified } from './identify.ts'
import { codeRequestOf } from './new-challenge.ts'
import type { Request } from './request.ts'
import { provedBefore } from './requestor-initiated.ts'
import { signalsOf } from './signals.ts'

/** A request with its decision. */
export interface Decided extends Identified {
  readonly decision: Decision
  /** The merchant's status in the trust list, if the AReq requests it or a rule has read it. */
  readonly trust: TrustStatus | undefined
}

/** Gathers the signals once and makes the decision. */
export async function decideOn(identified: Identified): Promise<Decided> {
  const { request, card, at } = identified
  let trust: TrustStatus | undefined
  const readTrust = async () => {
    trust ??= await trustStatus(card, merchantIn(request), at)
    return trust
  }
  const lazy: LazySignals = {
    merchantTrusted: async () => (await readTrust()) === 'Y',
    provedBefore: async () => card !== undefined && provedBefore(request, card.id),
    canApproveInAccount: async () => card !== undefined && canApproveInAccount(database(), card.id, at),
    registration: async () =>
      card ? registrationOffer(database(), codeRequestOf(request, card), card.cardholderId, at) : 'not-offered',
  }
  const decision = await decide(signalsOf(identified), lazy, at)
  if (asksAboutTrust(request.message, request.version)) await readTrust()
  return { ...identified, decision, trust }
}

function merchantIn({ directoryServer, text }: Request) {
  const [acquirerBIN = '', merchantID = ''] = [text('acquirerBIN'), text('acquirerMerchantID')]
  return merchantOf(directoryServer.id, { acquirerBIN, merchantID })
}
