/** Characters of a merchant's name in a message: more would push the code out of a text message's first part. */
const longest = 20

/**
 * A merchant's name as it may stand in a message that carries a code: the name that the window shows, as far as it can be.
 * The merchant (or a thief in its place) chose it, so whatever could lay out the message anew, be tapped, or fake a second
 * line is taken out: controls, bidirectional marks, line breaks, addresses with a scheme, telephone numbers, emoji, brackets,
 * `@` and `#`. Of other addresses the dots become `·`: AMAZON·CO·JP, which no telephone makes a link of. NFKC, at most
 * `most` characters. The same is done to a device's name, which the person who pairs it chooses.
 */
export function merchantNameForMessage(merchantName: string, most: number = longest): string {
  const plain = plainName(merchantName.normalize('NFKC'))
    .replace(/[a-z][a-z0-9+.-]*:\/\/\S*/giu, ' ')
    // A telephone number to call.
    .replace(/\d(?:[ \-‐‑–ー.()]{0,2}\d){4,}/gu, ' ')
    .replace(/\.(?=[\p{L}\p{N}]{2})|(?<=\d)\.(?=\d)|。(?=[a-z0-9]{2})/giu, '·')
    .replace(/(?![0-9*#])\p{Emoji}|[\uFE00-\uFE0F\u20E3]/gu, ' ')
    // Brackets that look like a sender's name or another code's.
    .replace(/[@#/\\【】「」『』[\]\p{Default_Ignorable_Code_Point}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  return beginningOf(plain, most)
}

/** Joins pictures to one (a family); between anything else it is invisible. */
const looseJoiner =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|\u200d(?!\p{Extended_Pictographic})/gu

/** A name as it may stand on a page: nothing in it that is invisible, turns the line around or begins another. */
export function plainName(merchantName: string): string {
  return merchantName
    .replace(looseJoiner, ' ')
    .replace(/(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
}

const characters = new Intl.Segmenter('ja', { granularity: 'grapheme' })

/**
 * The beginning of a text, at most `most` long as `lengthOf` measures (code points unless said otherwise). No character falls
 * apart, however many code points it has; nor does a word in a script with blanks, where another stands before it.
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
