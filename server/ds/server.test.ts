import { connect, type Socket } from 'node:net'
import { connect as connectEncrypted } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { cards } from '../testing/cards.ts'
import { type Certificate, CertificateAuthority } from '../testing/certificates.ts'
import { belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'
import { callDs, type DsCall, keptConnection } from '../testing/ds-client.ts'
import { freePort } from '../testing/free-port.ts'
import { startDs } from './server.ts'

let at: Deployment
let authority: CertificateAuthority
let port: number
let front: Awaited<ReturnType<typeof startDs>>
const certificates = new Map<string, Certificate>()
const limit = 20_000
const mostConnections = 30

beforeAll(async () => {
  at = await startDeployment()
  authority = new CertificateAuthority(at.folder, 'authority')
  const other = new CertificateAuthority(at.folder, 'other')
  for (const name of ['first.ds.example', 'unknown.example', 'acs']) certificates.set(name, authority.sign(name))
  certificates.set('forged', other.sign('first.ds.example'))
  port = await freePort()
  const { certFile = '', keyFile = '' } = certificates.get('acs') ?? {}
  const files = { DS_TLS_CERT_FILE: certFile, DS_TLS_KEY_FILE: keyFile, DS_TLS_CLIENT_CA_FILE: authority.certFile }
  at.configure(
    { ...files, DS_PORT: String(port), AREQ_LIMIT: String(limit), MAX_CONNECTIONS: String(mostConnections) },
    'production',
  )
  front = await startDs()
})
afterAll(async () => {
  await front.stop()
  await at.stop()
})

/** Calls the server, as the first directory server unless overridden. */
function call({
  certificate = 'first.ds.example',
  ...rest
}: Omit<DsCall, 'certificate'> & { certificate?: string } = {}) {
  return callDs(port, authority.cert, { certificate: certificates.get(certificate), ...rest })
}

const areq = () => {
  const dsURL = at.directoryServer.url.replace('http:', 'https:')
  return JSON.stringify(at.message({ dsURL, purchaseAmount: belowLimit }))
}

describe('mutual TLS', () => {
  test('[Req 34, 111, 189, 190, 294] a directory server that presents its certificate gets an ARes', async () => {
    const { status, headers, body } = await call({ body: areq() })
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
    expect(JSON.parse(body)).toMatchObject({ messageType: 'ARes', transStatus: 'Y', eci: '05' })
  })

  test('[Req 185, 187, 188] the answer is JSON in UTF-8, whose length its header says', async () => {
    const dsURL = at.directoryServer.url.replace('http:', 'https:')
    const { headers, body } = await call({ body: JSON.stringify(at.message({ dsURL, acctNumber: cards.stolen })) })
    expect(JSON.parse(body).cardholderInfo).toMatch(/\p{Script=Han}/u)
    expect(Number(headers['content-length'])).toBe(Buffer.byteLength(body))
  })

  test('a caller without a certificate is refused by TLS itself', async () => {
    await expect(call({ certificate: 'none', body: areq() })).rejects.toThrow(/alert number 116$/m)
  })

  test('a certificate with the right name from another authority is refused without an answer', async () => {
    await expect(call({ certificate: 'forged', body: areq() })).rejects.toThrow(/ECONNRESET|hang up/)
  })

  test('a trusted certificate with a name of no directory server gets 303, and nothing is stored', async () => {
    const before = await at.sql`select count(*) from authentications`
    const { status, body } = await call({ certificate: 'unknown.example', body: areq() })
    expect([status, JSON.parse(body)]).toMatchObject([200, { messageType: 'Erro', errorCode: '303' }])
    expect(await at.sql`select count(*) from authentications`).toEqual(before)
  })

  test('TLS older than 1.2 is not supported', async () => {
    await expect(call({ body: areq(), maxVersion: 'TLSv1.1' })).rejects.toThrow()
  })
})

describe('any other request', () => {
  test.each(['{', '', 'null', '[1]', '\u0000', '{"messageType":"AReq"}', '{"a":1,"a":1}', '['.repeat(15_000)])(
    'that is not an AReq gets an Erro (%j)',
    async body => {
      const answer = await call({ body })
      expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
        200,
        { messageType: 'Erro', errorComponent: 'A' },
      ])
    },
  )

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'multipart/form-data; boundary=x',
  ])('as %s is refused with 415', async type => {
    expect(await call({ type, body: areq() })).toMatchObject({ status: 415, body: '{"error":"send application/json"}' })
  })

  test('over the size limit is refused with 413', async () => {
    expect(await call({ body: ' '.repeat(limit + 1) })).toMatchObject({
      status: 413,
      body: '{"error":"message too large"}',
    })
  })

  test.each([
    ['GET', '/acs/areq'],
    ['HEAD', '/acs/areq'],
    ['PUT', '/acs/areq'],
    ['GET', '/'],
    ['POST', '/acs/areq/../../etc/passwd'],
    ['GET', '/%00'],
    ['GET', '/%E0%A4%A'],
    ['GET', '/health/other'],
  ])('(%s %s) gets a plain 4xx that reveals nothing about the software', async (method, path) => {
    const { status, body } = await call({ method, path })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body).not.toMatch(/ at |node_modules|\.ts|Route|fastify|FST_/i)
  })
})

