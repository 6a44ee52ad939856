import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startDs } from '../ds.ts'
import { type Certificate, CertificateAuthority } from '../testing/certificates.ts'
import { callDs } from '../testing/ds-client.ts'
import { freePort } from '../testing/free-port.ts'
import { belowLimit, type Installation, startInstallation } from '../testing/installation.ts'

// A program that gives us no say in its handshakes: no alert says why, but whoever was turned away with one still is.

vi.mock('koffi', () => ({
  default: {
    load: () => {
      throw new Error('no such functions')
    },
  },
}))

let at: Installation
let authority: CertificateAuthority
let port: number
let door: Awaited<ReturnType<typeof startDs>>
const call = (certificate?: Certificate) =>
  callDs(port, authority.cert, {
    certificate,
    body: JSON.stringify(
      at.message({ dsURL: at.directoryServer.url.replace('http:', 'https:'), purchaseAmount: belowLimit }),
    ),
  })

beforeAll(async () => {
  at = await startInstallation()
  authority = new CertificateAuthority(at.folder, 'authority')
  const acs = authority.sign('acs')
  const revoked = authority.sign('first.ds.example')
  authority.revoke(revoked)
  held.revoked = revoked
  port = await freePort()
  const files = {
    DS_TLS_CERT_FILE: acs.certFile,
    DS_TLS_KEY_FILE: acs.keyFile,
    DS_TLS_CLIENT_CA_FILE: authority.certFile,
    DS_TLS_CRL_FILE: authority.list(),
  }
  at.configure({ ...files, DS_PORT: String(port) }, 'production')
  door = await startDs()
})
afterAll(async () => {
  await door.stop()
  await at.stop()
})

const held: { revoked?: Certificate } = {}

test('the log says so, and the right certificate is served', async () => {
  expect(at.log.filter(line => line.includes('ds.without-alerts'))).toHaveLength(1)
  expect(JSON.parse((await call(authority.sign('first.ds.example'))).body)).toMatchObject({ messageType: 'ARes' })
})

test.each([
  ['none', () => undefined],
  ['another authority’s', () => new CertificateAuthority(at.folder, 'stranger').sign('first.ds.example')],
  ['one out of date', () => authority.sign('first.ds.example', { expired: true })],
  ['a revoked one', () => held.revoked],
])('a caller with a wrong certificate is turned away: %s', async (_what, certificate) => {
  await expect(call(certificate())).rejects.toThrow(/alert|reset|hang up|socket disconnected/i)
})
