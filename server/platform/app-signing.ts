import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { DirectoryServer } from './issuer.ts'

/** The key and certificates that sign content for SDKs: one for each directory server that has apps. */
export interface AppSigning {
  readonly alg: 'PS256' | 'ES256'
  readonly key: KeyObject
  /** The chain as JWS has it: DER in base64, the signing certificate first, the authority's own left out. */
  readonly x5c: readonly string[]
}

/**
 * Reads the keys and chains that are configured in the issuer's file. `fail` makes an error from a description of what
 * is wrong.
 */
export function readAppSigning(
  directoryServers: readonly DirectoryServer[],
  readText: (file: string) => string | undefined,
  fail: (message: string) => Error,
): ReadonlyMap<string, AppSigning> {
  const signings = new Map<string, AppSigning>()
  for (const { id, appSigning } of directoryServers) {
    if (!appSigning) continue
    const name = `directoryServers ${id} appSigning`
    const chain = readChain(readText(appSigning.certificatesFile) ?? '')
    const [signer] = chain
    if (!signer) throw fail(`${name} certificatesFile must be a PEM file with the signing certificate and its chain`)
    const key = readKey(readText(appSigning.keyFile) ?? '')
    if (!key) throw fail(`${name} keyFile must be a PEM file with a private key`)
    const alg = algorithmOf(key)
    if (!alg) throw fail(`${name} keyFile must be an RSA key of 2048 bits or more, or a key on P-256`)
    if (!signer.checkPrivateKey(key)) throw fail(`${name} keyFile must be the key of the first certificate`)
    if (!isChain(chain)) throw fail(`${name} certificatesFile must have each certificate before the one that signed it`)
    signings.set(id, { alg, key, x5c: sentPartOf(chain).map(({ raw }) => raw.toString('base64')) })
  }
  return signings
}

function readChain(pem: string): X509Certificate[] {
  try {
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
    return blocks.map(block => new X509Certificate(block))
  } catch {
    return []
  }
}

function isChain(chain: readonly X509Certificate[]): boolean {
  return chain.every((certificate, index) => {
    const signer = chain[index + 1]
    return !signer || (certificate.checkIssued(signer) && certificate.verify(signer.publicKey))
  })
}

/** EMV 3DS 6.2.3.2: the authority's own certificate is not sent. SDKs have it. */
function sentPartOf(chain: readonly X509Certificate[]): X509Certificate[] {
  return chain.filter((certificate, index) => index === 0 || !certificate.checkIssued(certificate))
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

/** EMV 3DS 6.2.3.2 permits two: PS256 and ES256. */
function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): AppSigning['alg'] | undefined {
  if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return 'PS256'
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : undefined
}
