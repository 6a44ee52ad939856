import { notFound } from 'next/navigation'
import { hasLocale } from 'next-intl'
import { getTranslations, setRequestLocale } from 'next-intl/server'
import { routing } from '#messages/routing.ts'
import { config } from '#server/platform/config.ts'

const steps = ['buy', 'wait', 'done'] as const
const rules = ['compare', 'never', 'phone'] as const

/** What the service is, for a cardholder who wonders. */
export default async function HomePage({ params }: { params: Promise<{ locale: string }> }) {
  const { locale } = await params
  if (!hasLocale(routing.locales, locale)) notFound()
  setRequestLocale(locale)
  const { brand } = config().issuer
  const { service } = brand
  const say = await getTranslations({ locale })
  const other = locale === 'ja' ? 'en' : 'ja'
  return (
    <div className="mx-auto flex max-w-[44rem] flex-col gap-10 px-5 py-6">
      <a href="#content" className="sr-only focus:not-sr-only">
        {say('site.skip')}
      </a>
      <header className="flex items-center gap-3">
        <img src={brand.mark} alt="" width={36} height={36} />
        <p className="flex-1 leading-tight">
          <span className="block text-lg font-bold">{service}</span>
          <span className="block text-sm text-soft">{brand.issuer[locale]}</span>
        </p>
        <nav aria-label={say('languages.switch')}>
          <a href={`/${other}`} lang={other} hrefLang={other} className="underline underline-offset-4">
            {say(`languages.${other}`)}
          </a>
        </nav>
      </header>
      <main id="content" className="flex flex-col gap-10">
        <section className="flex flex-col gap-4">
          <h1 className="text-3xl font-bold">{say('site.heading')}</h1>
          <p className="max-w-[40em] text-lg">{say('site.lead', { service })}</p>
        </section>
        <section aria-labelledby="steps" className="flex flex-col gap-4">
          <h2 id="steps" className="text-xl font-bold">
            {say('site.steps.heading')}
          </h2>
          <ol className="grid gap-4 sm:grid-cols-3">
            {steps.map((step, index) => (
              <li key={step} className="rounded-md bg-sheet p-4">
                <span aria-hidden="true" className="text-2xl font-bold text-accent">
                  {index + 1}
                </span>
                <h3 className="font-bold">{say(`site.steps.${step}Heading`)}</h3>
                <p className="text-sm">{say(`site.steps.${step}`)}</p>
              </li>
            ))}
          </ol>
        </section>
        <section aria-labelledby="safe" className="flex flex-col gap-3">
          <h2 id="safe" className="text-xl font-bold">
            {say('site.safe.heading')}
          </h2>
          <ul className="list-disc ps-6">
            {rules.map(rule => (
              <li key={rule}>{say(`site.safe.${rule}`)}</li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="support" className="flex flex-col gap-2">
          <h2 id="support" className="text-xl font-bold">
            {say('site.support')}
          </h2>
          <p>{brand.support[locale]}</p>
        </section>
      </main>
      <footer className="border-t border-line pt-4 text-sm text-soft">{say('site.footer', { service })}</footer>
    </div>
  )
}