describe('connections', () => {
  const watch = (socket: Socket) => {
    let closed = false
    socket.on('error', () => {}).on('data', () => {})
    socket.on('close', () => {
      closed = true
    })
    return () => closed
  }
  const handshaken = (then: string) => {
    const { cert, key } = certificates.get('first.ds.example') ?? {}
    const socket = connectEncrypted(
      { port, host: '127.0.0.1', ca: authority.cert, cert, key, servername: 'acs' },
      () => {
        socket.write(then)
      },
    )
    return watch(socket)
  }

  test('of callers that never finish their handshake, their headers or their body are closed', async () => {
    const hello = Buffer.from('16030100c8010000c4', 'hex')
    const half = 'POST /acs/areq HTTP/1.1\r\nHost: acs\r\nContent-Type: application/json\r\nContent-Length: 9\r\n'
    const slow = [
      watch(connect(port, '127.0.0.1')),
      watch(
        connect(port, '127.0.0.1', function (this: Socket) {
          this.write(hello)
        }),
      ),
      handshaken(''),
      handshaken(half),
      handshaken(`${half}\r\n{`),
    ]
    await until(() => slow.every(isClosed => isClosed()))
  })

  test('that are open are served while strangers use up all others', async () => {
    const { 'first.ds.example': certificate } = Object.fromEntries(certificates)
    if (!certificate) throw new Error('no certificate')
    const agent = keptConnection(authority.cert, certificate)
    const ask = () => call({ agent, method: 'GET', path: '/health/live' })
    const { localPort } = await ask()
    const strangers = Array.from({ length: 3 * mostConnections }, () => watch(connect(port, '127.0.0.1')))
    await until(() => strangers.filter(isClosed => isClosed()).length > mostConnections)
    expect(at.log.some(line => line.includes('"connections.full"'))).toBe(true)
    expect(await ask()).toMatchObject({ status: 200, localPort })
    agent.destroy()
    await until(() => strangers.every(isClosed => isClosed()))
    expect(await call({ method: 'GET', path: '/health/live' })).toMatchObject({ status: 200 })
  })
})

