import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { reloadTls } from '../platform/tls.ts'
import { type Certificate, CertificateAuthority, joined, pastValidity } from '../testing/certificates.ts'
import { belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'
import { callDs, type DsCall, keptConnection } from '../testing/ds-client.ts'
import { freePort } from '../testing/free-port.ts'
import { startDs } from './server.ts'

// Each test is an attempt of an outsider, or of one directory server against another.

let at: Deployment
let common: CertificateAuthority
let own: CertificateAuthority
let acs: Certificate
let first: Certificate
let port: number
let front: Awaited<ReturnType<typeof startDs>> | undefined

/** Expects the call to end without an answer, and returns the reason in the log. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  const from = at.log.length
  await expect(attempt).rejects.toThrow(/alert number|ECONNRESET|hang up|socket disconnected|aborted|EPIPE/)
  const line = await until(() => at.log.slice(from).find(line => line.includes('ds.refused')))
  return JSON.parse(line).why
}

beforeAll(async () => {
  at = await startDeployment()
  common = new CertificateAuthority(at.folder, 'common')
  own = new CertificateAuthority(at.folder, 'own')
  acs = common.sign('acs')
  first = common.sign('first.ds.example')
})
afterEach(async () => {
  await front?.stop()
  front = undefined
})
afterAll(() => at.stop())

/** Starts the server with these files, and these additions to the directory servers in the issuer's file. */
async function open(files: Record<string, string> = {}, more: { first?: object; second?: object } = {}): Promise<void> {
  port = await freePort()
  at.changeIssuer(issuer => {
    const [one, two] = issuer.directoryServers
    return {
      ...issuer,
      directoryServers: [
        { ...one, ...more.first },
        { ...two, ...more.second },
      ],
    }
  })
  at.configure(
    {
      DS_PORT: String(port),
      DS_TLS_CERT_FILE: acs.certFile,
      DS_TLS_KEY_FILE: acs.keyFile,
      DS_TLS_CLIENT_CA_FILE: common.certFile,
      ...{ DS_TLS_CRL_FILE: '', DS_PROXIES: '', DS_PROXY_HEADER: '' },
      ...files,
    },
    'production',
  )
  front = await startDs()
}

const areq = (overrides: object = {}) => {
  const dsURL = at.directoryServer.url.replace('http:', 'https:')
  return JSON.stringify(at.message({ dsURL, purchaseAmount: belowLimit, ...overrides }))
}
/** An AReq of the second directory server: another reference number, another range. */
const secondAReq = () => areq({ dsReferenceNumber: 'SECOND-DS', acctNumber: '340000000000009' })
const call = (certificate: Certificate | undefined, more: DsCall = {}) =>
  callDs(port, common.cert, { certificate, body: areq(), ...more })

async function answerTo(certificate: Certificate, more: DsCall = {}) {
  const { body } = await call(certificate, more)
  const { messageType, errorCode, errorDetail } = JSON.parse(body)
  return [messageType, errorCode, errorDetail].filter(Boolean).join(' ')
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a wrong certificate in %s', maxVersion => {
  test('ends the connection, and the log has the reason', async () => {
    const taken = own.sign('first.ds.example')
    own.revoke(taken)
    await open({
      DS_TLS_CLIENT_CA_FILE: joined(`${at.folder}/both.pem`, common.certFile, own.certFile),
      DS_TLS_CRL_FILE: joined(`${at.folder}/both.crl`, common.list(), own.list()),
    })
    const stranger = new CertificateAuthority(at.folder, 'stranger').sign('first.ds.example')
    expect(await refusal(call(stranger, { maxVersion }))).toBe('untrusted')
    const expired = common.sign('first.ds.example', { expired: true })
    expect(await refusal(call(expired, { maxVersion }))).toBe('out-of-date')
    expect(await refusal(call(taken, { maxVersion }))).toBe('revoked')
    expect(await refusal(call(undefined, { maxVersion }))).toBe('no-certificate')
    expect(await answerTo(first, { maxVersion })).toBe('ARes')
  })

  test('is refused under the party’s own host name, too, and after a reload', async () => {
    const { certFile, keyFile } = common.sign('acs-for-second')
    const tls = { hostName: 'second.acs.example', clientCAFile: own.certFile, certFile, keyFile }
    await open({}, { second: { tls } })
    const ask = (certificate: Certificate) =>
      call(certificate, { maxVersion, servername: 'second.acs.example', body: secondAReq() })
    expect(await refusal(ask(first))).toBe('untrusted')
    reloadTls()
    await front?.reload()
    expect(await refusal(ask(first))).toBe('untrusted')
    expect(await refusal(call(own.sign('first.ds.example'), { maxVersion }))).toBe('untrusted')
    expect(await answerTo(own.sign('second.ds.example'), { body: secondAReq(), maxVersion })).toBe('ARes')
  })

  test('ends each of many concurrent connections with it, and no other', async () => {
    await open()
    const stranger = new CertificateAuthority(at.folder, 'stranger').sign('first.ds.example')
    const calls = Array.from({ length: 60 }, (_, n) =>
      n % 2
        ? answerTo(first, { maxVersion })
        : call(stranger, { maxVersion }).then(
            () => 'answered',
            () => 'refused',
          ),
    )
    const answers = await Promise.all(calls)
    expect(new Set(answers.filter((_, n) => n % 2 === 0))).toEqual(new Set(['refused']))
    expect(new Set(answers.filter((_, n) => n % 2 === 1))).toEqual(new Set(['ARes']))
  })
})

