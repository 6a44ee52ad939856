/** RFC 5321, 4.5.3.1: maximum octets of a local part, and of a path without its angle brackets. */
const longest = { localPart: 64, address: 254 } as const

/** RFC 5321 4.1.2 (with RFC 6531): a local part that needs no quotation marks: atoms separated by single dots. */
const dotString = /^[\p{L}\p{M}\p{N}\p{S}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}\p{S}!#$%&'*+/=?^_`{|}~-]+)*$/u

/**
 * Reads an e-mail address into the single form in which it is stored and compared: NFKC (people type ＠ and full-width
 * letters), without surrounding blanks, the domain in lower case. Undefined if it is invalid. Old Japanese mobile
 * addresses have dots in unusual places before the @; the standard requires quotation marks around them, which are
 * dropped here and added by {@link mailboxOf}.
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

/** Formats an address as RFC 5321 requires: a local part with unusual dots in quotation marks, the domain in ASCII. */
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
    // A numeric last label would make it an IPv4 address, which has a different form in RFC 5321.
    !/^\d+$/.test(ascii.at(-1) ?? '')
  )
}

/** A domain in its ASCII (DNS) form; undefined if it is invalid. */
function asciiOf(domain: string): string | undefined {
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : undefined
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length
}

/**
 * Folds all spellings that we treat as the same address into one form: case and width do not matter. Sign-in looks
 * addresses up by this form and limits count by it, so a different spelling does not get its own attempts.
 */
export function foldAddress(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase().normalize('NFKC')
}
