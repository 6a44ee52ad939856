import type { Metadata } from 'next'
import type { Language } from '#domain/kernel/language.ts'
import { capabilities } from '#server/capabilities.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { pageMetadata } from '../../shell/metadata.ts'
import { SitePage } from '../../shell/site-page.tsx'
import { PageHead, trueHere, WithContents } from '../parts.tsx'
import { type Say, sayOf } from '../said.tsx'
import { StructuredData } from '../structured-data.tsx'
import { type Question, questionsOf } from './questions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'help')
  return pageMetadata(language, '/help', { title: say('title'), description: say('description') })
}

/** Questions with visible answers, so that the page can be read, searched, printed and linked into. */
export default async function HelpPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'help')
  const shared = await sayOf(language, 'contents')
  const groups = questionsOf(capabilities())
  return (
    <SitePage language={language} path="/help">
      <StructuredData data={faqOf(say)} />
      <PageHead say={say} />
      <WithContents
        label={shared('label')}
        entries={groups.map(([group]) => ({ id: group, name: say(`groups.${group}`) }))}
      >
        {/* public/site.js shows it. Without scripts every question is visible anyway. */}
        <div
          id="search"
          hidden
          className="search screen-only"
          data-none={say('foundNone')}
          data-one={say('found', { count: 1 })}
          data-many={say('found', { count: 0 })}
        >
          <label htmlFor="search-words" className="font-bold">
            {say('search')}
          </label>
          <p id="search-hint" className="text-sm text-soft">
            {say('searchHint')}
          </p>
          <input id="search-words" type="search" autoComplete="off" aria-describedby="search-hint" />
          <p role="status" className="text-sm" />
        </div>
        {groups.map(([group, questions]) => (
          <section key={group} aria-labelledby={group} className="flex flex-col gap-2" data-group="">
            <h2 id={group}>{say(`groups.${group}`)}</h2>
            {questions.map(question => (
              <Answer key={question.id} question={question} say={say} language={language} />
            ))}
          </section>
        ))}
      </WithContents>
    </SitePage>
  )
}

async function Answer({ question, say, language }: { question: Question; say: Say; language: Language }) {
  const { id, answer, more } = question
  const of = (key: string) => say(`questions.${id}.${key}`)
  const elsewhere = more && (await sayOf(language, more[1]))
  return (
    <article id={id} aria-labelledby={`${id}-question`} className="question" data-words={of('words')}>
      <h3 id={`${id}-question`}>
        {of('question')}{' '}
        <a href={`#${id}`} className="anchor screen-only" aria-label={say('anchor', { question: of('question') })}>
          #
        </a>
      </h3>
      {trueHere(answer).map(([key, fact]) => (
        <p key={key} data-fact={fact}>
          {of(key)}
        </p>
      ))}
      {more && elsewhere && (
        <p className="text-sm">
          {say('more')}{' '}
          <a href={`/${language}${more[0]}`} className="text-link">
            {elsewhere(more[2])}
          </a>
        </p>
      )}
    </article>
  )
}

function faqOf(say: Say) {
  const mainEntity = questionsOf(capabilities()).flatMap(([, questions]) =>
    questions.map(({ id, answer }) => ({
      '@type': 'Question',
      name: say(`questions.${id}.question`),
      acceptedAnswer: {
        '@type': 'Answer',
        text: trueHere(answer)
          .map(([key]) => say(`questions.${id}.${key}`))
          .join('\n'),
      },
    })),
  )
  return { '@type': 'FAQPage', mainEntity }
}
