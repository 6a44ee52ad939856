import { beginningOf } from '#domain/challenge/merchant-name.ts'
import { boundLine } from '#domain/code/bound-line.ts'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'
import type { Message } from './message.ts'
import { minutesOf, paymentParts, plainValues } from './parts.ts'

/** The greatest length of a text message in UTF-16 units: two parts. Longer ones may arrive torn or not at all. */
export const longestSms = 134

/** The greatest lengths of names that others chose, tried in this order until the message fits. */
const nameLengths = [20, 12, 8]

/**
 * Writes a text message of at most {@link longestSms} units, without a link, with merchant and amount before the code.
 * If it does not fit, first names that others chose are cut, then advice is left out, but never the code. A line that
 * binds the code to its page may cost the long form of the message and the name's end, and nothing else.
 */
export function writeSms({ language, content }: Omit<Message, 'to'>): string {
  const say = words(language)
  const { service } = config().issuer.brand
  if (content.kind === 'notice') {
    const text = (longest: number) =>
      say(`message.notice.${content.words}.sms`, {
        service,
        ...plainValues(language, content.values, { others: 24, merchant: longest, device: longest }),
      })
    return fitting(nameLengths.map(text)) ?? text(8)
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
  const short = (length: number) => say('sms.short', { service, merchant: cut(length), amount, lastFour, code })
  const { boundTo } = content
  const bound = boundTo
    ? [text(20), text(12), ...(price ? [short(20), short(12)] : [])].map(each => `${each}\n${boundLine(boundTo, code)}`)
    : []
  return (
    fitting([...bound, ...nameLengths.map(text), short(8)]) ??
    say('sms.codeWithoutAmount', { service, merchant: cut(8), lastFour, code, minutes })
  )
}

function fitting(texts: readonly string[]): string | undefined {
  return texts.find(({ length }) => length <= longestSms)
}
