import { defineRouting } from 'next-intl/routing'

/** The site's two languages, always in the address. */
export const routing = defineRouting({
  locales: ['ja', 'en'],
  defaultLocale: 'ja',
  localePrefix: 'always',
  localeCookie: false,
})
