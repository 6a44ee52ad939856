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

/** More combining marks than any language stacks on one letter; they would cover the line above. */
const towers = /\p{M}{4}/u
/** Invisible characters and bidirectional controls, except joiners and the variation selectors of emoji and kanji. */
const unseen =
  /(?!\u200d|\ufe0e|\ufe0f|[\u{e0100}-\u{e01ef}])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const looseJoiner =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|\u200d(?!\p{Extended_Pictographic})/u
const seen = /[\p{L}\p{N}\p{P}\p{S}]/u

/**
 * Reads a cardholder's personal message into the single form in which it is stored: NFC, one line, single blanks. It
 * appears beside codes and in e-mails, so it must not contain anything that can be tapped, called, or mistaken for a
 * code, a card number or a line of another sender.
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

/** Counts grapheme clusters. Four code points each are enough even for a line of family emoji. */
function isLong(text: string): boolean {
  const most = accountPolicy.personalMessageCharacters
  if ([...text].length > 4 * most) return true
  // A browser without Intl.Segmenter leaves the check to the server.
  return 'Segmenter' in Intl && [...new Intl.Segmenter('ja').segment(text)].length > most
}

/**
 * Whether the text contains a web or e-mail address, or five digits in a row, as telephone numbers, codes and card
 * numbers do.
 */
function holdsAddress(text: string): boolean {
  return (
    /:\/\/|@|\bwww\./iu.test(text) ||
    /[\p{L}\p{N}-]\.\p{L}{2}|[a-z0-9]。[a-z]{2}/iu.test(text) ||
    /\p{Nd}{1,3}(?:\.\p{Nd}{1,3}){3}/u.test(text) ||
    /\p{Nd}(?:[ \-‐‑–ー.()]{0,2}\p{Nd}){4}/u.test(text)
  )
}
