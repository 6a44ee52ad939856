/** Characters of a merchant's name in a message: more would push the code out of a text message's first part. */
const longest = 20

/**
 * A merchant's name as it may stand in a message that carries a code. The merchant (or a thief in its place) chose it,
 * so whatever could lay out the message anew, look like an address to tap, or fake a second line is taken out:
 * controls, bidirectional marks, line breaks, web addresses, telephone numbers, emoji, brackets, `@` and `#`. NFKC, at most
 * `most` characters. The same is done to a device's name, which whoever pairs it chooses.
 */
export function merchantNameForMessage(merchantName: string, most: number = longest): string {
  const plain = plainName(merchantName.normalize('NFKC'))
    .replace(/[a-z][a-z0-9+.-]*:\/\/\S*/giu, ' ')
    .replace(/\b(?:www\.)?(?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,}(?:[/:?]\S*)?/giu, ' ')
    .replace(/\d{1,3}(?:\.\d{1,3}){3}\S*/gu, ' ')
    // A dot inside whatever name is left (日本語.jp, _a.example) would still make an address of it.
    .replace(/\.(?=[\p{L}\p{N}]{2})|。(?=[a-z0-9]{2})/giu, ' ')
    .replace(/(?![0-9*#])\p{Emoji}|[\uFE00-\uFE0F\u20E3]/gu, ' ')
    // A telephone number to call, and brackets that look like a sender's name or another code's.
    .replace(/\d(?:[ \-‐‑–ー.()]{0,2}\d){4,}/gu, ' ')
    .replace(/[@#/\\【】「」『』[\]\p{Default_Ignorable_Code_Point}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  return [...plain].slice(0, most).join('').trim()
}

/** A name as it may stand on a page: nothing in it that nobody sees, turns the line around or begins another. */
export function plainName(merchantName: string): string {
  return merchantName
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
}
