import type { Metadata } from 'next'
import { formatTime } from '#domain/kernel/time.ts'
import { readStatus } from '#server/health/status.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { pageMetadata } from '../../shell/metadata.ts'
import { SitePage } from '../../shell/site-page.tsx'
import { PageHead, Table } from '../parts.tsx'
import { sayOf } from '../said.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'status')
  return pageMetadata(language, '/status', { title: say('title'), description: say('description') })
}

/** Read again for each request. */
export const dynamic = 'force-dynamic'

const parts = ['site', 'requests', 'window', 'messages', 'results'] as const

/** Whether the service works. */
export default async function StatusPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'status')
  const status = await readStatus()
  const good = parts.every(part => status.parts[part] === 'up')
  return (
    <SitePage language={language} path="/status">
      <PageHead say={say} />
      <div className="flex flex-col gap-6">
        <p className={`note text-lg font-bold ${good ? '' : 'warning'}`}>{say(good ? 'good' : 'bad')}</p>
        <Table
          caption={say('title')}
          columns={[say('part'), say('state')]}
          rows={parts.map(part => [
            say(part),
            <State key={part} state={status.parts[part]} words={say(status.parts[part])} />,
          ])}
        />
        <p className="text-sm text-soft">{say('at', { time: formatTime(status.at, language) })}</p>
        {!good && <p>{say('trouble')}</p>}
      </div>
    </SitePage>
  )
}

const signs = { up: '✓', late: '…', down: '✕' }

function State({ state, words }: { state: keyof typeof signs; words: string }) {
  return (
    <span className={`state state-${state}`}>
      <span aria-hidden="true">{signs[state]}</span> {words}
    </span>
  )
}
