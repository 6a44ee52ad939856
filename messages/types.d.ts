import type ja from './ja.json'
import type { routing } from './routing.ts'

// Type-checks the keys: one that messages/ja.json does not have is a type error.
declare module 'next-intl' {
  interface AppConfig {
    Locale: (typeof routing.locales)[number]
    Messages: typeof ja
  }
}
