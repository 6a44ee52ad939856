import { type Catalogue, type Pair, partsOf } from './catalogue.ts'

// Each rule returns lines for the person who edits the sentences: which file, which key, what is wrong.

const languages = ['ja', 'en'] as const

export function sameKeys({ ja, en, files }: Pair): string[] {
  const missing = [...ja.keys()].filter(key => !en.has(key)).map(key => `${files.en} lacks ${key}`)
  const extra = [...en.keys()].filter(key => !ja.has(key)).map(key => `${files.ja} lacks ${key}`)
  if (missing.length + extra.length > 0) return [...missing, ...extra]
  if ([...ja.keys()].join() === [...en.keys()].join()) return []
  return [`${files.ja} and ${files.en} have their keys in different orders`]
}

export function nothingEmpty({ files, ...catalogues }: Pair): string[] {
  return languages.flatMap(language =>
    [...catalogues[language]]
      .filter(([, text]) => text.trim() === '')
      .map(([key]) => `${files[language]}: ${key} is empty`),
  )
}

/** Every sentence is an ICU message, with the same arguments and tags in both languages. */
export function sameParts({ files, ...catalogues }: Pair): string[] {
  return [...catalogues.ja].flatMap(([key, japanese]) => {
    const english = catalogues.en.get(key)
    if (english === undefined) return []
    const problems: string[] = []
    const [ja, en] = (
      [
        ['ja', japanese],
        ['en', english],
      ] as const
    ).map(([language, text]) => {
      try {
        return partsOf(text)
      } catch (error) {
        problems.push(`${files[language]}: ${key} is no ICU message: ${error instanceof Error ? error.message : ''}`)
        return undefined
      }
    })
    if (ja !== undefined && en !== undefined && ja !== en)
      problems.push(`${key} has {${ja}} in ${files.ja} and {${en}} in ${files.en}`)
    return problems
  })
}

/** No sentence is left untranslated; an exception that is no longer needed fails as well. */
export function translated({ ja, en }: Pair, exceptions: ReadonlySet<string>): string[] {
  const same = [...ja].filter(([key, text]) => en.get(key) === text).map(([key]) => key)
  const copied = same.filter(key => !exceptions.has(key)).map(key => `${key} is the same in both languages`)
  const stale = [...exceptions].filter(key => !same.includes(key)).map(key => `${key} needs no exception any more`)
  return [...copied, ...stale]
}

const brackets = ['「」', '（）', '『』', '【】', '“”', '()'] as const

/** Every opening bracket has a closing one. */
export function balanced({ files, ...catalogues }: Pair): string[] {
  return languages.flatMap(language =>
    [...catalogues[language]].flatMap(([key, text]) =>
      brackets
        .filter(([open = '', close = '']) => text.split(open).length !== text.split(close).length)
        .map(pair => `${files[language]}: ${key} opens and closes ${pair} unequally`),
    ),
  )
}

const japanese = '[\\u3040-\\u30ff\\u4e00-\\u9fff]'
const wrongInJapanese: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`${japanese}[,.!?;](?:\\s|$|${japanese})`), 'has half-width punctuation: write 、。！？'],
  [/[０-９]/, 'has full-width figures: write 0–9'],
  [/(?:である|(?<!まし|でし)た|だ|ない|する|いる|れる)。/, 'ends a sentence plainly: write です or ます'],
]

/** Japanese typography: full-width punctuation, half-width figures, です・ます. Lists of search words are not sentences. */
export function setAsJapanese({ ja, files }: Pair): string[] {
  return [...ja].flatMap(([key, text]) =>
    isSearchWords(key)
      ? []
      : wrongInJapanese.filter(([wrong]) => wrong.test(text)).map(([, why]) => `${files.ja}: ${key} ${why}`),
  )
}

const networks =
  /\b(?:Visa|Mastercard|JCB|American Express|Amex|Diners|Discover Card|UnionPay)\b|マスターカード|アメックス|アメリカン・エキスプレス|銀聯|ダイナース/i
