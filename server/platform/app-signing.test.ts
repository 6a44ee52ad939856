import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agree } from '../channels/app/key-agreement.ts'
import { signContent } from '../channels/app/signed-content.ts'
import { CertificateAuthority, joined } from '../testing/certificates.ts'
import { readAppSigning } from './app-signing.ts'
import type { DirectoryServer } from './issuer.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'safekey-signing-'))
  const make = (name: string, ...key: string[]) =>
    execFileSync(
      'openssl',
      ['req', '-x509', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-newkey', ...key].concat([
        '-keyout',
        join(folder, `${name}.key`),
        '-out',
        join(folder, `${name}.crt`),
      ]),
      { stdio: 'pipe' },
    )
  make('ec', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256')
  make('rsa', 'rsa:2048')
  make('short', 'rsa:1024')
  make('p384', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readText = (file: string) => {
  try {
    return readFileSync(join(folder, file), 'utf8')
  } catch {
    return undefined
  }
}

function read(certificatesFile: string, keyFile: string) {
  const directoryServer = { id: 'ds', appSigning: { certificatesFile, keyFile } } as DirectoryServer
  return readAppSigning([directoryServer], readText, message => new Error(message)).get('ds')
}

test.each([
  ['ec', 'ES256'],
  ['rsa', 'PS256'],
] as const)('with a key of type %s content is signed by %s, with its certificate chain', async (name, alg) => {
  const signing = read(`${name}.crt`, `${name}.key`)
  if (!signing) throw new Error('no signing')
  const point = (await agree(somePoint(), 'SDK')) ?? fail()
  const jws = await signContent('https://acs.test/acs/challenge', point, signing)
  const { payload, protectedHeader } = await compactVerify(jws, createPublicKey(signing.key))
  expect(protectedHeader).toEqual({ alg, x5c: signing.x5c })
  expect(Object.keys(JSON.parse(Buffer.from(payload).toString()))).toEqual([
    'acsEphemPubKey',
    'sdkEphemPubKey',
    'acsURL',
  ])
  expect(jws).not.toContain('"d"')
})

test('the chain is sent without the authority’s own certificate', () => {
  const authority = new CertificateAuthority(folder, 'authority')
  const intermediate = authority.below('intermediate')
  const signer = intermediate.sign('acs')
  const inOrder = [signer.certFile, intermediate.certFile, authority.certFile]
  const sent = [signer.cert, intermediate.cert].map(pem => new X509Certificate(pem).raw.toString('base64'))
  for (const [index, files] of [inOrder, inOrder.slice(0, 2)].entries()) {
    joined(join(folder, `chain-${index}.pem`), ...files)
    copyFileSync(signer.keyFile, join(folder, 'chain.key'))
    expect(read(`chain-${index}.pem`, 'chain.key')?.x5c).toEqual(sent)
  }
  joined(join(folder, 'disorder.pem'), signer.certFile, authority.certFile, intermediate.certFile)
  expect(() => read('disorder.pem', 'chain.key')).toThrow('each certificate before the one that signed it')
})

test.each([
  ['none.crt', 'ec.key', 'certificatesFile must be a PEM file'],
  ['ec.key', 'ec.key', 'certificatesFile must be a PEM file'],
  ['ec.crt', 'none.key', 'keyFile must be a PEM file'],
  ['ec.crt', 'rsa.key', 'keyFile must be the key of the first certificate'],
  ['short.crt', 'short.key', 'RSA key of 2048 bits or more, or a key on P-256'],
  ['p384.crt', 'p384.key', 'RSA key of 2048 bits or more, or a key on P-256'],
])('%s with %s stops the start', (certificates, key, message) => {
  expect(() => read(certificates, key)).toThrow(message)
})

test('a directory server without such keys has no app channel', () => {
  expect(readAppSigning([{ id: 'ds' } as DirectoryServer], readText, message => new Error(message)).size).toBe(0)
})

function somePoint() {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  return { x, y }
}

function fail(): never {
  throw new Error('no agreement')
}
