import { database } from '#db/client.ts'
import type { CardFound } from '#db/queries/cards.ts'
import { routesFor, watchedBy } from '#domain/contact/routes.ts'
import type { DeviceChannel } from '#domain/emv/field.ts'
import { asksAboutTrust, type TrustStatus } from '#domain/emv/wishes.ts'
import { decide } from '#domain/risk/decide.ts'
import { isLarger, type Sized } from '#domain/risk/larger.ts'
import type { Decision } from '#domain/risk/protocol-outcome.ts'
import { type Device, deviceOf, type LazySignals, type Limits, type Signals } from '#domain/risk/signals.ts'
import { canAnswer, decoupledIn } from '../acs/ask-elsewhere.ts'
import { refusal, whatHappened } from '../acs/routes.ts'
import { digestOf } from '../acs/take-method.ts'
import { merchantOf, trustLimit, trustStatus } from '../acs/trust.ts'
import { config } from '../platform/config.ts'
import { sameBytes } from '../platform/crypto.ts'
import { type appDevice, list, type Request } from './request.ts'
import { provedBefore, requestorInitiated } from './requestor-initiated.ts'

type AppDevice = ReturnType<typeof appDevice>

/** What is decided about an AReq, and what the trust list says where that was asked for or read. */
export async function decisionOn(
  request: Request,
  card: CardFound | undefined,
  device: AppDevice,
  at: number,
): Promise<{ readonly decision: Decision; readonly trust: TrustStatus | undefined }> {
  let trust: TrustStatus | undefined
  const readTrust = async () => {
    trust ??= await trustStatus(card, merchantIn(request), at)
    return trust
  }
  const lazy: LazySignals = {
    merchantTrusted: async () => (await readTrust()) === 'Y',
    provedBefore: async () => card !== undefined && provedBefore(request, card.id),
    canApproveInAccount: async () => card !== undefined && canAnswer(database(), card.id, at),
  }
  const decision = await decide(signalsOf(request, card, device, at), lazy, at)
  if (asksAboutTrust(request.message, request.version)) await readTrust()
  return { decision, trust }
}

function signalsOf(request: Request, card: CardFound | undefined, device: AppDevice, at: number): Signals {
  const { message, text, version, range } = request
  const amount = text('purchaseAmount')
  return {
    channel: text('deviceChannel') as DeviceChannel,
    challengeInds: list(message.threeDSRequestorChallengeInd),
    app: device?.signing && { code: device.screens.code !== undefined, account: device.screens.account !== undefined },
    requestorInitiated: text('deviceChannel') === '03' ? requestorInitiated(request) : undefined,
    decoupled: decoupledIn(message, version),
    attempts: range.attempts,
    amount: amount === undefined ? undefined : BigInt(amount),
    limits: limitsIn(text('purchaseCurrency') ?? ''),
    ...cardSignals(request, card, at),
  }
}

function limitsIn(currency: string): Limits {
  const { challengeAbove, challengeAboveOnKnownDevice } = config().issuer
  return {
    ordinary: challengeAbove[currency],
    onKnownDevice: challengeAboveOnKnownDevice[currency],
    atTrustedMerchant: trustLimit(currency),
  }
}

type CardSignals = Pick<
  Signals,
  'card' | 'device' | 'larger' | 'restricted' | 'reportOpen' | 'hasContact' | 'codeRefused'
>

/** What is known of the card, its holder's contacts and the browser. */
function cardSignals(request: Request, card: CardFound | undefined, at: number): CardSignals {
  const { text } = request
  const [messageCategory, amount, currency] = [
    text('messageCategory'),
    text('purchaseAmount'),
    text('purchaseCurrency'),
  ]
  const size: Sized = { messageCategory: messageCategory ?? '', amount, currency }
  const larger = isLarger(size, config().issuer.largerAbove)
  if (!card) return { card: undefined, larger, restricted: false, reportOpen: false, hasContact: false }
  const { contacts, status, expiresAt, lockedUntil } = card
  const happened = whatHappened(card)
  return {
    card: { status, expiresAt: expiresAt.getTime(), lockedUntil: lockedUntil?.getTime() },
    device: seenDevice(request, card),
    larger,
    restricted: watchedBy(contacts, happened, at) !== undefined,
    reportOpen: happened.guardedAt !== undefined,
    hasContact: contacts.length > 0,
    codeRefused: refusal(routesFor(contacts, { ...happened, larger }, at)),
  }
}

/** The merchant's being trusted alone lets it pass. */
export function isForTrust(decision: Decision): boolean {
  return decision.kind === 'conclude' && decision.rule === 'trusted-merchant'
}

function merchantIn({ directoryServer, text }: Request) {
  const [acquirerBIN = '', merchantID = ''] = [text('acquirerBIN'), text('acquirerMerchantID')]
  return merchantOf(directoryServer.id, { acquirerBIN, merchantID })
}

/** The 3DS Method is the browser channel's alone. */
function seenDevice({ text }: Request, { browser }: CardFound): Device | undefined {
  if (!browser || text('deviceChannel') !== '02') return undefined
  const { userAgentDigest, timeZone, known } = browser
  const sameUserAgent = sameBytes(userAgentDigest, digestOf(text('browserUserAgent') ?? ''))
  return deviceOf({ sameUserAgent, timeZone, known }, text('browserTZ'))
}
