/**
 * An e-mail address in the one form in which it is kept and compared: NFKC (people type ＠ and full-width letters), no
 * blanks around it, the domain in lower case. Undefined when it is none. Old Japanese mobile addresses have dots in odd
 * places before the @, so nothing is said about those.
 */
export function normaliseEmail(typed: string): string | undefined {
  const address = typed.normalize('NFKC').trim()
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1).toLowerCase()]
  if (at < 1 || address.length > 254 || local.length > 64 || /[\s\p{C}@<>,;:"()[\]\\]/u.test(local)) return undefined
  const labels = domain.split('.')
  const isDomain = labels.length > 1 && labels.every(label => /^(?!-)[\p{L}\p{N}-]{1,63}(?<!-)$/u.test(label))
  return isDomain ? `${local}@${domain}` : undefined
}

/** A mobile number in E.164: `+` and 8 to 15 digits. Separators that people write are taken out; anything else is none. */
export function normaliseMobile(typed: string): string | undefined {
  const number = typed.normalize('NFKC').replace(/[\s\p{Pd}ーｰ−().]/gu, '')
  return /^\+[1-9][0-9]{7,14}$/.test(number) ? number : undefined
}

/**
 * One form for all the spellings that are taken for one address: case and width do not matter. Sign-in looks addresses up by
 * it and limits count by it, so that no spelling has tries of its own.
 */
export function foldAddress(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase().normalize('NFKC')
}
