import { defineRouting } from 'next-intl/routing'

/** The site's two languages. The address always contains one of them. */
export const routing = defineRouting({
  locales: ['ja', 'en'],
  defaultLocale: 'ja',
  localePrefix: 'always',
  localeCookie: false,
})