describe('a certificate', () => {
  test('that is out of date is refused by TLS', async () => {
    await open()
    expect(await refusal(call(common.sign('first.ds.example', { expired: true })))).toBe('out-of-date')
  })

  test('that expires by the product’s own clock is refused, even on an open connection', async () => {
    await open()
    const agent = keptConnection(common.cert, first)
    expect(await answerTo(first, { agent })).toBe('ARes')
    at.advance(pastValidity)
    expect(await answerTo(first, { agent })).toBe('Erro 303 client certificate')
    expect(await refusal(call(first))).toBe('out-of-date')
    at.advance(-pastValidity)
    agent.destroy()
  })

  test('only for servers is refused', async () => {
    await open()
    expect(await refusal(call(common.sign('first.ds.example', { purpose: 'serverAuth' })))).toBe('not-for-clients')
    expect(await answerTo(common.sign('first.ds.example', { purpose: 'clientAuth' }))).toBe('ARes')
  })

  test('with the name among others, or in another attribute, is not that directory server’s', async () => {
    await open()
    const subjects = ['/CN=first.ds.example/CN=other', '/CN=other/CN=first.ds.example', '/O=first.ds.example/CN=other']
    for (const subject of [...subjects, '/CN=First.DS.example', '/CN=first.ds.example '])
      expect(await answerTo(common.sign('x', { subject }))).toBe('Erro 303 client certificate')
  })

  test('must match every part of the subject that is required', async () => {
    await open({}, { first: { clientSubject: { O: 'First Payment System', OU: 'DS' } } })
    const subject = '/O=First Payment System/OU=DS/CN=first.ds.example'
    expect(await answerTo(common.sign('x', { subject }))).toBe('ARes')
    for (const wrong of ['/O=First Payment System/CN=first.ds.example', '/O=Other/OU=DS/CN=first.ds.example'])
      expect(await answerTo(common.sign('x', { subject: wrong }))).toBe('Erro 303 client certificate')
    expect(await answerTo(first)).toBe('Erro 303 client certificate')
  })

  test('is presented in each handshake: sessions are not resumed', async () => {
    await open()
    const { connect } = await import('node:tls')
    const sessions: Buffer[] = []
    await new Promise<void>(resolve => {
      const socket = connect({ host: '127.0.0.1', port, ca: common.cert, cert: first.cert, key: first.key }, () => {
        socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
      })
      socket.on('session', session => sessions.push(session)).on('data', () => {})
      socket.on('close', () => resolve())
    })
    const session = sessions.at(-1)
    const reused = await new Promise<boolean>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, ca: common.cert, cert: first.cert, key: first.key }
      const socket = connect({ ...options, ...(session && { session }) }, () => {
        resolve(socket.isSessionReused())
        socket.destroy()
      })
      socket.on('error', reject)
    })
    expect(reused).toBe(false)
  })
})

