import { getTranslations } from 'next-intl/server'

/** An unknown window, in both languages and without a reason, so that a caller who guesses keys learns nothing. */
export async function Unknown() {
  const say = {
    ja: await getTranslations({ locale: 'ja', namespace: 'challenge.error' }),
    en: await getTranslations({ locale: 'en', namespace: 'challenge.error' }),
  }
  return (
    <main className="mx-auto flex max-w-[34rem] flex-col gap-4 p-4">
      {(['ja', 'en'] as const).map((language, index) => (
        <section key={language} lang={language}>
          {index === 0 ? (
            <h1 className="text-lg font-bold">{say[language]('title')}</h1>
          ) : (
            <h2 className="text-lg font-bold">{say[language]('title')}</h2>
          )}
          <p>{say[language]('text')}</p>
          <p>{say[language]('help')}</p>
        </section>
      ))}
    </main>
  )
}
