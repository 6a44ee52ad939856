import type { CardFound } from '#db/queries/cards.ts'
import { codeRecipientsFor, restrictionOn } from '#domain/contact/code-recipients.ts'
import type { DeviceChannel } from '#domain/emv/field.ts'
import { isLargePurchase, type Sized } from '#domain/risk/large-purchase.ts'
import { type Device, deviceOf, type Limits, type Signals } from '#domain/risk/signals.ts'
import { refusal, restrictionFacts } from '../challenge/code-recipients.ts'
import { isBeyondProvisional } from '../challenge/provisional.ts'
import { trustLimit } from '../challenge/trust.ts'
import { config } from '../platform/config.ts'
import { sameBytes } from '../platform/crypto.ts'
import { decoupledIn } from './decoupled.ts'
import type { Identified } from './identify.ts'
import { list, type Request } from './request.ts'
import { requestorInitiated } from './requestor-initiated.ts'
import type { SpcAnswer } from './spc-answer.ts'
import { digestOf } from './three-ds-method.ts'

/** The facts that a decision is based on: the AReq's elements, and what is known of its card. Runs no query. */
export function signalsOf({ request, card, device, at }: Identified, spcAnswer?: SpcAnswer): Signals {
  const { message, text, version, range } = request
  const amount = text('purchaseAmount')
  return {
    channel: text('deviceChannel') as DeviceChannel,
    challengeInds: list(message.threeDSRequestorChallengeInd),
    app: device?.signing && {
      code: device.screens.code !== undefined,
      account: device.screens.outOfBand !== undefined,
    },
    requestorInitiated: text('deviceChannel') === '03' ? requestorInitiated(request) : undefined,
    decoupled: decoupledIn(message, version),
    attempts: range.attempts,
    amount: amount === undefined ? undefined : BigInt(amount),
    limits: limitsIn(text('purchaseCurrency') ?? ''),
    spc: spcAnswer?.kind === 'not-given' ? undefined : spcAnswer?.kind,
    addsCard: addsCard.has(text('threeDSRequestorAuthenticationInd') ?? ''),
    ...cardSignals(request, card, at),
  }
}

/** threeDSRequestorAuthenticationInd: 04 add card, 06 identification of the cardholder for a payment token. */
const addsCard: ReadonlySet<string> = new Set(['04', '06'])

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

/** What is known of the card, its cardholder's contacts and the browser. */
function cardSignals(request: Request, card: CardFound | undefined, at: number): CardSignals {
  const size = sizeOf(request)
  const larger = isLargePurchase(size, config().issuer.largerAbove)
  if (!card) return { card: undefined, larger, restricted: false, reportOpen: false, hasContact: false }
  const { contacts, status, expiresAt } = card
  const happened = restrictionFacts(card)
  const beyondProvisional = isBeyondProvisional(size)
  return {
    card: { status, expiresAt },
    device: seenDevice(request, card),
    larger,
    restricted: restrictionOn(contacts, happened, at) !== undefined,
    reportOpen: happened.reportOpenSince !== undefined,
    hasContact: contacts.length > 0,
    codeRefused: refusal(codeRecipientsFor(contacts, { ...happened, larger, beyondProvisional }, at)),
  }
}

function sizeOf({ text }: Request): Sized {
  const messageCategory = text('messageCategory') ?? ''
  return { messageCategory, amount: text('purchaseAmount'), currency: text('purchaseCurrency') }
}

/** Only the browser channel has the 3DS Method. */
function seenDevice({ text }: Request, { browser }: CardFound): Device | undefined {
  if (!browser || text('deviceChannel') !== '02') return undefined
  const { userAgentDigest, timeZone, known } = browser
  const sameUserAgent = sameBytes(userAgentDigest, digestOf(text('browserUserAgent') ?? ''))
  return deviceOf({ sameUserAgent, timeZone, known }, text('browserTZ'))
}
