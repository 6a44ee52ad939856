import { beginningOf } from '#domain/challenge/merchant-name.ts'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'
import type { Message } from './message.ts'
import { minutesOf, paymentParts, plainValues } from './parts.ts'

/** The greatest length of a text message in UTF-16 units: two parts. Longer ones may arrive torn or not at all. */
export const longestSms = 134

/**
 * Writes a text message of at most {@link longestSms} units, without a link, with merchant and amount before the code.
 * If it does not fit, first the merchant's name is cut, then the advice is left out, but never the code.
 */
export function writeSms({ language, content }: Omit<Message, 'to'>): string {
  const say = words(language)
  const { service } = config().issuer.brand
  if (content.kind === 'notice') {
    return say(`message.notice.${content.words}.sms`, { service, ...plainValues(language, content.values, 24) })
  }
  const { code } = content
  const minutes = minutesOf(content.lifetime)
  if (content.kind === 'code') return say(`message.code.${content.words}.sms`, { service, code, minutes })

  const { lastFour } = content
  const { merchant, price } = paymentParts(language, content)
  const cut = (length: number) => (merchant ? beginningOf(merchant, length) : say('sms.unnamedMerchant'))
  const amount = price ?? ''
  const text = (length: number) =>
    price
      ? say('sms.code', { service, merchant: cut(length), amount, lastFour, code, minutes })
      : say('sms.codeWithoutAmount', { service, merchant: cut(length), lastFour, code, minutes })
  const short = say('sms.short', { service, merchant: cut(8), amount, lastFour, code })
  const fitting = [text(20), text(12), text(8), short].find(({ length }) => length <= longestSms)
  return fitting ?? say('sms.codeWithoutAmount', { service, merchant: cut(8), lastFour, code, minutes })
}
