import type { Metadata } from 'next'
import { capabilities } from '#server/capabilities.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../shell/languages.ts'
import { Mark } from '../shell/mark.tsx'
import { pageMetadata } from '../shell/metadata.ts'
import { SitePage } from '../shell/site-page.tsx'
import { Points, Section } from './parts.tsx'
import {
  AutomaticDrawing,
  CodeDrawing,
  DoneDrawing,
  MessageDrawing,
  PasskeyDrawing,
  PushDrawing,
  ShopDrawing,
} from './pictures/icons.tsx'
import { TryOut } from './pictures/try-out.tsx'
import { WindowPicture } from './pictures/window-picture.tsx'
import { sayOf } from './said.tsx'
import { StructuredData } from './structured-data.tsx'

const steps = [
  ['buy', 'F05', ShopDrawing],
  ['wait', 'F06', MessageDrawing],
  ['done', 'F07', DoneDrawing],
] as const
/** Each with the capability that it needs, if any. */
const kinds = [
  ['push', PushDrawing, '/prepare#push', 'push'],
  ['code', CodeDrawing, '/prepare#code', undefined],
  ['passkey', PasskeyDrawing, '/help#choose-method', 'passkeys'],
  ['account', AutomaticDrawing, '/help#choose-method', undefined],
] as const

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'home')
  return pageMetadata(language, '', { title: say('title'), description: say('description') })
}

/** Explains the service to a cardholder who has met it for the first time. */
export default async function HomePage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'home')
  const { brand } = config().issuer
  const able = capabilities()
  /** Where push is not offered, the sentence without it. */
  const sayOfMethods = (key: string) => say(able.push ? key : `${key}WithoutPush`)
  return (
    <SitePage language={language} path="">
      <StructuredData
        data={{
          '@type': 'WebSite',
          name: brand.service,
          url: `${config().publicOrigin}/${language}`,
          inLanguage: language,
          publisher: { '@type': 'Organization', name: brand.issuer[language] },
        }}
      />
      <section className="hero">
        <div className="flex flex-col gap-6">
          <h1>{say('heading')}</h1>
          <p className="lead" data-fact="F01">
            {say('lead')}
          </p>
          <p className="flex flex-wrap items-center gap-x-6 gap-y-3">
            <a href={`/${language}/prepare`} className="button no-underline">
              {say('prepare')}
            </a>
            <a href={`/${language}/terms`} className="text-link py-2" data-fact="F03">
              {say('terms')}
            </a>
          </p>
          <p className="flex items-center gap-4" data-fact="F02">
            <Mark size={48} />
            <span>{say('where')}</span>
          </p>
        </div>
        <WindowPicture language={language} say={say} />
      </section>

      <TryOut language={language} />

      <Section id="steps" heading={say('steps.heading')}>
        <ol className="steps">
          {steps.map(([step, fact, Drawing], index) => (
            <li key={step} className="card" data-fact={fact}>
              <Drawing />
              <h3>
                <span className="step-number">{index + 1}</span>
                {say(`steps.${step}Heading`)}
              </h3>
              <p>{step === 'buy' ? say('steps.buy') : sayOfMethods(`steps.${step}`)}</p>
            </li>
          ))}
        </ol>
        <div className="note flex items-center gap-5" data-fact="F08">
          <span className="w-14 shrink-0 text-accent">
            <AutomaticDrawing />
          </span>
          <div>
            <h3>{say('automatic.heading')}</h3>
            <p>{say('automatic.text')}</p>
          </div>
        </div>
      </Section>

      <Section id="kinds" heading={say('kinds.heading')}>
        <p className="prose">{say('kinds.text')}</p>
        <ul className="grid gap-4 md:grid-cols-2" data-fact="F09">
          {kinds
            .filter(([, , , needs]) => needs === undefined || able[needs])
            .map(([kind, Drawing, more]) => (
              <li key={kind} className="card flex gap-5">
                <span className="w-16 shrink-0">
                  <Drawing />
                </span>
                <div className="flex flex-col gap-2">
                  <h3>{say(`kinds.${kind}Heading`)}</h3>
                  <p>{say(`kinds.${kind}`)}</p>
                  <p>
                    <a href={`/${language}${more}`} className="text-link">
                      {say(`kinds.${kind}Link`)}
                    </a>
                  </p>
                </div>
              </li>
            ))}
        </ul>
      </Section>

      <div className="grid items-start gap-10 lg:grid-cols-2 lg:gap-16">
        <Section id="safe" heading={say('safe.heading')}>
          <div className="note prose">
            <p>{say('safe.compare')}</p>
            <p>
              <a href={`/${language}/security#window`} className="text-link">
                {say('safe.link')}
              </a>
            </p>
          </div>
        </Section>

        <Section id="good" heading={say('good.heading')}>
          <Points
            say={say}
            tell={[
              ['good.free', 'F25'],
              ['good.noApplication', 'F26'],
              ['good.trusted', 'F27', 'trustedMerchants'],
              ['good.changes', 'F04'],
            ]}
          />
        </Section>
      </div>
      <script src="/try-out.js" defer />
    </SitePage>
  )
}
