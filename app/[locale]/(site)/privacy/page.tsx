import type { Metadata } from 'next'
import { auditRetentionDays } from '#domain/audit/policy.ts'
import { capabilities } from '#server/capabilities.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { pageMetadata } from '../../shell/metadata.ts'
import { SitePage } from '../../shell/site-page.tsx'
import { PageHead, Points, Section, Table, WithContents } from '../parts.tsx'
import { sayOf } from '../said.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'privacy')
  return pageMetadata(language, '/privacy', { title: say('title'), description: say('description') })
}

const data = [
  'card',
  'contact',
  'name',
  'facts',
  'purchase',
  'habits',
  'device',
  'code',
  'activity',
  'choices',
] as const

/** The content of docs/data.md, for the people whose data it is. */
export default async function PrivacyPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'privacy')
  const shared = await sayOf(language, 'contents')
  const { issuer, retentionDays } = config()
  const { brand } = issuer
  const years = auditRetentionDays('account', retentionDays) / 365
  const { riskPolicies } = capabilities()
  const kept = data.filter(name => name !== 'habits' || riskPolicies)
  const sections = ['what', 'who', 'cookies', 'rights'] as const
  return (
    <SitePage language={language} path="/privacy">
      <PageHead say={say} />
      <WithContents label={shared('label')} entries={sections.map(id => ({ id, name: say(`${id}.heading`) }))}>
        <Section id="what" heading={say('what.heading')}>
          <Table
            caption={say('what.heading')}
            columns={[say('what.data'), say('what.why'), say('what.long')]}
            rows={kept.map(name => [say(`what.${name}`), say(`what.${name}Why`), say(`what.${name}Long`, { years })])}
          />
        </Section>
        <Section id="who" heading={say('who.heading')}>
          <Points say={say} tell={[['who.shop'], ['who.carriers'], ['who.push', undefined, 'push'], ['who.law']]} />
        </Section>
        <Section id="cookies" heading={say('cookies.heading')}>
          <Points
            say={say}
            tell={[
              ['cookies.language'],
              ['cookies.account'],
              ['cookies.approval', undefined, 'push'],
              ['cookies.method'],
              ['cookies.window'],
              ['cookies.none'],
            ]}
          />
        </Section>
        <Section id="rights" heading={say('rights.heading')}>
          <div className="prose">
            <p>{say('rights.own')}</p>
            <p>{say('rights.text')}</p>
            <p>
              {brand.issuer[language]}
              <br />
              {brand.postal[language]}
              <br />
              {brand.support[language]}
            </p>
          </div>
        </Section>
      </WithContents>
    </SitePage>
  )
}
