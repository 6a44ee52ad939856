/** Maximum characters of a merchant's name, as in EMV 3DS merchantName; normalisation can lengthen a name. */
const longest = 40

/**
 * A merchant's name as the window, the app's screens, messages and the account all show it, so that a cardholder who
 * compares two of them sees the same; a text message may have only its beginning. The merchant, or a thief posing as one, chose the name. So this removes everything that could change the
 * layout of the message, be tapped, or fake a second line: controls, bidirectional marks, line breaks, addresses with a
 * scheme, telephone numbers, emoji, brackets, `@` and `#`. In other addresses the dots become `·` (AMAZON·CO·JP), which
 * no phone turns into a link. The result is NFKC and at most `most` characters long. Device names get the same
 * treatment, because the person who pairs a device chooses its name.
 */
export function shownMerchantName(merchantName: string, most: number = longest): string {
  const plain = plainName(merchantName.normalize('NFKC'))
    .replace(/[a-z][a-z0-9+.-]*:\/\/\S*/giu, ' ')
    // A telephone number that could be called.
    .replace(/\d(?:[ \-‐‑–ー.()]{0,2}\d){4,}/gu, ' ')
    .replace(/\.(?=[\p{L}\p{N}]{2})|(?<=\d)\.(?=\d)|。(?=[a-z0-9]{2})/giu, '·')
    .replace(/(?![0-9*#])\p{Emoji}|[\uFE00-\uFE0F\u20E3]/gu, ' ')
    // Brackets that look like those around a sender's name, and the marks that introduce another code.
    .replace(/[@#/\\【】「」『』[\]\p{Default_Ignorable_Code_Point}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  return beginningOf(plain, most)
}

/**
 * A zero-width joiner outside an emoji sequence. Between emoji it forms one picture (a family); elsewhere it is
 * invisible.
 */
const looseJoiner =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|\u200d(?!\p{Extended_Pictographic})/gu

/** A name made safe for a page: without invisible characters, bidirectional controls and line breaks. */
export function plainName(merchantName: string): string {
  return merchantName
    .replace(looseJoiner, ' ')
    .replace(/(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
}

const characters = new Intl.Segmenter('ja', { granularity: 'grapheme' })

/**
 * The beginning of a text, at most `most` long as `lengthOf` measures it (code points by default). It never splits a
 * grapheme cluster, nor a word in a script with spaces unless that word is the first.
 */
export function beginningOf(text: string, most: number, lengthOf = (part: string) => [...part].length): string {
  if (lengthOf(text) <= most) return text
  let end = 0
  for (const { index, segment } of characters.segment(text)) {
    if (lengthOf(text.slice(0, index + segment.length)) > most) break
    end = index + segment.length
  }
  const kept = text.slice(0, end)
  const torn = /[\p{L}\p{N}]$/u.test(kept) && /^[\p{L}\p{N}]/u.test(text.slice(end))
  return (torn ? kept.replace(/(?<=\S)\s+[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]+$/u, '') : kept).trim()
}
