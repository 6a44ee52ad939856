import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { routing } from '#messages/routing.ts'

/** Links to the same page in the other language. public/site.js adds the anchor and remembers the choice. */
export async function LanguageSwitch({ language, path }: { language: Language; path: string }) {
  const say = await getTranslations({ locale: language, namespace: 'languages' })
  return (
    <nav aria-label={say('switch')} className="language-switch">
      <ul className="flex text-sm">
        {routing.locales.map(one => (
          // On narrow screens only the other language, to keep the header on one line.
          <li
            key={one}
            className={`border-line lg:border-s lg:first:border-0 ${one === language ? 'max-lg:hidden' : ''}`}
          >
            {one === language ? (
              <span aria-current="true" className="block px-3 py-2 font-bold">
                {say(one)}
              </span>
            ) : (
              <a
                href={`/${one}${path}`}
                lang={one}
                hrefLang={one}
                data-language={one}
                className="block px-3 py-2 underline"
              >
                {say(one)}
              </a>
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}
