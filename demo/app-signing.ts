import { randomBytes, webcrypto } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
// @peculiar/x509 requires this to be loaded first.
import 'reflect-metadata'
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509'

/**
 * Files in a demo's data folder: the signing certificate for apps with its chain, its key, and the authority that an
 * SDK trusts.
 */
export const appSigningFiles = (dataDir: string) => ({
  certificates: join(dataDir, 'app-signing.pem'),
  key: join(dataDir, 'app-signing-key.pem'),
  authority: join(dataDir, 'app-authority.pem'),
})

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const year = 366 * 24 * 60 * 60 * 1000

/**
 * Makes what a payment system provides in reality: a signing certificate under an intermediate authority under its root,
 * whose keys are not kept.
 */
export async function prepareAppSigning(dataDir: string): Promise<void> {
  const files = appSigningFiles(dataDir)
  if (Object.values(files).every(file => existsSync(file))) return
  const notBefore = new Date(Date.now() - 24 * 60 * 60 * 1000)
  const [rootKeys, intermediateKeys, keys] = await Promise.all([newKeys(), newKeys(), newKeys()])
  const common = (years: number) => ({
    signingAlgorithm: algorithm,
    serialNumber: randomBytes(8).toString('hex'),
    notBefore,
    notAfter: new Date(notBefore.getTime() + years * year),
  })
  const root = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Demo payment system',
    keys: rootKeys,
    ...common(10),
    extensions: [new BasicConstraintsExtension(true, 1, true)],
  })
  const intermediate = await X509CertificateGenerator.create({
    subject: 'CN=Demo payment system for access control servers',
    issuer: root.subject,
    publicKey: intermediateKeys.publicKey,
    signingKey: rootKeys.privateKey,
    ...common(8),
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  })
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=Demo access control server',
    issuer: intermediate.subject,
    publicKey: keys.publicKey,
    signingKey: intermediateKeys.privateKey,
    ...common(5),
    extensions: [new BasicConstraintsExtension(false, undefined, true)],
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  writeFileSync(files.key, `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`, { mode: 0o600 })
  writeFileSync(files.certificates, `${certificate.toString('pem')}\n${intermediate.toString('pem')}\n`)
  writeFileSync(files.authority, `${root.toString('pem')}\n`)
}

function newKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}
