import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../shell/languages.ts'
import { pageMetadata } from '../shell/metadata.ts'
import { SitePage } from '../shell/site-page.tsx'

const steps = ['buy', 'wait', 'done'] as const
const rules = ['compare', 'never', 'phone'] as const

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await getTranslations({ locale: language, namespace: 'site' })
  const { service } = config().issuer.brand
  return pageMetadata(language, '', { title: say('title', { service }), description: say('description', { service }) })
}

/** What the service is, for a cardholder who wonders. */
export default async function HomePage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const { brand } = config().issuer
  const { service } = brand
  const say = await getTranslations({ locale: language })
  return (
    <SitePage language={language} path="">
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
        <p>{brand.support[language]}</p>
      </section>
    </SitePage>
  )
}
