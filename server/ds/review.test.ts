import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { now } from '../platform/clock.ts'
import { type Certificate, CertificateAuthority } from '../testing/certificates.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { DirectoryServerDouble } from '../testing/directory-server.ts'
import { freePort } from '../testing/free-port.ts'
import { reviewDirectoryServers } from './review.ts'

let at: Deployment
let authority: CertificateAuthority
let acs: Certificate
/** When our own certificates expire. */
let end: number
let double: DirectoryServerDouble

const day = 24 * 3600

beforeAll(async () => {
  at = await startDeployment()
  authority = new CertificateAuthority(at.folder, 'authority')
  end = now() + 400 * 24 * 3600_000
  acs = authority.sign('acs', { end })
  double = new DirectoryServerDouble({ ...authority.sign('ds'), ca: authority.cert })
  await double.start()
})
afterEach(() => at.configure({ DS_TLS_SERVER_CA_FILE: '' }))
afterAll(async () => {
  await double.stop()
  await at.stop()
})

/** The log lines about a directory server with this host. */
async function review(host: string, mode: 'demo' | 'production', more: object = {}, serverCA = authority.certFile) {
  at.changeIssuer(issuer => ({
    ...issuer,
    directoryServers: issuer.directoryServers.slice(0, 1).map(one => ({ ...one, hosts: [host], ...more })),
  }))
  const files = {
    DS_TLS_CERT_FILE: acs.certFile,
    DS_TLS_KEY_FILE: acs.keyFile,
    DS_TLS_CLIENT_CA_FILE: authority.certFile,
  }
  at.configure({ ...files, DS_TLS_SERVER_CA_FILE: serverCA }, mode)
  at.log.length = 0
  await reviewDirectoryServers()
  return at.log.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'directory-server.unreachable')
}

test('logs nothing about a host that can be reached', async () => {
  expect(await review(double.host, 'demo')).toEqual([])
})

test('logs that the certificate of a host is not trusted', async () => {
  const other = new CertificateAuthority(at.folder, 'other')
  const said = await review(double.host, 'demo', {}, other.certFile)
  expect(said).toMatchObject([{ directoryServer: 'first', why: 'not-trusted' }])
  expect(said[0]?.setting).toContain(`hosts: ${double.host} shows a certificate that is not trusted`)
})

test('logs that nothing listens, or that a host ends the connection', async () => {
  expect(await review(`127.0.0.1:${await freePort()}`, 'demo')).toMatchObject([{ why: 'connection-refused' }])
  const rude = createServer(socket => socket.destroy()).listen(0, '127.0.0.1')
  await once(rude, 'listening')
  const said = await review(`127.0.0.1:${(rude.address() as AddressInfo).port}`, 'demo')
  rude.close()
  expect(said).toMatchObject([{ why: 'no-connection' }])
})

test('logs that a name cannot be resolved', async () => {
  expect(await review('ds.invalid', 'production')).toMatchObject([{ why: 'not-resolved' }])
})

test('logs that a private address is not allowed, and how to allow it', async () => {
  const said = await review('10.255.255.1:1', 'production')
  expect(said).toMatchObject([{ why: 'private-address', setting: expect.stringContaining('"privateAddresses": true') }])
})

test('logs that this machine is never called, by name or number, whatever is allowed', async () => {
  const { port } = new URL(`https://${double.host}`)
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`])
    expect(await review(host, 'production', { privateAddresses: true })).toMatchObject([{ why: 'forbidden-address' }])
})

test('warns of our own certificates before they expire, with the days left, and logs when they have expired', async () => {
  const said = async () => {
    await review(double.host, 'demo', { tls: { certFile: own.certFile, keyFile: own.keyFile } })
    return at.log.map(line => JSON.parse(line)).filter(({ msg }) => msg.startsWith('certificate.'))
  }
  const own = authority.sign('acs-for-first', { end })
  expect(await said()).toEqual([])
  at.advance(380 * day)
  const [common, party, ...others] = await said()
  expect([common?.setting, party?.setting]).toEqual([
    'DS_TLS_CERT_FILE ends in 19 days',
    'ISSUER_FILE first tls.certFile ends in 19 days',
  ])
  expect([common?.level, common?.count, others]).toEqual([40, 19, []])
  at.advance(21 * day)
  expect(await said()).toMatchObject([
    { level: 50, msg: 'certificate.expired', setting: 'DS_TLS_CERT_FILE is out of date' },
    { level: 50, msg: 'certificate.expired', setting: 'ISSUER_FILE first tls.certFile is out of date' },
  ])
  at.advance(-401 * day)
})
