const languages = ['ja', 'en'] as const
export type Language = (typeof languages)[number]

/** `?lang=` first, then the language of ours that Accept-Language ranks highest, then Japanese. */
export function chooseLanguage(asked: unknown, acceptLanguage: string | undefined): Language {
  if (asked === 'ja' || asked === 'en') return asked
  const liked = (acceptLanguage ?? '')
    .split(',')
    .map(entry => {
      const [languageTag = '', ...parameters] = entry.trim().toLowerCase().split(';')
      const q = parameters.map(parameter => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean)
      return { language: languageTag.split('-')[0], q: q === undefined ? 1 : Number(q) }
    })
    .filter(({ language, q }) => (language === 'ja' || language === 'en') && q > 0)
    .sort((a, b) => b.q - a.q)
  return liked[0]?.language === 'en' ? 'en' : 'ja'
}