describe('messages of 2.3.1', () => {
  const message = (overrides: object) => ({ messageVersion: '2.3.1', dsTransID: crypto.randomUUID(), ...overrides })
  const dsReferenceNumber = () => at.message().dsReferenceNumber
  const oreq = (overrides: object = {}) =>
    message({
      messageType: 'OReq',
      dsReferenceNumber: dsReferenceNumber(),
      opCategory: '02',
      opSeverity: '02',
      opDescription: 'New certificates from the first of the month on.',
      opExpDate: '20261231',
      opSeq: { seqId: crypto.randomUUID(), seqNum: '01', seqTotal: '01' },
      ...overrides,
    })
  const answerTo = async (body: object) => {
    const { status, body: answer } = await call({ body: JSON.stringify(body) })
    return { status, ...(answer && JSON.parse(answer)) }
  }

  test('[Req 469] carry the ids of their bodies in headers, earlier versions do not', async () => {
    const dsURL = at.directoryServer.url.replace('http:', 'https:')
    for (const version of ['2.2.0', '2.3.1'] as const) {
      const areq = at.message({ dsURL, purchaseAmount: belowLimit }, version)
      const wrong = { 'x-request-id': crypto.randomUUID() }
      const { headers, body } = await call({ body: JSON.stringify(areq), headers: wrong })
      const ids = version === '2.3.1' ? [areq.dsTransID, JSON.parse(body).acsTransID] : [undefined, undefined]
      expect([headers['x-request-id'], headers['x-response-id']]).toEqual(ids)
    }
  })

  test('about the directory server’s operation are acknowledged with an ORes', async () => {
    const sent = oreq()
    expect(await answerTo(sent)).toEqual({
      status: 200,
      messageType: 'ORes',
      messageVersion: '2.3.1',
      acsReferenceNumber: 'ACS-REF-0001',
      acsTransID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      dsTransID: sent.dsTransID,
      opStatus: '01',
    })
  })

  test('[Req 439] in a sequence are answered after the last, which says whether it was complete', async () => {
    const send = (seqId: string, seqNum: string, change: object = {}) =>
      answerTo(oreq({ opSeq: { seqId, seqNum, seqTotal: '03' }, ...change }))
    const [whole, torn] = [crypto.randomUUID(), crypto.randomUUID()]
    expect([await send(whole, '01'), await send(whole, '02'), await send(torn, '01')]).toEqual(
      Array.from({ length: 3 }, () => ({ status: 200 })),
    )
    // Each is checked by itself, and a faulty one is not part of the sequence.
    expect(await send(torn, '02', { opSeverity: '05' })).toMatchObject({ errorCode: '207', errorDetail: 'opSeverity' })
    expect(await send(torn, '04')).toMatchObject({ errorCode: '203', errorDetail: 'opSeq.seqNum' })
    expect(await send(whole, '03')).toMatchObject({ messageType: 'ORes', opStatus: '01' })
    expect(await send(torn, '03')).toMatchObject({ messageType: 'ORes', opStatus: '02' })
  })

  test.each([
    ['without a category', { opCategory: undefined }, '201', 'opCategory'],
    ['with a day that does not exist', { opExpDate: '20260230' }, '203', 'opExpDate'],
    ['of another directory server', { dsReferenceNumber: 'SECOND-DS' }, '303', 'dsReferenceNumber'],
    ['in a version that has none', { messageVersion: '2.2.0' }, '101', 'messageType'],
  ])('[Req 438] about its operation are refused %s', async (_what, overrides, errorCode, errorDetail) => {
    expect(await answerTo(oreq(overrides))).toMatchObject({ messageType: 'Erro', errorCode, errorDetail })
  })

  test('with an Erro get no answer, whatever it contains', async () => {
    const erro = {
      messageType: 'Erro',
      errorCode: '203',
      errorComponent: 'D',
      errorDescription: 'x',
      errorDetail: 'eci',
    }
    expect([await answerTo(message(erro)), await answerTo({ messageType: 'Erro' })]).toEqual([
      { status: 204 },
      { status: 204 },
    ])
  })
})

test('health reports whether the server is running, and whether it can do its work', async () => {
  const answers = [
    await call({ method: 'GET', path: '/health/live' }),
    await call({ method: 'GET', path: '/health/ready' }),
  ]
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, '{"status":"live"}'],
    [200, '{"status":"ready"}'],
  ])
})
