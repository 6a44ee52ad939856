import type { Language } from '#domain/kernel/language.ts'
import type { Say } from '../said.tsx'

/** The real window of a fictitious purchase (app/[locale]/picture), to look at: nothing in it can be used. */
export function WindowPicture({ language, say }: { language: Language; say: Say }) {
  return (
    <figure className="window-picture">
      <iframe src={`/${language}/picture/asking`} title={say('window.title')} loading="lazy" tabIndex={-1} inert />
      <figcaption>
        {say('window.caption')}{' '}
        <a href="#try-out" className="text-link">
          {say('window.try')}
        </a>
      </figcaption>
    </figure>
  )
}
