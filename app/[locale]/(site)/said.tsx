import { createTranslator } from 'next-intl'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { policy } from '#domain/challenge/policy.ts'
import { codeDigits, codePolicy } from '#domain/code/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import { config } from '#server/platform/config.ts'

/**
 * The sentences of a page. Each may use any of the arguments below, so that an editor can change a text without a
 * programmer.
 */
export interface Say {
  (key: string, more?: Readonly<Record<string, string | number>>): string
  /** A sentence with one link: the text between <a> and </a>. */
  readonly link: (key: string, href: string, more?: Readonly<Record<string, string | number>>) => ReactNode
}

/**
 * The sentences below `messages/…json` → `site` → `part`. A missing key throws, so that the page and its tests fail.
 */
export async function sayOf(language: Language, part: string): Promise<Say> {
  const translate = await getTranslations({ locale: language })
  const values = argumentsOf(language)
  const find = (key: string) => {
    const whole = `site.${part}.${key}` as Parameters<typeof translate>[0]
    if (!translate.has(whole)) throw new Error(`messages/${language}.json has no ${whole}`)
    return whole
  }
  const say = (key: string, more: Readonly<Record<string, string | number>> = {}) =>
    translate(find(key), { ...values, ...more })
  const link = (key: string, href: string, more: Readonly<Record<string, string | number>> = {}) =>
    translate.rich(find(key), {
      ...{ ...values, ...more },
      a: words => (
        <a href={href} className="text-link">
          {words}
        </a>
      ),
    })
  return Object.assign(say, { link })
}

/** Fills in a sentence that is not in messages/: the terms have catalogues of their own. */
export function fillIn(sentence: string, language: Language): string {
  const translate = createTranslator({ locale: language, messages: { sentence } as { sentence: string } })
  return translate('sentence', argumentsOf(language))
}

/** The arguments that the site's sentences may name in braces (docs/content.md). */
function argumentsOf(language: Language): Readonly<Record<string, string | number>> {
  const { issuer, publicOrigin, retentionDays } = config()
  const { brand } = issuer
  return {
    service: brand.service,
    confirmMinutes: watchPolicy.confirmedFor / 60_000,
    issuer: brand.issuer[language],
    app: brand.app,
    sender: brand.sender.address,
    numbers: new Intl.ListFormat(language, { type: 'conjunction' }).format(brand.sender.numbers),
    support: brand.support[language],
    digits: codeDigits,
    minutes: codePolicy.challenge.lifetime / 60_000,
    attempts: codePolicy.challenge.attempts,
    seconds: policy.firstCReqTimeout / 1000,
    retention: retentionDays,
    origin: publicOrigin,
  }
}
