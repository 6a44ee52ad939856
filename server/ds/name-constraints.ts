import { AsnConvert } from '@peculiar/asn1-schema'
import {
  GeneralName,
  type GeneralSubtree,
  type GeneralSubtrees,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  Name,
  NameConstraints,
  type RelativeDistinguishedName,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509'
import ipaddr from 'ipaddr.js'
import type { Chain, Link } from './chains.ts'

export const nameConstraints = id_ce_nameConstraints

const commonName = '2.5.4.3'
const emailAddress = '1.2.840.113549.1.9.1'

/**
 * RFC 5280, 4.2.1.10: an authority's name constraints apply to all certificates below it, except self-issued
 * authorities.
 */
export function keepsNameConstraints(chain: Chain): boolean {
  return chain.every((authority, height) => {
    const constraints = read(authority, nameConstraints, NameConstraints)
    return (
      !constraints ||
      chain.slice(0, height).every((below, depth) => (depth > 0 && isSelfIssued(below)) || allows(constraints, below))
    )
  })
}

function isSelfIssued({ certificate }: Link): boolean {
  return certificate.subject === certificate.issuer
}

function allows({ permittedSubtrees, excludedSubtrees }: NameConstraints, link: Link): boolean {
  // RFC 5280 wants no other minimum, and no maximum.
  const isOdd = ({ minimum, maximum }: GeneralSubtree) => minimum !== 0 || maximum !== undefined
  if ([...(permittedSubtrees ?? []), ...(excludedSubtrees ?? [])].some(isOdd)) return false
  return namesOf(link).every(name => {
    const kind = kindOf(name)
    const compare = comparisons[kind] ?? (() => undefined)
    const compared = (subtrees: GeneralSubtrees | undefined) => basesOf(subtrees, kind).map(base => compare(name, base))
    const [permitted, excluded] = [compared(permittedSubtrees), compared(excludedSubtrees)]
    // What cannot be compared is not allowed: it may be what is excluded.
    if ([...permitted, ...excluded].includes(undefined)) return false
    return (permitted.length === 0 || permitted.includes(true)) && !excluded.includes(true)
  })
}

type Kind = 'dNSName' | 'iPAddress' | 'rfc822Name' | 'directoryName' | 'another'

function kindOf(name: GeneralName): Kind {
  const kinds = ['dNSName', 'iPAddress', 'rfc822Name', 'directoryName'] as const
  return kinds.find(kind => name[kind] !== undefined) ?? 'another'
}

function basesOf(subtrees: GeneralSubtrees | undefined, kind: Kind): GeneralName[] {
  return [...(subtrees ?? [])].map(({ base }) => base).filter(base => kindOf(base) === kind)
}

/**
 * Subject and alternative names. A common name that is a host name is constrained as one, because callers are
 * identified by it.
 */
function namesOf(link: Link): GeneralName[] {
  const subject = AsnConvert.parse(link.parsed.subjectName.toArrayBuffer(), Name)
  const texts = (wanted: string) =>
    subject.flatMap(part => part.filter(({ type }) => type === wanted).map(({ value }) => value.toString()))
  return [
    ...(subject.length > 0 ? [new GeneralName({ directoryName: subject })] : []),
    ...texts(commonName)
      .filter(text => /^[\w*-]+(\.[\w-]+)+\.?$/.test(text))
      .map(dNSName => new GeneralName({ dNSName })),
    ...texts(emailAddress).map(rfc822Name => new GeneralName({ rfc822Name })),
    ...(read(link, id_ce_subjectAltName, SubjectAlternativeName) ?? []),
  ]
}

/** Undefined if the certificate does not have the extension. */
function read<T>({ parsed }: Link, type: string, as: new () => T): T | undefined {
  const extension = parsed.getExtension(type)
  return extension ? AsnConvert.parse(extension.value, as) : undefined
}

/** Whether a name is within a base; undefined where that cannot be said. */
type Comparison = (name: GeneralName, base: GeneralName) => boolean | undefined

const comparisons: Readonly<Partial<Record<Kind, Comparison>>> = {
  dNSName: (name, base) => isHostWithin(name.dNSName ?? '', base.dNSName ?? ''),
  iPAddress: (name, base) => isAddressWithin(name.iPAddress ?? '', base.iPAddress ?? ''),
  rfc822Name: (name, base) => isMailboxWithin(name.rfc822Name ?? '', base.rfc822Name ?? ''),
  directoryName: (name, base) => isDirectoryNameWithin(name.directoryName ?? [], base.directoryName ?? []),
}

/** `example.com` has itself and every host below, `.example.com` the hosts below alone. */
function isHostWithin(given: string, base: string): boolean | undefined {
  if (given.endsWith('.')) return undefined
  const [host, limit] = [given, base].map(text => text.toLowerCase().replace(/\.$/, ''))
  if (!limit) return true
  return host === limit || (host ?? '').endsWith(limit.startsWith('.') ? limit : `.${limit}`)
}

function isAddressWithin(given: string, base: string): boolean | undefined {
  if (!ipaddr.isValid(given) || !ipaddr.isValidCIDR(base)) return undefined
  const [address, range] = [ipaddr.parse(given), ipaddr.parseCIDR(base)]
  return address.kind() === range[0].kind() && address.match(range)
}

/** One mailbox, all mailboxes of a host, or, with a point in front, of all hosts below. */
function isMailboxWithin(given: string, base: string): boolean | undefined {
  if (!given.includes('@')) return undefined
  const split = (text: string) => [text.slice(0, text.lastIndexOf('@') + 1), text.slice(text.lastIndexOf('@') + 1)]
  const [[mailbox, host = ''], [wanted, limit = '']] = [split(given), split(base)]
  if (wanted && wanted !== '@') return mailbox === wanted && host.toLowerCase() === limit.toLowerCase()
  return limit.startsWith('.') ? isHostWithin(host, limit) : host.toLowerCase() === limit.toLowerCase()
}

/** A name is within a base if it begins with the base's parts. */
function isDirectoryNameWithin(
  name: readonly RelativeDistinguishedName[],
  base: readonly RelativeDistinguishedName[],
): boolean {
  const parts = name.map(comparable)
  return base.map(comparable).every((part, index) => part === parts[index])
}

/** RFC 5280, 7.1: comparison ignores case and repeated spaces. */
function comparable(part: RelativeDistinguishedName): string {
  const texts = part.map(({ type, value }) => [type, value.toString().trim().replace(/\s+/g, ' ').toLowerCase()])
  return JSON.stringify(texts.sort())
}
