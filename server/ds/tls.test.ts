import { afterAll, beforeAll, expect, test } from 'vitest'
import { reloadTls, tlsFor, tlsSettings } from '../platform/tls.ts'
import { CertificateAuthority, joined } from '../testing/certificates.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'

let at: Deployment
let common: CertificateAuthority
let own: CertificateAuthority

beforeAll(async () => {
  at = await startDeployment()
  common = new CertificateAuthority(at.folder, 'common')
  own = new CertificateAuthority(at.folder, 'own')
})
afterAll(() => at.stop())

function settle(tls: object, more: Record<string, string> = {}) {
  const acs = common.sign('acs')
  at.changeIssuer(issuer => {
    const [one, two] = issuer.directoryServers
    return { ...issuer, directoryServers: [one, { ...two, tls }] }
  })
  const files = { DS_TLS_CERT_FILE: acs.certFile, DS_TLS_KEY_FILE: acs.keyFile }
  at.configure({ ...files, DS_TLS_CLIENT_CA_FILE: common.certFile, DS_TLS_CRL_FILE: '', ...more })
  return acs
}

test('a directory server uses its own settings, and the common ones for the rest', () => {
  const shown = own.sign('acs-for-second')
  const acs = settle({ certFile: shown.certFile, keyFile: shown.keyFile, serverCAFile: own.certFile })
  expect(tlsFor('first')).toMatchObject({ cert: acs.cert, key: acs.key, clientCA: common.cert })
  expect(tlsFor('first')).not.toHaveProperty('serverCA')
  expect(tlsFor('second')).toMatchObject({
    cert: shown.cert,
    key: shown.key,
    clientCA: common.cert,
    serverCA: own.cert,
  })
})

test('common revocation lists apply to the common authorities only', () => {
  settle({ clientCAFile: own.certFile }, { DS_TLS_CRL_FILE: common.list() })
  expect(tlsFor('first')).toHaveProperty('crl')
  expect(tlsFor('second')).not.toHaveProperty('crl')
})

test('an error names the setting whose file is missing, malformed, or of another key', () => {
  const shown = own.sign('acs-for-second')
  settle({ certFile: shown.certFile, keyFile: own.keyFile })
  expect(() => tlsSettings()).toThrow(
    'ISSUER_FILE second tls.keyFile must be the key of the certificate in ISSUER_FILE second tls.certFile',
  )
  settle({ clientCAFile: `${at.folder}/none.pem` })
  expect(() => tlsSettings()).toThrow('ISSUER_FILE second tls.clientCAFile must be a PEM file that can be read')
  settle({ crlFile: `${at.folder}/issuer.json` })
  expect(() => tlsSettings()).toThrow('ISSUER_FILE second tls.crlFile must be a PEM file that can be read')
})

test('an error on reading again keeps the current settings', () => {
  const file = joined(`${at.folder}/live.pem`, common.certFile)
  settle({ clientCAFile: file })
  const before = tlsSettings()
  joined(file)
  expect(() => reloadTls()).toThrow('tls.clientCAFile must be a PEM file')
  expect(tlsSettings()).toBe(before)
  joined(file, own.certFile)
  reloadTls()
  expect(tlsFor('second')?.clientCA).toBe(own.cert)
})
