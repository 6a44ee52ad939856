import { spawnSync } from 'node:child_process'
import { webcrypto, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  Name as AsnName,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509'
import { makeCertificateCheck } from '../ds/trust.ts'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '../ds/x509.ts'

// Certificates with any extensions, valid and invalid, made in memory.

/** The time at which the chains are checked. */
export const at = Date.UTC(2026, 10, 1)

const day = 24 * 60 * 60 * 1000
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
export const sha1 = { name: 'ECDSA', hash: 'SHA-1' }

export interface Made {
  readonly subject: string
  readonly serialNumber: string
  readonly keys: CryptoKeyPair
  readonly pem: string
}

interface Wish {
  /** The signer; by default the certificate itself. */
  readonly by?: Made
  readonly keys?: CryptoKeyPair
  /** By default those of a client. */
  readonly extensions?: Extension[]
  readonly from?: number
  readonly to?: number
  readonly signing?: EcdsaParams | Algorithm
}

export function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
}

export function rsaKeys(modulusLength: number): Promise<CryptoKeyPair> {
  const publicExponent = new Uint8Array([1, 0, 1])
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength, publicExponent }
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

let serial = 0

export async function issue(subject: string, wish: Wish = {}): Promise<Made> {
  const keys = wish.keys ?? (await newKeys())
  const { by = { subject, keys } } = wish
  const serialNumber = (0x1000 + ++serial).toString(16)
  const signer = by.keys.privateKey
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: by.subject,
    publicKey: keys.publicKey,
    signingKey: signer,
    signingAlgorithm: wish.signing ?? (signer.algorithm.name === 'ECDSA' ? ecdsa : signer.algorithm),
    serialNumber,
    notBefore: new Date(wish.from ?? at - 30 * day),
    notAfter: new Date(wish.to ?? at + 30 * day),
    extensions: wish.extensions ?? client(),
  })
  return { subject, serialNumber, keys, pem: certificate.toString('pem') }
}

/** The same certificate with its subject changed after signing. */
export function renamed({ pem, ...made }: Made): Made {
  const bytes = Buffer.from(pem.replace(/-----.*?-----|\s/g, ''), 'base64')
  bytes.write('F', bytes.lastIndexOf('first.ds.example'))
  return { ...made, pem: `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----` }
}

export function authority(pathLength?: number): Extension[] {
  const usages = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
  return [new BasicConstraintsExtension(true, pathLength, true), new KeyUsagesExtension(usages, true)]
}

type Names = Readonly<Partial<Record<'dns' | 'ip' | 'email' | 'url', string>>>

export function client(names: Names = {}): Extension[] {
  const given = Object.entries(names).map(([type, value]) => ({ type: type as keyof Names, value }))
  return [
    new BasicConstraintsExtension(false),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature),
    purpose('clientAuth'),
    ...(given.length > 0 ? [new SubjectAlternativeNameExtension(given)] : []),
  ]
}

export function purpose(name: 'clientAuth' | 'serverAuth'): Extension {
  return new ExtendedKeyUsageExtension([ExtendedKeyUsage[name]])
}

type Base = Names & { readonly directory?: string }

/** A critical nameConstraints extension. */
export function limits({
  permitted,
  excluded,
}: {
  readonly permitted?: Base[]
  readonly excluded?: Base[]
}): Extension {
  const constraints = new NameConstraints({
    ...(permitted && { permittedSubtrees: subtrees(permitted) }),
    ...(excluded && { excludedSubtrees: subtrees(excluded) }),
  })
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints))
}

function subtrees(bases: readonly Base[]): GeneralSubtrees {
  return new GeneralSubtrees(bases.map(base => new GeneralSubtree({ base: nameOf(base) })))
}

function nameOf({ dns, ip, email, url, directory }: Base): GeneralName {
  return new GeneralName({
    ...(dns !== undefined && { dNSName: dns }),
    ...(ip !== undefined && { iPAddress: ip }),
    ...(email !== undefined && { rfc822Name: email }),
    ...(url !== undefined && { uniformResourceIdentifier: url }),
    ...(directory !== undefined && {
      directoryName: AsnConvert.parse(new Name(directory).toArrayBuffer(), AsnName),
    }),
  })
}

/** The revocation list of an authority, as PEM. */
export async function listOf({ subject, keys }: Made, revoked: readonly Made[]): Promise<string> {
  const list = await X509CrlGenerator.create({
    issuer: subject,
    thisUpdate: new Date(at - day),
    nextUpdate: new Date(at + day),
    signingAlgorithm: ecdsa,
    signingKey: keys.privateKey,
    entries: revoked.map(({ serialNumber }) => ({ serialNumber })),
  })
  return list.toString('pem').replaceAll(' CRL-----', ' X509 CRL-----')
}

export const root = await issue('CN=root', { extensions: authority() })
export const middle = await issue('CN=middle', { by: root, extensions: authority() })

/** A directory server's certificate. */
export function leaf(by: Made, wish: Wish = {}): Promise<Made> {
  return issue('CN=first.ds.example', { by, ...wish })
}

export interface Case {
  readonly leaf: Made
  /** The certificates that the caller sends as well. */
  readonly sent?: readonly Made[]
  /** Our authorities; by default the root. */
  readonly trusted?: readonly Made[]
  /** OpenSSL's result, if it differs from ours. */
  readonly openssl?: 'good' | 'refused'
}

/** Our result for a chain. */
export async function verdict({ leaf: { pem }, sent = [], trusted = [root] }: Case, lists?: string): Promise<string> {
  const judge = await makeCertificateCheck(pemOf(trusted), lists)
  const more = sent.map(each => new X509Certificate(each.pem))
  const found = judge({ certificate: new X509Certificate(pem), more }, at)
  return found.kind === 'good' ? 'good' : found.why
}

/** OpenSSL's result for it. */
export function openssl({ leaf, sent = [], trusted = [root] }: Case): 'good' | 'refused' {
  const folder = mkdtempSync(join(tmpdir(), 'safekey-chain-'))
  const file = (name: string, made: readonly Made[]) => {
    writeFileSync(join(folder, name), pemOf(made))
    return join(folder, name)
  }
  const files = ['-CAfile', file('ca', trusted), ...(sent.length > 0 ? ['-untrusted', file('sent', sent)] : [])]
  const rules = ['-purpose', 'sslclient', '-auth_level', '2', '-partial_chain', '-attime', String(at / 1000)]
  const { status, error } = spawnSync('openssl', ['verify', ...rules, ...files, file('leaf', [leaf])])
  rmSync(folder, { recursive: true })
  if (error) throw error
  return status === 0 ? 'good' : 'refused'
}

function pemOf(made: readonly Made[]): string {
  return made.map(({ pem }) => pem).join('\n')
}
