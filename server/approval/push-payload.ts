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
 * A Declarative Web Push message (Push API, "Declarative push messages"): browsers that know it show it without our
 * service worker; in others the service worker shows the same. It names merchant and amount, and has neither the number
 * nor anything that would be enough to answer.
 */
export function pushPayload(content: RequestContent, language: Language): string {
  const say = words(language)
  const { brand } = config().issuer
  const { amount, currency, exponent } = content
  const merchant = shownMerchantName(content.merchant) || say('email.unnamedMerchant')
  const price = amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : undefined
  return JSON.stringify({
    web_push: 8030,
    notification: {
      title: say('push.title', { service: brand.service }),
      body: price ? say('push.body', { merchant, amount: price }) : say('push.bodyWithoutAmount', { merchant }),
      navigate: config().publicOrigin + approvePath(language),
      lang: language,
      dir: 'ltr',
    },
  })
}
