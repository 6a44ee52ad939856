import type { Metadata } from 'next'
import { config } from '#server/platform/config.ts'
import { ExternalLink } from '../../shell/external-link.tsx'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { pageMetadata } from '../../shell/metadata.ts'
import { SitePage } from '../../shell/site-page.tsx'
import { PageHead, Paragraphs, Points, Section, WithContents } from '../parts.tsx'
import { Comparison } from '../pictures/comparison.tsx'
import { sayOf } from '../said.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'security')
  return pageMetadata(language, '/security', { title: say('title'), description: say('description') })
}

/** What protects the card, how to recognise the real window, and what to do when something looks wrong. */
export default async function SecurityPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'security')
  const shared = await sayOf(language, 'contents')
  const { brand } = config().issuer
  const sections = ['wrong', 'window', 'messages', 'issuer', 'links'] as const
  return (
    <SitePage language={language} path="/security">
      <PageHead say={say} />
      <WithContents label={shared('label')} entries={sections.map(id => ({ id, name: say(`${id}.heading`) }))}>
        <Section id="wrong" heading={say('wrong.heading')}>
          <div className="note warning prose">
            <Points ordered say={say} tell={[['wrong.stop'], ['wrong.call'], ['wrong.entered']]} />
            <p className="font-bold">{brand.support[language]}</p>
            <p>
              <a href={`/${language}/account/report`} className="text-link">
                {say('wrong.report')}
              </a>
            </p>
          </div>
        </Section>
        <Section id="window" heading={say('window.heading')}>
          <div className="flex flex-col gap-5" data-fact="F28">
            <Comparison language={language} say={say} />
            <Points
              say={say}
              tell={[
                ['window.compare'],
                ['window.differ'],
                ['window.looks'],
                ['window.personalMessage'],
                ['window.never'],
              ]}
            />
          </div>
        </Section>
        <Section id="messages" heading={say('messages.heading')}>
          <Points
            say={say}
            tell={[
              ['messages.before', 'F29'],
              ['messages.links', 'F29'],
              ['messages.autofill', 'F29', 'codeAutofill'],
              ['messages.what', 'F29'],
              ['messages.never', 'F19'],
            ]}
          />
        </Section>
        <Section id="issuer" heading={say('issuer.heading')}>
          <Paragraphs
            say={say}
            tell={[
              ['issuer.several', 'F21'],
              ['issuer.watched', 'F22', 'watch'],
              ['issuer.contacted', 'F23', 'watch'],
            ]}
          />
        </Section>
        <Section id="links" heading={say('links.heading')}>
          <div className="prose" data-fact="F24">
            <p>{say('links.text')}</p>
            <p>
              <ExternalLink language={language} href={brand.website}>
                {say('links.example')}
              </ExternalLink>
            </p>
          </div>
        </Section>
      </WithContents>
    </SitePage>
  )
}
