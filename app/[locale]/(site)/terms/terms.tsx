import type { Language } from '#domain/kernel/language.ts'
import {
  comingTerms,
  effectiveTerms,
  type TermsVersion,
  termsEffectiveAt,
  termsVersions,
} from '#domain/terms/versions.ts'
import { readTerms } from '#messages/terms/index.ts'
import { now } from '#server/platform/clock.ts'
import { demoMode } from '#server/platform/demo-mode.ts'
import { Section, WithContents } from '../parts.tsx'
import { fillIn, sayOf } from '../said.tsx'

/** A version of the terms, with its changes and links to every other version. */
export async function Terms({
  language,
  version,
  heading,
}: {
  language: Language
  version: TermsVersion
  heading: string
}) {
  const say = await sayOf(language, 'terms')
  const shared = await sayOf(language, 'contents')
  const text = await readTerms(version, language)
  const at = now()
  const standing = standingOf(version, at)
  const next = comingTerms(at)
  const fill = (sentence: string) => fillIn(sentence, language)
  const chapters = Object.entries(text.chapters)
  const changes = Object.values(text.changes)
  return (
    <>
      <div className="flex flex-col gap-3">
        <h1>{heading}</h1>
        <p>{say('effective', { date: formatDay(version, language) })}</p>
        {standing === 'coming' && (
          <p className="note prose">
            {say.link('coming', `/${language}/terms`, { date: formatDay(version, language) })}
          </p>
        )}
        {standing === 'earlier' && <p className="note prose">{say.link('earlier', `/${language}/terms`)}</p>}
        {standing === 'current' && <p>{say('current')}</p>}
        {standing === 'current' && next && (
          <p className="note prose">
            {say.link('next', `/${language}/terms/${next}`, { date: formatDay(next, language) })}
          </p>
        )}
        {demoMode() && <p className="note prose">{say('model')}</p>}
      </div>
      <WithContents
        label={shared('label')}
        entries={[
          { id: 'changes-since', name: say('changes') },
          ...chapters.map(([id, chapter]) => ({ id, name: fill(chapter.heading ?? '') })),
          { id: 'versions', name: say('versions') },
        ]}
      >
        <Section id="changes-since" heading={say('changes')}>
          {changes.length === 0 ? (
            <p>{say('firstVersion')}</p>
          ) : (
            <ul className="points prose">
              {changes.map(change => (
                <li key={change}>{fill(change)}</li>
              ))}
            </ul>
          )}
        </Section>
        {chapters.map(([id, { heading: name = '', ...paragraphs }], index) => (
          <Section key={id} id={id} heading={`${index + 1}. ${fill(name)}`}>
            <ol className="points prose">
              {Object.values(paragraphs).map(paragraph => (
                <li key={paragraph}>{fill(paragraph)}</li>
              ))}
            </ol>
          </Section>
        ))}
        <Section id="versions" heading={say('versions')}>
          <ul className="points">
            {termsVersions.toReversed().map(each => (
              <li key={each}>
                <a href={`/${language}/terms/${each}`} className="text-link">
                  {say('titleOf', { date: formatDay(each, language) })}
                </a>{' '}
                {say(`standing.${standingOf(each, at)}`)}
              </li>
            ))}
          </ul>
        </Section>
      </WithContents>
    </>
  )
}

/** Whether a version was effective earlier, is effective, or will be. */
function standingOf(version: TermsVersion, at: number): 'earlier' | 'current' | 'coming' {
  if (termsEffectiveAt(version) > at) return 'coming'
  return version === effectiveTerms(at) ? 'current' : 'earlier'
}

/** 2026年11月1日 / 1 November 2026 */
export function formatDay(day: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  )
}