describe('authorities', () => {
  test('one directory server’s authority is not trusted for another', async () => {
    await open({}, { second: { tls: { clientCAFile: own.certFile } } })
    expect(await answerTo(own.sign('second.ds.example'), { body: secondAReq() })).toBe('ARes')
    expect(await answerTo(first)).toBe('ARes')
    expect(await refusal(call(own.sign('first.ds.example')))).toBe('untrusted')
    expect(await refusal(call(common.sign('second.ds.example'), { body: secondAReq() }))).toBe('untrusted')
  })

  test('an intermediate authority may have signed, if the client sends its certificate', async () => {
    await open()
    const below = common.below('below')
    const certificate = below.sign('first.ds.example')
    expect(await refusal(call(certificate))).toBe('untrusted')
    expect(await answerTo(certificate, { chain: below.cert })).toBe('ARes')
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'an intermediate authority may have signed for a directory server with its own authorities, in %s',
    async maxVersion => {
      const { certFile, keyFile } = common.sign('acs-for-second')
      const tls = { hostName: 'second.acs.example', clientCAFile: own.certFile, certFile, keyFile }
      await open({}, { second: { tls } })
      const below = own.below('own-below')
      const sent = { chain: below.cert, maxVersion, body: secondAReq() }
      const certificate = below.sign('second.ds.example')
      expect(await answerTo(certificate, sent)).toBe('ARes')
      expect(await answerTo(certificate, { ...sent, body: secondAReq(), servername: 'second.acs.example' })).toBe(
        'ARes',
      )
      expect(await refusal(call(below.sign('first.ds.example'), { chain: below.cert, maxVersion }))).toBe('untrusted')
    },
  )

  test('an authority that only has another’s name is not trusted', async () => {
    await open({}, { second: { tls: { clientCAFile: own.certFile } } })
    // The second one’s authority signs an intermediate with the name of the first one’s.
    const pretender = own.below('common')
    const certificate = pretender.sign('first.ds.example')
    expect(await refusal(call(certificate, { chain: pretender.cert + common.cert }))).toBe('untrusted')
    expect(await refusal(call(certificate, { chain: common.cert + pretender.cert }))).toBe('untrusted')
  })

  test('a client’s certificate cannot sign another', async () => {
    await open()
    const client = new CertificateAuthority(at.folder, 'client', common.sign('client'))
    const forged = client.sign('first.ds.example')
    expect(await refusal(call(forged, { chain: client.cert }))).toBe('untrusted')
  })
})

describe('revocation lists', () => {
  test('a revoked certificate is refused, and others are not', async () => {
    const revoked = own.sign('first.ds.example')
    const good = own.sign('first.ds.example')
    own.revoke(revoked)
    await open({ DS_TLS_CLIENT_CA_FILE: own.certFile, DS_TLS_CRL_FILE: own.list() })
    expect(await refusal(callDs(port, common.cert, { certificate: revoked, body: areq() }))).toBe('revoked')
    expect(await answerTo(good)).toBe('ARes')
  })

  test('an expired list makes its authority’s certificates untrusted', async () => {
    await open({ DS_TLS_CRL_FILE: common.list({ outOfDate: true }) })
    expect(await refusal(call(first))).toBe('revocation-unknown')
  })

  test('a list that expires ends what an open connection may do', async () => {
    await open({ DS_TLS_CRL_FILE: common.list() })
    const agent = keptConnection(common.cert, first)
    expect(await answerTo(first, { agent })).toBe('ARes')
    at.advance(pastValidity)
    expect(await answerTo(first, { agent })).toBe('Erro 303 client certificate')
    at.advance(-pastValidity)
    agent.destroy()
  })

  test('where there are lists, an authority without one is not trusted', async () => {
    const below = common.below('below')
    const both = joined(`${at.folder}/both.pem`, common.certFile, below.certFile)
    await open({ DS_TLS_CLIENT_CA_FILE: both, DS_TLS_CRL_FILE: common.list() })
    expect(await refusal(call(below.sign('first.ds.example'), { chain: below.cert }))).toBe('revocation-unknown')
    expect(await answerTo(first)).toBe('ARes')
  })

  test('a revoked authority is not trusted', async () => {
    const root = new CertificateAuthority(at.folder, 'root')
    const below = root.below('below-root')
    const certificate = below.sign('first.ds.example')
    const both = joined(`${at.folder}/root-and-below.pem`, root.certFile, below.certFile)
    const before = joined(`${at.folder}/before.crl`, root.list(), below.list())
    await open({ DS_TLS_CLIENT_CA_FILE: both, DS_TLS_CRL_FILE: before })
    expect(await answerTo(certificate)).toBe('ARes')
    await front?.stop()
    root.revoke({ certFile: below.certFile, keyFile: '', cert: '', key: '' })
    const after = joined(`${at.folder}/after.crl`, root.list(), below.list())
    await open({ DS_TLS_CLIENT_CA_FILE: both, DS_TLS_CRL_FILE: after })
    expect(await refusal(call(certificate))).toBe('revoked')
  })

  test.each([
    ['that none of the authorities has signed', () => own.list(), /CN=own must be signed by one of the authorities/],
    ['that is not a revocation list', () => common.certFile, /must be PEM blocks X509 CRL/],
  ])('a list %s stops the start', async (_what, list, words) => {
    await expect(open({ DS_TLS_CRL_FILE: list() })).rejects.toThrow(words)
  })
})

describe('a valid certificate gives access to its own directory server’s data only', () => {
  test.each([
    ['a card outside its ranges', { acctNumber: '378282246310005', dsReferenceNumber: 'SECOND-DS' }, '305 acctNumber'],
    ['another’s reference number', { acctNumber: '340000000000009' }, '303 dsReferenceNumber'],
    [
      'a result address elsewhere',
      { acctNumber: '340000000000009', dsReferenceNumber: 'SECOND-DS', dsURL: 'https://evil.example/rreq' },
      '303 dsURL',
    ],
  ])('%s', async (_what, overrides, answer) => {
    await open()
    expect(await answerTo(common.sign('second.ds.example'), { body: areq(overrides) })).toBe(`Erro ${answer}`)
  })
})

describe('our own certificates', () => {
  test('a directory server that calls us by its own host name sees the certificate made for it, and needs one from its own authority', async () => {
    const shown = own.sign('acs-for-second')
    const files = { hostName: 'second.acs.example', certFile: shown.certFile, keyFile: shown.keyFile }
    await open({}, { second: { tls: { ...files, clientCAFile: own.certFile } } })
    const second = own.sign('second.ds.example')
    const both = common.cert + own.cert
    const ask = (certificate: Certificate, servername: string) =>
      callDs(port, both, { certificate, servername, body: secondAReq() })
    expect((await ask(second, 'second.acs.example')).shown).toBe('acs-for-second')
    expect((await ask(second, 'acs.example')).shown).toBe('acs')
    expect(await refusal(ask(first, 'second.acs.example'))).toBe('untrusted')
  })
})

describe('a reload', () => {
  test('applies new files to new connections, and keeps open ones', async () => {
    const files = { DS_TLS_CERT_FILE: `${at.folder}/live.crt`, DS_TLS_KEY_FILE: `${at.folder}/live.key` }
    joined(files.DS_TLS_CERT_FILE, acs.certFile)
    joined(files.DS_TLS_KEY_FILE, acs.keyFile)
    await open(files)
    const agent = keptConnection(common.cert, first)
    const before = await call(first, { agent })
    const next = common.sign('acs-next')
    joined(files.DS_TLS_CERT_FILE, next.certFile)
    joined(files.DS_TLS_KEY_FILE, next.keyFile)
    reloadTls()
    await front?.reload()
    const after = await call(first, { agent })
    expect([after.localPort, after.status]).toEqual([before.localPort, 200])
    expect((await call(first)).shown).toBe('acs-next')
    agent.destroy()
  })

  test('keeps the chain that a client has sent, on an open connection', async () => {
    await open()
    const below = common.below('below-kept')
    const { cert, key, ...files } = below.sign('first.ds.example')
    const certificate = { ...files, key, cert: cert + below.cert }
    const agent = keptConnection(common.cert, certificate)
    const before = await call(certificate, { agent })
    await front?.reload()
    const after = await call(certificate, { agent })
    expect(after.localPort).toBe(before.localPort)
    expect(JSON.parse(after.body).messageType).toBe('ARes')
    agent.destroy()
  })

  test('refuses requests on an open connection whose certificate has been revoked since', async () => {
    const authority = new CertificateAuthority(at.folder, 'live')
    const certificate = authority.sign('first.ds.example')
    const list = joined(`${at.folder}/live.crl`, authority.list())
    await open({ DS_TLS_CLIENT_CA_FILE: authority.certFile, DS_TLS_CRL_FILE: list })
    const agent = keptConnection(common.cert, certificate)
    const before = await call(certificate, { agent })
    expect(JSON.parse(before.body).messageType).toBe('ARes')
    authority.revoke(certificate)
    joined(list, authority.list())
    reloadTls()
    await front?.reload()
    const after = await call(certificate, { agent })
    expect(after.localPort).toBe(before.localPort)
    expect(JSON.parse(after.body)).toMatchObject({ messageType: 'Erro', errorCode: '303' })
    expect(await refusal(call(certificate))).toBe('revoked')
    agent.destroy()
  })

  test('of files that do not belong together changes nothing', async () => {
    const files = { DS_TLS_CERT_FILE: `${at.folder}/half.crt`, DS_TLS_KEY_FILE: acs.keyFile }
    joined(files.DS_TLS_CERT_FILE, acs.certFile)
    await open(files)
    joined(files.DS_TLS_CERT_FILE, common.sign('without-its-key').certFile)
    expect(() => reloadTls()).toThrow('DS_TLS_KEY_FILE must be the key of the certificate in DS_TLS_CERT_FILE')
    await front?.reload()
    expect((await call(first)).shown).toBe('acs')
  })
})
