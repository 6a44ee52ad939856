import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { submitAnswer } from '../challenge/submit.ts'
import { startDs } from '../ds/server.ts'
import { now } from '../platform/clock.ts'
import { cards } from '../testing/cards.ts'
import { type Certificate, CertificateAuthority } from '../testing/certificates.ts'
import { belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'
import { callDs } from '../testing/ds-client.ts'
import { freePort } from '../testing/free-port.ts'

let at: Deployment
let authority: CertificateAuthority
let host: Certificate
let port: number
let front: Awaited<ReturnType<typeof startDs>>
const perSecond = 5

beforeAll(async () => {
  at = await startDeployment()
  authority = new CertificateAuthority(at.folder, 'authority')
  const acs = authority.sign('acs')
  host = authority.sign('authorisation.example')
  port = await freePort()
  at.changeIssuer(issuer => ({
    ...issuer,
    authorisationHosts: issuer.authorisationHosts.map(each => ({ ...each, perSecond })),
  }))
  const files = {
    DS_TLS_CERT_FILE: acs.certFile,
    DS_TLS_KEY_FILE: acs.keyFile,
    DS_TLS_CLIENT_CA_FILE: authority.certFile,
  }
  at.configure({ DS_PORT: String(port), ...files })
  front = await startDs()
})
afterAll(async () => {
  await front.stop()
  await at.stop()
})

const purchase = {
  acctNumber: cards.hanako,
  purchaseAmount: belowLimit,
  purchaseCurrency: '392',
  acquirerMerchantID: 'MERCHANT-1',
}

async function ask(body: object | string, certificate: Certificate | undefined = host) {
  at.advance(1)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await callDs(port, authority.cert, { certificate, path: '/issuer/authentication-value', body: text })
  return { status: answer.status, headers: answer.headers, ...JSON.parse(answer.body) }
}

async function frictionless() {
  const { acctNumber, ...rest } = purchase
  const { authenticationValue } = await at.areq({ acctNumber, ...rest })
  return { authenticationValue, ...purchase }
}

describe('the authorisation host is told of a value', () => {
  test('that it is ours, and how and when the cardholder was authenticated', async () => {
    const { messageType: _, ...answer } = { messageType: '', ...(await ask(await frictionless())) }
    expect(answer).toMatchObject({ status: 200, result: 'valid', outcome: 'frictionless' })
    expect(Date.parse(answer.authenticatedAt)).toBeGreaterThan(now() - 10_000)

    const amount = { ...purchase, purchaseAmount: '12800' }
    const { windowKey, code, acsTransID } = await at.windowWithCode(amount)
    await submitAnswer(windowKey, code)
    const [rreq] = at.directoryServer.rreqsOf(acsTransID)
    const challenged = { ...amount, authenticationValue: rreq?.authenticationValue }
    expect(await ask(challenged)).toMatchObject({ result: 'valid', outcome: 'challenge' })
  })

  test.each([
    ['another amount', { purchaseAmount: '1201' }],
    ['another currency', { purchaseCurrency: '840' }],
    ['another merchant', { acquirerMerchantID: 'MERCHANT-2' }],
  ])('that it was made for another purchase: %s', async (_what, other) => {
    expect(await ask({ ...(await frictionless()), ...other })).toMatchObject({ result: 'other-purchase' })
  })

  test('that it is for the same purchase, given in the fixed lengths of an authorisation message', async () => {
    const padded = { purchaseAmount: '000000001200', acquirerMerchantID: 'MERCHANT-1     ' }
    expect(await ask({ ...(await frictionless()), ...padded })).toMatchObject({ result: 'valid' })
  })

  test('that it is not ours: of another card, changed, or made up', async () => {
    const { authenticationValue = '', ...rest } = await frictionless()
    const changed = Buffer.from(authenticationValue, 'base64')
    changed[4] = (changed[4] ?? 0) ^ 1
    for (const value of [
      changed.toString('base64'),
      'AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      'x',
      authenticationValue.slice(0, -1),
    ])
      expect(await ask({ ...rest, authenticationValue: value })).toMatchObject({ status: 200, result: 'invalid' })
    expect(await ask({ ...rest, authenticationValue, acctNumber: cards.alex })).toMatchObject({ result: 'invalid' })
  })
})

test('refuses a directory server’s certificate here, and an AReq from the authorisation host', async () => {
  const question = await frictionless()
  for (const name of ['first.ds.example', 'second.ds.example', 'other'])
    expect(await ask(question, authority.sign(name))).toMatchObject({ status: 403, error: 'client certificate' })
  const { body } = await callDs(port, authority.cert, { certificate: host, body: JSON.stringify(at.message()) })
  expect(JSON.parse(body)).toMatchObject({ messageType: 'Erro', errorCode: '303' })
})

test('refuses an authorisation host that sends a card outside its ranges', async () => {
  const question = await frictionless()
  for (const acctNumber of ['340000000000009', '4111111111111111'])
    expect(await ask({ ...question, acctNumber })).toMatchObject({ status: 403 })
})

test('names malformed elements without repeating their values', async () => {
  const { acctNumber: _, ...rest } = await frictionless()
  expect(await ask(rest)).toMatchObject({ status: 400, elements: ['acctNumber'] })
  for (const [name, value] of [
    ['acctNumber', '37828224631000x'],
    ['purchaseAmount', 1200],
    ['purchaseAmount', '-1'],
    ['purchaseCurrency', 'JPY'],
    ['acquirerMerchantID', ''],
    ['authenticationValue', null],
  ] as const) {
    const answer = await ask({ ...rest, acctNumber: cards.hanako, [name]: value })
    expect(answer).toMatchObject({ status: 400, elements: [name] })
  }
  const twice = JSON.stringify({ ...rest, acctNumber: cards.hanako }).replace('{', '{"purchaseAmount":"1",')
  expect(await ask(twice)).toMatchObject({ status: 400, elements: ['purchaseAmount'] })
  for (const text of ['', '{', '[]', 'null']) expect(await ask(text)).toMatchObject({ status: 400, elements: [] })
  expect(await ask(' '.repeat(5000))).toMatchObject({ status: 413 })
})

test('refuses an authorisation host over its rate with 429 and a time to wait', async () => {
  const question = JSON.stringify({ ...(await frictionless()), authenticationValue: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' })
  const call = { certificate: host, path: '/issuer/authentication-value', body: question }
  at.advance(10)
  const answers = await Promise.all(Array.from({ length: perSecond + 30 }, () => callDs(port, authority.cert, call)))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]?.headers['retry-after']).toBe('1')
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(perSecond)
})

test('logs no card number', () => {
  expect(at.log.join('\n')).not.toMatch(/3782822463|AAAAAAAAAAAA/)
})
