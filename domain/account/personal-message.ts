import { accountPolicy } from './policy.ts'

export type ReadPersonalMessage =
  | { readonly kind: 'personal-message'; readonly text: string }
  | {
      readonly kind:
        | 'personal-message-missing'
        | 'personal-message-long'
        | 'personal-message-characters'
        | 'personal-message-address'
    }

/** Marks on one letter that no language needs more of: a tower of them would cover what stands above. */
const towers = /\p{M}{4}/u
/** They are invisible, or turn the line around. A joiner between pictures and the variant of a picture or a kanji are seen. */
const unseen =
  /(?!\u200d|\ufe0e|\ufe0f|[\u{e0100}-\u{e01ef}])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const looseJoiner =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|\u200d(?!\p{Extended_Pictographic})/u
const seen = /[\p{L}\p{N}\p{P}\p{S}]/u

/**
 * A greeting that a cardholder chose, in the one form in which it is kept: NFC, one line, single blanks. It stands beside codes
 * and in e-mails, so nothing in it may be tapped, called, or taken for a code, a card number or another party's line.
 */
export function readPersonalMessage(typed: string): ReadPersonalMessage {
  const text = typed.normalize('NFC').replace(/\s+/gu, ' ').trim()
  if (unseen.test(text) || looseJoiner.test(text) || towers.test(text)) return { kind: 'personal-message-characters' }
  if (!seen.test(text)) return { kind: 'personal-message-missing' }
  if (isLong(text)) return { kind: 'personal-message-long' }
  return holdsAddress(text.normalize('NFKC'))
    ? { kind: 'personal-message-address' }
    : { kind: 'personal-message', text }
}

/** Characters as people count them; four code points each are enough for a whole line of families. */
function isLong(text: string): boolean {
  const most = accountPolicy.personalMessageCharacters
  if ([...text].length > 4 * most) return true
  // A browser that cannot count them leaves it to the server.
  return 'Segmenter' in Intl && [...new Intl.Segmenter('ja').segment(text)].length > most
}

/** Web and e-mail addresses, telephone numbers, and any run of five figures: a code is one, and so is a card number. */
function holdsAddress(text: string): boolean {
  return (
    /:\/\/|@|\bwww\./iu.test(text) ||
    /[\p{L}\p{N}-]\.\p{L}{2}|[a-z0-9]。[a-z]{2}/iu.test(text) ||
    /\p{Nd}{1,3}(?:\.\p{Nd}{1,3}){3}/u.test(text) ||
    /\p{Nd}(?:[ \-‐‑–ー.()]{0,2}\p{Nd}){4}/u.test(text)
  )
}
