import type { Language } from '../language.ts'

// The letters with activation codes that an issuer sends by post.

/** Cardholders who can enrol in online services; the others' cards cannot be used. By the issuer's id. */
export const addressees = {
  'demo-hanako': { ja: '山田 花子', en: 'Hanako Yamada' },
  'demo-alex': { ja: 'Alex Smith', en: 'Alex Smith' },
  'demo-ken': { ja: '佐藤 謙', en: 'Ken Sato' },
  'demo-yui': { ja: '田中 結衣', en: 'Yui Tanaka' },
  'demo-mei': { ja: '中村 芽衣', en: 'Mei Nakamura' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>

export type Addressee = keyof typeof addressees

export function isAddressee(id: unknown): id is Addressee {
  return typeof id === 'string' && Object.hasOwn(addressees, id)
}
