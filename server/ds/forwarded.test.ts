import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Certificate, CertificateAuthority, pastValidity } from '../testing/certificates.ts'
import { belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'
import { callDs } from '../testing/ds-client.ts'
import { freePort } from '../testing/free-port.ts'
import { startDs } from './server.ts'

let at: Deployment
let authority: CertificateAuthority
let acs: Certificate
let first: Certificate
let port: number
let front: Awaited<ReturnType<typeof startDs>> | undefined

beforeAll(async () => {
  at = await startDeployment()
  authority = new CertificateAuthority(at.folder, 'authority')
  acs = authority.sign('acs')
  first = authority.sign('first.ds.example')
})
afterEach(async () => {
  await front?.stop()
  front = undefined
})
afterAll(() => at.stop())

async function open(settings: Record<string, string>): Promise<void> {
  port = await freePort()
  const files = {
    DS_TLS_CERT_FILE: acs.certFile,
    DS_TLS_KEY_FILE: acs.keyFile,
    DS_TLS_CLIENT_CA_FILE: authority.certFile,
  }
  const none = { DS_TLS_CRL_FILE: '', DS_PROXY_HEADER: '' }
  at.configure({ DS_PORT: String(port), ...files, ...none, ...settings }, 'production')
  front = await startDs()
}

const areq = () => {
  const dsURL = at.directoryServer.url.replace('http:', 'https:')
  return JSON.stringify(at.message({ dsURL, purchaseAmount: belowLimit }))
}

/** Sends an AReq as the proxy forwards it, and returns a short form of the answer. */
function pass(headers: Record<string, string | string[]>): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/acs/areq', method: 'POST', agent: false }
    const sent = request({ ...options, headers: { 'content-type': 'application/json', ...headers } }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', part => {
        text += part
      })
      response.on('end', () => {
        const { messageType, errorCode, errorDetail } = JSON.parse(text)
        resolve([messageType, errorCode, errorDetail].filter(Boolean).join(' '))
      })
    })
    sent.on('error', reject)
    sent.end(areq())
  })
}

const byteSequence = (pem: string) => `:${pem.replace(/-----.*?-----|\s/g, '')}:`
const refused = 'Erro 303 client certificate'

describe('behind a proxy that terminates TLS', () => {
  test('the certificate is forwarded as in RFC 9440, with its chain', async () => {
    await open({ DS_PROXIES: '10.1.0.0/16, 127.0.0.1' })
    expect(await pass({ 'client-cert': byteSequence(first.cert) })).toBe('ARes')
    const below = authority.below('below')
    const certificate = byteSequence(below.sign('first.ds.example').cert)
    expect(await pass({ 'client-cert': certificate })).toBe(refused)
    const chain = [byteSequence(below.cert), byteSequence(authority.cert)].join(', ')
    expect(await pass({ 'client-cert': certificate, 'client-cert-chain': chain })).toBe('ARes')
  })

  test('or as percent-encoded PEM in a header that the operator configures', async () => {
    await open({ DS_PROXIES: '127.0.0.0/8', DS_PROXY_HEADER: 'X-SSL-Client-Cert' })
    expect(await pass({ 'x-ssl-client-cert': encodeURIComponent(first.cert) })).toBe('ARes')
    expect(await pass({ 'client-cert': byteSequence(first.cert) })).toBe(refused)
  })

  test('no other caller may connect, whatever it sends', async () => {
    await open({ DS_PROXIES: '10.0.0.5,::2' })
    await expect(pass({ 'client-cert': byteSequence(first.cert) })).rejects.toThrow(/reset|hang up/)
    expect(at.log.some(line => line.includes('no-proxy'))).toBe(true)
  })

  test('a forwarded certificate is checked like one in a handshake', async () => {
    const list = () => authority.list()
    const revoked = authority.sign('first.ds.example')
    authority.revoke(revoked)
    await open({ DS_PROXIES: '127.0.0.1', DS_TLS_CRL_FILE: list() })
    const elsewhere = new CertificateAuthority(at.folder, 'elsewhere').sign('first.ds.example')
    const from = at.log.length
    const expired = authority.sign('first.ds.example', { expired: true })
    const forServers = authority.sign('first.ds.example', { purpose: 'serverAuth' })
    for (const { cert } of [elsewhere, expired, revoked, forServers, authority.sign('other')])
      expect(await pass({ 'client-cert': byteSequence(cert) })).toBe(refused)
    const refusals = at.log.slice(from).filter(line => line.includes('ds.refused'))
    expect(refusals.map(line => JSON.parse(line).why)).toEqual([
      'untrusted',
      'out-of-date',
      'revoked',
      'not-for-clients',
    ])
    expect(await pass({ 'client-cert': byteSequence(first.cert) })).toBe('ARes')
    at.advance(pastValidity)
    expect(await pass({ 'client-cert': byteSequence(first.cert) })).toBe(refused)
    at.advance(-pastValidity)
  })

  test('a missing, broken or repeated header is no certificate', async () => {
    await open({ DS_PROXIES: '127.0.0.1' })
    const good = byteSequence(first.cert)
    const other = byteSequence(authority.sign('other').cert)
    const broken = [
      [good, other],
      [other, good],
      [good, good],
    ].map(both => ({ 'client-cert': both }))
    expect(await pass({})).toBe(refused)
    for (const headers of broken) expect(await pass(headers)).toBe(refused)
    const texts = [
      '',
      '::',
      ':AAAA:',
      good.slice(1),
      `${good} x`,
      encodeURIComponent(first.cert + acs.cert),
      '%',
      '-----BEGIN %',
    ]
    for (const text of [...texts, `:${'A'.repeat(15_000)}:`]) expect(await pass({ 'client-cert': text })).toBe(refused)
  })
})

test('without a proxy such headers have no effect', async () => {
  await open({ DS_PROXIES: '' })
  const headers = { 'client-cert': byteSequence(first.cert), 'x-ssl-client-cert': encodeURIComponent(first.cert) }
  const { body } = await callDs(port, authority.cert, { certificate: authority.sign('other'), headers, body: areq() })
  expect(JSON.parse(body)).toMatchObject({ messageType: 'Erro', errorCode: '303' })
})
