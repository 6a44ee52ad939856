import type { TermsVersion } from '#domain/terms/versions.ts'

type Chapter = Readonly<Record<string, string>>

export interface TermsText {
  /** What changed since the previous version; empty in the first one. */
  readonly changes: Readonly<Record<string, string>>
  /** Each chapter has a heading and numbered paragraphs. */
  readonly chapters: Readonly<Record<string, Chapter>>
}

type Load = () => Promise<{ readonly default: TermsText }>

/** Loads the text of each version in both languages. */
const texts: Readonly<Record<TermsVersion, { readonly ja: Load; readonly en: Load }>> = {
  '2026-04-01': { ja: () => import('./2026-04-01/ja.json'), en: () => import('./2026-04-01/en.json') },
  '2026-11-01': { ja: () => import('./2026-11-01/ja.json'), en: () => import('./2026-11-01/en.json') },
  '2027-01-01': { ja: () => import('./2027-01-01/ja.json'), en: () => import('./2027-01-01/en.json') },
}

export async function readTerms(version: TermsVersion, language: 'ja' | 'en'): Promise<TermsText> {
  return (await texts[version][language]()).default
}
