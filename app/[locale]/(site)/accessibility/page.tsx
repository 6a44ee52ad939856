import type { Metadata } from 'next'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { pageMetadata } from '../../shell/metadata.ts'
import { SitePage } from '../../shell/site-page.tsx'
import { PageHead, Points, Section, WithContents } from '../parts.tsx'
import { sayOf } from '../said.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'accessibility')
  return pageMetadata(language, '/accessibility', { title: say('title'), description: say('description') })
}

const sections = ['aim', 'tested', 'limits', 'contact'] as const

/** The conformance target, how it is tested, and the known limitations. */
export default async function AccessibilityPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const [say, shared] = await Promise.all([sayOf(language, 'accessibility'), sayOf(language, 'contents')])
  const { brand } = config().issuer
  return (
    <SitePage language={language} path="/accessibility">
      <PageHead say={say} />
      <WithContents label={shared('label')} entries={sections.map(id => ({ id, name: say(`${id}.heading`) }))}>
        <Section id="aim" heading={say('aim.heading')}>
          <p className="prose">{say('aim.text')}</p>
        </Section>
        <Section id="tested" heading={say('tested.heading')}>
          <Points say={say} tell={[['tested.axe'], ['tested.html'], ['tested.contrast'], ['tested.release']]} />
        </Section>
        <Section id="limits" heading={say('limits.heading')}>
          <Points say={say} tell={[['limits.people'], ['limits.frame']]} />
        </Section>
        <Section id="contact" heading={say('contact.heading')}>
          <div className="prose">
            <p>{say('contact.text')}</p>
            <p>{brand.support[language]}</p>
          </div>
        </Section>
      </WithContents>
    </SitePage>
  )
}
