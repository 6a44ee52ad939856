/** RFC 5321, 4.5.3.1: octets of a local part, and of a path without its angle brackets. */
const longest = { localPart: 64, address: 254 } as const

/** RFC 5321 4.1.2 (with RFC 6531): what may stand in a local part without quotation marks, dots between. */
const dotString = /^[\p{L}\p{M}\p{N}\p{S}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}\p{S}!#$%&'*+/=?^_`{|}~-]+)*$/u

/**
 * An e-mail address in the one form in which it is kept and compared: NFKC (people type ＠ and full-width letters), no
 * blanks around it, the domain in lower case. Undefined when it is invalid. Old Japanese mobile addresses have dots in odd
 * places before the @; the quotation marks that the standard asks for around them are dropped here and added by
 * {@link mailboxOf}.
 */
export function normaliseEmail(typed: string): string | undefined {
  const text = typed
    .slice(0, 2 * longest.address)
    .normalize('NFKC')
    .trim()
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0)).replace(/^"(.*)"$/, '$1')
  const domain = text.slice(at + 1).toLowerCase()
  if (local === '' || /[\s\p{C}"@<>,;:()[\]\\]/u.test(local) || !isDomain(domain)) return undefined
  const address = `${local}@${domain}`
  return octets(mailboxOf(address)) <= longest.address && octets(quoted(local)) <= longest.localPart
    ? address
    : undefined
}

/** The same address as RFC 5321 writes it: a local part with dots in odd places in quotation marks, the domain in ASCII. */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  return `${quoted(address.slice(0, at))}@${asciiOf(domain) ?? domain}`
}

function quoted(local: string): string {
  return dotString.test(local) ? local : `"${local.replace(/["\\]/g, '\\$&')}"`
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.')
  const ascii = asciiOf(domain)?.split('.') ?? []
  return (
    labels.length > 1 &&
    labels.every(label => /^(?!-)[\p{L}\p{M}\p{N}-]+(?<!-)$/u.test(label)) &&
    ascii.length > 1 &&
    ascii.every(label => label.length <= 63) &&
    // Else it would be an IPv4 address, which has another form.
    !/^\d+$/.test(ascii.at(-1) ?? '')
  )
}

/** A domain as DNS knows it; undefined when it is invalid. */
function asciiOf(domain: string): string | undefined {
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : undefined
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length
}

/**
 * One form for all the spellings that are taken for one address: case and width do not matter. Sign-in looks addresses up by
 * it and limits count by it, so that no spelling has tries of its own.
 */
export function foldAddress(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase().normalize('NFKC')
}
