import type { CardFound } from '#db/queries/cards.ts'
import type { Purchase } from '#db/schema.ts'
import { begin, beginDecoupled } from '#domain/challenge/machine.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { TransactionIds } from '#domain/emv/messages.ts'
import { asksAboutTrust } from '#domain/emv/wishes.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { DirectoryServer, Range } from '../platform/issuer.ts'

/** A checked AReq, as far as a challenge keeps it. */
interface Asked {
  readonly ids: TransactionIds
  readonly message: JsonObject
  readonly directoryServer: DirectoryServer
  readonly range: Range
  text(name: string): string | undefined
}

/** The window as it waits for its CReq: whatever it and its result will need of the AReq, since the AReq is not kept whole. */
export function newChallenge(asked: Asked, card: CardFound, language: Language, at: number) {
  const { deadlineAt, ...challenge } = begin(language, at)
  return {
    ...common(asked, card, at),
    ...challenge,
    deadlineAt,
    notificationURL: asked.text('notificationURL') ?? '',
    deviceHmac: card.browser?.deviceHmac ?? null,
  }
}

/** The same without a window: nothing leads back to a merchant, and a "yes" elsewhere says nothing of the merchant's browser. */
export function newDecoupled(asked: Asked, card: CardFound, language: Language, time: number, at: number) {
  const { deadlineAt, ...challenge } = beginDecoupled(language, time, at)
  return {
    ...common(asked, card, at),
    ...challenge,
    deadlineAt,
    notificationURL: '',
    openedAt: at,
  }
}

/** What decides where its codes go. */
export function codeRequestOf({ text }: Pick<Asked, 'text'>, card: CardFound) {
  return { cardId: card.id, messageCategory: text('messageCategory') ?? '', purchase: purchaseOf(text) }
}

function common(asked: Asked, card: CardFound, at: number) {
  const { ids, message, directoryServer, range, text } = asked
  return {
    ...ids,
    ...codeRequestOf(asked, card),
    directoryServer: directoryServer.id,
    dsURL: text('dsURL') ?? '',
    requestorID: text('threeDSRequestorID') ?? '',
    trustAsked: asksAboutTrust(message, ids.messageVersion),
    range: range.id,
    createdAt: at,
  }
}

function purchaseOf(text: Asked['text']): Purchase {
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
