import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { reportOn } from '#domain/emv/report.ts'
import { versions } from '#domain/emv/version.ts'
import { demoMode } from '#server/platform/demo-mode.ts'
import { messageHeader, postedMessage } from '#server/web/posted-message.ts'
import { bodyLimit } from '#server/web/read-post.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { pageMetadata } from '../../../shell/metadata.ts'
import { SitePage } from '../../../shell/site-page.tsx'
import { Findings } from './findings.tsx'

/** Unlike the rest of the site, the page shows one visitor's data. */
export const dynamic = 'force-dynamic'

const path = '/merchants/check'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await getTranslations({ locale: language, namespace: 'check.page' })
  return pageMetadata(language, path, { title: say('heading'), description: say('description') })
}

/** Checks an EMV 3DS message for integrators. The message is checked while the page is rendered, and is not stored. */
export default async function CheckPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await getTranslations({ locale: language, namespace: 'check.page' })
  const message = postedMessage((await headers()).get(messageHeader))
  const report = message?.trim() ? reportOn(message, { loopbackHttp: demoMode() }) : undefined
  return (
    <SitePage language={language} path={path}>
      <section className="flex flex-col gap-4">
        <h1>{say('heading')}</h1>
        <div className="prose">
          <p>{say('lead', { versions: versions.join(', ') })}</p>
          <p>{say('privacy')}</p>
        </div>
      </section>
      {report && <Findings report={report} language={language} />}
      {message !== undefined && !report && (
        <p role="alert" id="nothing" className="font-bold text-danger">
          {say('nothing')}
        </p>
      )}
      <form method="post" className="flex flex-col gap-3">
        <label htmlFor="message" className="font-bold">
          {say('label')}
        </label>
        <p id="hint" className="text-sm text-soft">
          {say('hint', { kilobytes: bodyLimit / 1024 })}
        </p>
        <textarea
          id="message"
          name="message"
          required
          rows={16}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={message !== undefined && !report ? 'nothing hint' : 'hint'}
          defaultValue={message}
          className="w-full rounded-md border-2 border-edge bg-paper p-3 font-mono text-sm"
        />
        <button type="submit" className="button self-start">
          {say('submit')}
        </button>
      </form>
    </SitePage>
  )
}
