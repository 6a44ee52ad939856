import type { RequestContent } from '#domain/approval/request.ts'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'

/** Path of the page on which a device of the web app lists and answers requests. */
export function approvePath(language: Language): string {
  return `/${language}/account/approve`
}

/**
 * What a notification says, in the web app and in the issuer's app: merchant and amount, and neither the number nor
 * anything that would be enough to answer.
 */
export function pushText(content: RequestContent, language: Language): { title: string; body: string } {
  const say = words(language)
  const { brand } = config().issuer
  const { amount, currency, exponent } = content
  const merchant = shownMerchantName(content.merchant) || say('email.unnamedMerchant')
  const price = amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : undefined
  return {
    title: say('push.title', { service: brand.service }),
    body: price ? say('push.body', { merchant, amount: price }) : say('push.bodyWithoutAmount', { merchant }),
  }
}

/**
 * A Declarative Web Push message (Push API, "Declarative push messages"): browsers that know it show it without our
 * service worker; in others the service worker shows the same.
 */
export function pushPayload(content: RequestContent, language: Language): string {
  return JSON.stringify({
    web_push: 8030,
    notification: {
      ...pushText(content, language),
      navigate: config().publicOrigin + approvePath(language),
      lang: language,
      dir: 'ltr',
    },
  })
}
