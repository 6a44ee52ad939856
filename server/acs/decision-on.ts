import { database } from '#db/client.ts'
import type { CardFound } from '#db/queries/cards.ts'
import type { DeviceChannel } from '#domain/emv/field.ts'
import { asksAboutTrust, type TrustStatus } from '#domain/emv/wishes.ts'
import { type Decision, type Device, decide, deviceOf, type PurchaseSignals } from '#domain/risk/decide.ts'
import { availableMethods } from '../methods/available.ts'
import { config } from '../platform/config.ts'
import { sameBytes } from '../platform/crypto.ts'
import { canAnswer, decoupledIn } from './ask-elsewhere.ts'
import { routedOf } from './new-challenge.ts'
import { type appDevice, list, type Request } from './request.ts'
import { requestorInitiated } from './requestor-initiated.ts'
import { contactSignals } from './routes.ts'
import { digestOf } from './take-method.ts'
import { merchantOf, trustLimit, trustStatus } from './trust.ts'

/** What is decided about an AReq, and what the trust list says where it matters. */
export async function decisionOn(
  request: Request,
  card: CardFound | undefined,
  device: ReturnType<typeof appDevice>,
  at: number,
): Promise<{ readonly decision: Decision; readonly trust?: TrustStatus | undefined }> {
  const { message, text, version } = request
  const { issuer } = config()
  const amount = text('purchaseAmount')
  const currency = text('purchaseCurrency') ?? ''
  const purchase: PurchaseSignals = {
    channel: text('deviceChannel') as DeviceChannel,
    ...(device && { app: appSignals(device) }),
    ...(text('deviceChannel') === '03' && { requestorInitiated: await requestorInitiated(request, card?.id) }),
    challengeInds: list(message.threeDSRequestorChallengeInd),
    amount: amount === undefined ? undefined : BigInt(amount),
    limit: issuer.challengeAbove[currency],
    limitOnKnownDevice: issuer.challengeAboveOnKnownDevice[currency],
    limitAtTrustedMerchant: trustLimit(currency),
    attempts: request.range.attempts,
    decoupled: decoupledIn(message, request.version),
    device: seenDevice(request, card),
  }
  const size = { messageCategory: text('messageCategory') ?? '', amount, currency }
  const signals = card && {
    status: card.status,
    expiresAt: card.expiresAt.getTime(),
    lockedUntil: card.lockedUntil?.getTime(),
    ...contactSignals(card, size, at),
  }
  const decideIf = (trusted: boolean, answersElsewhere: boolean) =>
    decide(signals && { ...signals, answersElsewhere }, { ...purchase, trusted }, at)
  // Whether the shop is trusted, and whether somebody could answer in the account, costs queries, which most purchases need not pay.
  const best = decideIf(true, true)
  const told = asksAboutTrust(message, version)
  if (!told && best.kind === 'settle' && !isForTrust(best)) return { decision: best }
  const trust = told || isForTrust(best) ? await trustStatus(card, merchantIn(request), at) : undefined
  const trusted = trust === 'Y'
  const hoped = trusted ? best : decideIf(false, true)
  const certain = decideIf(trusted, false)
  if (!card || hoped.kind === certain.kind) return { decision: hoped, trust }
  // While payments are watched a window leads to no account; a question apart from the shop does.
  const can =
    hoped.kind === 'decoupled'
      ? await canAnswer(database(), card.id, at)
      : (await availableMethods(database(), routedOf(request, card), at)).includes('account')
  return { decision: can ? hoped : certain, trust }
}

/** The shop's being trusted alone lets it pass. */
export function isForTrust(decision: Decision): boolean {
  return decision.kind === 'settle' && decision.reason === 'trusted-merchant'
}

function merchantIn({ directoryServer, text }: Request) {
  const [acquirerBIN = '', merchantID = ''] = [text('acquirerBIN'), text('acquirerMerchantID')]
  return merchantOf(directoryServer.id, { acquirerBIN, merchantID })
}

/** The 3DS Method is the browser channel's alone. */
function seenDevice({ text }: Request, card: CardFound | undefined): Device | undefined {
  if (!card?.browser || text('deviceChannel') !== '02') return undefined
  const { userAgentDigest, timeZone, known } = card.browser
  const sameUserAgent = sameBytes(userAgentDigest, digestOf(text('browserUserAgent') ?? ''))
  return deviceOf({ sameUserAgent, timeZone, known }, text('browserTZ'))
}

function appSignals({
  signing,
  screens,
}: NonNullable<ReturnType<typeof appDevice>>): NonNullable<PurchaseSignals['app']> {
  return {
    served: signing !== undefined,
    showable: screens.code !== undefined,
    showsAccount: screens.account !== undefined,
  }
}
