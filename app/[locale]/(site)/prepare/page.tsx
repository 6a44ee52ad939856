import type { Metadata } from 'next'
import { capabilities } from '#server/capabilities.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { pageMetadata } from '../../shell/metadata.ts'
import { SitePage } from '../../shell/site-page.tsx'
import { PageHead, Paragraphs, Points, Section, WithContents } from '../parts.tsx'
import { ContactTimeline } from '../pictures/contact-timeline.tsx'
import { SettingsPath } from '../pictures/settings-path.tsx'
import { type Say, sayOf } from '../said.tsx'
import { Carriers } from './carriers.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'prepare')
  const description = say(capabilities().push ? 'description' : 'descriptionWithoutPush')
  return pageMetadata(language, '/prepare', { title: say('title'), description })
}

/** What to set up before the first purchase: push, codes, and the phone's own settings. */
export default async function PreparePage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'prepare')
  const shared = await sayOf(language, 'contents')
  const { push } = capabilities()
  const sections = (['first', 'push', 'code', 'carriers'] as const).filter(id => id !== 'push' || push)
  return (
    <SitePage language={language} path="/prepare">
      <PageHead say={say} lead={push ? 'lead' : 'leadWithoutPush'} />
      <WithContents label={shared('label')} entries={sections.map(id => ({ id, name: say(`${id}.heading`) }))}>
        <Section id="first" heading={say('first.heading')}>
          <Points
            say={say}
            tell={[
              ['first.noApplication', 'F26'],
              ['first.family', 'F26'],
              ['first.free', 'F25'],
            ]}
          />
        </Section>
        {push && <Push say={say} />}
        <Section id="code" heading={say('code.heading')}>
          <Paragraphs
            say={say}
            tell={[
              ['code.registered', 'F13'],
              ['code.inWindow', 'F14', 'registration'],
              ['code.inWindowUpTo', undefined, 'registration'],
            ]}
          />
          <h3>{say('code.aboutHeading')}</h3>
          <Points
            say={say}
            tell={[
              ['code.six', 'F16'],
              ['code.again', 'F16'],
              ['code.timedOut', 'F16'],
            ]}
          />
          <h3>{say('code.changeHeading')}</h3>
          <Points
            say={say}
            tell={[
              ['code.changePhone', 'F15'],
              ['code.changeEmail', 'F15'],
              ['code.changeEnrol', 'F15'],
            ]}
          />
          <ContactTimeline say={say} />
        </Section>
        <Carriers say={say} />
      </WithContents>
    </SitePage>
  )
}

function Push({ say }: { say: Say }) {
  const { app } = config().issuer.brand
  return (
    <Section id="push" heading={say('push.heading')}>
      <h3>{say('push.registerHeading')}</h3>
      <div className="flex flex-col gap-3" data-fact="F30">
        <Points ordered say={say} tell={[['push.registerSignIn'], ['push.registerDevices'], ['push.registerThis']]} />
        <p className="note prose">{say('push.iphone')}</p>
        <Points say={say} tell={[['push.androidInstall'], ['push.desktop']]} />
      </div>
      <h3>{say('push.phoneHeading')}</h3>
      <div className="flex flex-col gap-4" data-fact="F10">
        <p className="prose">{say('push.phone')}</p>
        <SettingsPath
          name={say('push.ios')}
          path={[say('push.settings'), say('push.notifications'), app, say('push.allow')]}
        />
        <SettingsPath
          name={say('push.android')}
          path={[
            say('push.settings'),
            say('push.appsAndNotifications'),
            app,
            say('push.notifications'),
            say('push.on'),
          ]}
        />
      </div>
      <h3>{say('push.appHeading')}</h3>
      <div data-fact="F11">
        <Points say={say} tell={[['push.approvalOn'], ['push.newest'], ['push.deviceOn']]} />
      </div>
      <p className="prose" data-fact="F12">
        {say.link('push.noApp', '#code')}
      </p>
    </Section>
  )
}
