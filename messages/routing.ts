import { defineRouting } from 'next-intl/routing'

/** The site's two languages, always in the address. */
export const routing = defineRouting({
  locales: ['ja', 'en'],
  defaultLocale: 'ja',
  localePrefix: 'always',
  // Set by the language switch (public/site.js): the choice for addresses without a language.
  localeCookie: { name: 'language', maxAge: 31_536_000 },
})
