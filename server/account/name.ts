import type { Language } from '#domain/kernel/language.ts'
import { keys, namesContext } from '../platform/keys.ts'

/**
 * A cardholder's name in the script of a language, as the issuer supplied it; undefined if the issuer supplied none.
 * `names` is the encrypted column of the cardholder.
 */
export async function decryptName(
  names: string,
  cardholderId: string,
  language: Language,
): Promise<string | undefined> {
  const { kanji, romaji } = JSON.parse(await keys().decrypt('contact', names, namesContext(cardholderId)))
  return language === 'ja' ? (kanji ?? romaji) : (romaji ?? kanji)
}
