import type { CardFound } from '#db/queries/cards.ts'
import type { Purchase } from '#db/schema.ts'
import { begin, beginDecoupled, beginSpc } from '#domain/challenge/machine.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { TransactionIds } from '#domain/emv/messages.ts'
import { asksAboutTrust } from '#domain/emv/requested-elements.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { DirectoryServer, Range } from '../platform/issuer.ts'

/** The parts of a checked AReq that a challenge stores. */
interface AReqParts {
  readonly id: string
  readonly ids: TransactionIds
  readonly message: JsonObject
  readonly directoryServer: DirectoryServer
  readonly range: Range
  text(name: string): string | undefined
}

/**
 * A challenge that waits for its CReq. It stores everything that the window and the result will need of the AReq,
 * because the AReq is not stored whole.
 */
export function newChallenge(asked: AReqParts, card: CardFound, language: Language, at: number, onDevice = false) {
  const { deadlineAt, ...challenge } = begin(language, at, onDevice)
  return {
    ...common(asked, card, at, onDevice),
    ...challenge,
    deadlineAt,
    deviceDigest: card.browser?.deviceDigest ?? null,
  }
}

/** A challenge that waits for the second AReq of a secure payment confirmation. */
export function newSpcChallenge(asked: AReqParts, card: CardFound, language: Language, at: number, onDevice = false) {
  const { deadlineAt, ...challenge } = beginSpc(language, at, onDevice)
  return {
    ...common(asked, card, at, onDevice),
    ...challenge,
    deadlineAt,
    deviceDigest: card.browser?.deviceDigest ?? null,
  }
}

/**
 * A decoupled challenge. It has no window, so it leads back to no merchant, and approval does not make the merchant's
 * browser a known one.
 */
export function newDecoupled(asked: AReqParts, card: CardFound, language: Language, time: number, at: number) {
  const { deadlineAt, ...challenge } = beginDecoupled(language, time, at)
  return {
    ...common(asked, card, at, false),
    ...challenge,
    deadlineAt,
    notificationURL: '',
    openedAt: at,
  }
}

/**
 * The values that decide where the challenge's codes go and which other methods are available. `onDevice`: only a device
 * may confirm the payment.
 */
export function codeRequestOf({ text }: Pick<AReqParts, 'text'>, card: CardFound, onDevice: boolean) {
  return {
    cardId: card.id,
    onDevice,
    messageCategory: text('messageCategory') ?? '',
    purchase: purchaseOf(text),
    notificationURL: text('notificationURL') ?? '',
  }
}

function common(asked: AReqParts, card: CardFound, at: number, onDevice: boolean) {
  const { id, ids, message, directoryServer, range, text } = asked
  return {
    id,
    ...ids,
    ...codeRequestOf(asked, card, onDevice),
    directoryServer: directoryServer.id,
    dsURL: text('dsURL') ?? '',
    requestorID: text('threeDSRequestorID') ?? '',
    trustAsked: asksAboutTrust(message, ids.messageVersion),
    range: range.id,
    createdAt: at,
  }
}

function purchaseOf(text: AReqParts['text']): Purchase {
  const [amount, currency, exponent] = [text('purchaseAmount'), text('purchaseCurrency'), text('purchaseExponent')]
  const date = text('purchaseDate')
  const acquirerBIN = text('acquirerBIN')
  return {
    merchantName: text('merchantName') ?? text('threeDSRequestorName') ?? '',
    merchantID: text('acquirerMerchantID') ?? '',
    ...(acquirerBIN && { acquirerBIN }),
    ...(amount && currency && exponent && { amount, currency, exponent }),
    ...(date && { date }),
  }
}