const forbidden: Readonly<Record<'ja' | 'en', readonly (readonly [RegExp, string])[]>> = {
  ja: [
    [/ワンタイムパスワード|\bOTP\b|パスコード/, 'say 認証コード'],
    [/させていただ|ご利用になられ|お客様各位/, 'no stacked honorifics'],
    [/こちら(?:を|から)?(?:クリック|タップ)/, 'say what the link leads to'],
  ],
  en: [
    [/one-time (?:pass|code)|\bOTP\b|passcode|\bPIN\b/i, 'say verification code'],
    [/click here|please be advised|kindly|utili[sz]e/i, 'use plain words'],
  ],
}

/** Words that read as translated, or that stand beside another word for the same thing. */
const screenWords: typeof forbidden = {
  ja: [
    [/送り先/, 'say 送信先'],
    [/確認の?方法/, 'say 認証方法 or 認証の方法'],
    [/あなた|あいさつ/, 'say お客様, お客様の目印 or 目印のことば'],
    [/お知らせ(?:を受け|により)/, 'a report from the cardholder is an お申し出'],
    [/(?<!ご返信いただいても)お答え|答え(?:る|て|を)/, 'say 承認または拒否'],
    [/いりません/, 'say 不要です or 必要ありません'],
  ],
  en: [
    [
      /\b(?:nobody|somebody|everybody|need not|in a while|(?:good|counts?) for \{|how things stand)\b/i,
      'write as people speak',
    ],
    [/\b(?:registered|our|your|to|all) contacts\b/i, 'say contact details'],
    [/\bgreeting\b/i, 'say personal message'],
    [/\bwe were told\b/i, 'say who reported it'],
  ],
}

/** One word for one thing; no card network's name; the service's own name comes from the configuration. */
export function wordsAllowed({ files, ...catalogues }: Pair): string[] {
  return languages.flatMap(language =>
    [...catalogues[language]].flatMap(([key, text]) => {
      const where = `${files[language]}: ${key}`
      const words = isSearchWords(key) ? [] : forbidden[language]
      return [
        ...words
          .filter(([word]) => word.test(text))
          .map(([word, why]) => `${where} says ${word.exec(text)?.[0]}: ${why}`),
        ...(networks.test(text) ? [`${where} names a card network`] : []),
        ...(text.includes('SafeKey') ? [`${where} has the service’s name in it: write {service}`] : []),
      ]
    }),
  )
}

/** The screen's own words, in sentences that may still change: not in the terms that cardholders have accepted. */
export function screenWordsAllowed({ files, ...catalogues }: Pair): string[] {
  return languages.flatMap(language =>
    [...catalogues[language]]
      .filter(([key]) => !isSearchWords(key))
      .flatMap(([key, text]) =>
        screenWords[language]
          .filter(([word]) => word.test(text))
          .map(([word, why]) => `${files[language]}: ${key} says ${word.exec(text)?.[0]}: ${why}`),
      ),
  )
}

/** Words by which a question is found are the readers’, not ours. */
function isSearchWords(key: string): boolean {
  return /^site\.help\.questions\..+\.words$/.test(key)
}

/**
 * Every sentence is used: its key, or the end of it, is in the code in quotes, or is composed by a template whose
 * variable parts are in the code in quotes.
 */
export function nothingUnused(catalogue: Catalogue, code: string): string[] {
  const quoted = new Set([...code.matchAll(/['"]([\w.-]+)['"]|([\w-]+):/g)].map(([, text, name]) => text ?? name))
  const templates = new Set(
    [...code.matchAll(/`((?:[\w.-]|\$\{[^{}`]*\})*\$\{(?:[\w.-]|[^`])*)`/g)].map(([, text = '']) => text),
  )
  const patterns = [...templates]
    .map(template => template.split(/\$\{[^{}]*\}/))
    .filter(parts => parts.every(part => /^[\w.-]*$/.test(part)))
    .map(parts => new RegExp(`^${parts.map(part => part.replaceAll('.', '\\.')).join('([\\w-]+)')}$`))
  const isSaid = (key: string) =>
    quoted.has(key) ||
    patterns.some(
      pattern =>
        pattern
          .exec(key)
          ?.slice(1)
          .every(part => quoted.has(part)) ?? false,
    )
  return [...catalogue.keys()].filter(key => !ends(key).some(isSaid)).map(key => `${key} is said nowhere`)
}

/** A key and its remainders without each leading part. */
function ends(key: string): string[] {
  const parts = key.split('.')
  return parts.map((_, index) => parts.slice(index).join('.'))
}
