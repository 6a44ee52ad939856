import { beginningOf } from '#domain/challenge/merchant-name.ts'
import { boundLine } from '#domain/code/bound-line.ts'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'
import type { Message } from './message.ts'
import { minutesOf, paymentParts, plainValues } from './parts.ts'

/** The greatest length of a text message in UTF-16 units: two parts. Longer ones may arrive torn or not at all. */
export const longestSms = 134

/**
 * Writes a text message of at most {@link longestSms} units, without a link, with merchant and amount before the code.
 * If it does not fit, first the merchant's name is cut, then the advice is left out, but never the code. A line that
 * binds the code to its page may cost the long form of the message and the name's end, and nothing else.
 */
export function writeSms({ language, content }: Omit<Message, 'to'>): string {
  const say = words(language)
  const { service } = config().issuer.brand
  if (content.kind === 'notice') {
    return say(`message.notice.${content.words}.sms`, { service, ...plainValues(language, content.values, 24) })
  }
  const { code } = content
  const minutes = minutesOf(content.lifetime)
  if (content.kind === 'code') return say(`message.code.${content.words}.text`, { service, code, minutes })

  const { merchant, price } = paymentParts(language, content)
  const cut = (length: number) => (merchant ? beginningOf(merchant, length) : say('sms.unnamedMerchant'))
  const amount = price ?? ''
  const text = (length: number) =>
    price
      ? say('sms.code', { service, merchant: cut(length), amount, code, minutes })
      : say('sms.codeWithoutAmount', { service, merchant: cut(length), code, minutes })
  const short = (length: number) => say('sms.short', { service, merchant: cut(length), amount, code })
  const { boundTo } = content
  const bound = boundTo
    ? [text(20), text(12), ...(price ? [short(20), short(12)] : [])].map(
        words => `${words}\n${boundLine(boundTo, code)}`,
      )
    : []
  const fitting = [...bound, text(20), text(12), text(8), short(8)].find(({ length }) => length <= longestSms)
  return fitting ?? say('sms.codeWithoutAmount', { service, merchant: cut(8), code, minutes })
}
