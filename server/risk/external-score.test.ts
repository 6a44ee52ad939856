import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { parseMessage } from '#domain/emv/codec.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import { identify } from '../authentication/identify.ts'
import { receiveAReq } from '../authentication/receive.ts'
import { isSigned } from '../messaging/gateways/signed-post.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { withExternalScore } from './external-score.ts'
import { policySignalsOf } from './policy-signals.ts'

let at: Deployment
const secret = 'the secret of the service that scores payments'
const asked: { body: string; time: string; signature: string }[] = []
/** Undefined: the service never answers. */
let answer: { status: number; body: string } | undefined
const service = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    const header = (name: string) => String(request.headers[name])
    const body = Buffer.concat(parts).toString()
    asked.push({ body, time: header('x-signature-time'), signature: header('x-signature') })
    if (answer) response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
  })
})

beforeAll(async () => {
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  const { port } = service.address() as AddressInfo
  at = await startDeployment()
  at.changeIssuer(ordinary => ({
    ...ordinary,
    risk: { currency: '392', rates: { '392': 1 }, scoreService: { url: `http://127.0.0.1:${port}/score` } },
  }))
  at.configure({ RISK_SCORE_SECRET: secret })
})
afterAll(async () => {
  await at.stop()
  service.closeAllConnections()
  service.close()
})
beforeEach(() => {
  asked.length = 0
})

const patience = 5000
const policyReading = (signal: 'externalScore' | 'amount'): Policy => ({
  ...{ id: 'test', version: 1, name: 'test', thresholds: { challenge: 50 } },
  tables: [
    {
      ...{ id: 'table', combine: 'sum' },
      rules: [
        {
          ...{ id: 'rule', score: 10, atLeast: undefined, reason: 'nothing-unusual' },
          conditions: [{ signal, holds: () => true }],
        },
      ],
    },
  ],
})

/** Patient, so that a busy machine fails no test, except where lateness is what is tested. */
async function scored(policies: readonly (Policy | undefined)[], timeout?: number): Promise<number | undefined> {
  const [directoryServer] = config().issuer.directoryServers
  const received =
    directoryServer && receiveAReq(parseMessage(Buffer.from(JSON.stringify(at.message()))), directoryServer, now())
  if (received?.kind !== 'request') throw new Error('refused')
  const identified = await identify(received.request, now())
  const signals = policySignalsOf(identified)
  return signals && (await withExternalScore(signals, identified, policies, timeout)).externalScore
}

test('the service is asked by a signed request, and its score is a signal', async () => {
  answer = { status: 200, body: '{"score":81.5}' }
  expect(await scored([undefined, policyReading('externalScore')], patience)).toBe(81.5)
  const [{ body, time, signature } = { body: '{}', time: '', signature: '' }] = asked
  expect(isSigned(secret, body, time, signature, now())).toBe(true)
  expect(JSON.parse(body)).toMatchObject({
    ...{ id: expect.any(String), cardholderId: 'hanako', lastFour: expect.stringMatching(/^\d{4}$/) },
    ...{ areq: { purchaseAmount: '12800', mcc: '5732' }, signals: { amount: 12_800, cardPayments: 0 } },
  })
  expect(body).not.toContain(String(at.message().acctNumber))
})

test('it is not asked if no policy reads its score', async () => {
  answer = { status: 200, body: '{"score":81.5}' }
  expect(await scored([policyReading('amount'), undefined], patience)).toBeUndefined()
  expect(asked).toHaveLength(0)
})

test.each([
  ['an error', { status: 500, body: '{"score":10}' }],
  ['a score above 100', { status: 200, body: '{"score":100.1}' }],
  ['a score as text', { status: 200, body: '{"score":"10"}' }],
  ['no JSON', { status: 200, body: 'ten' }],
  ['a score that is no number', { status: 200, body: '{"score":null}' }],
])('%s is no score', async (_what, given) => {
  answer = given
  expect(await scored([policyReading('externalScore')], patience)).toBeUndefined()
})

test('a service that fails is logged once, and once when it answers again', async () => {
  const ask = async (given: typeof answer) => {
    answer = given
    await scored([policyReading('externalScore')], patience)
  }
  const [good, bad] = [
    { status: 200, body: '{"score":10}' },
    { status: 500, body: '' },
  ]
  await ask(good)
  at.log.splice(0)
  for (const given of [bad, bad, good, good, bad]) await ask(given)
  const logged = at.log.flatMap(line => /"msg":"(risk\.score-\w+)"/.exec(line)?.[1] ?? [])
  expect(logged).toEqual(['risk.score-unavailable', 'risk.score-available', 'risk.score-unavailable'])
})

test('an AReq does not wait for a late answer, and after five of them no longer asks for a while', async () => {
  answer = undefined
  for (let i = 0; i < 7; i++) expect(await scored([policyReading('externalScore')])).toBeUndefined()
  expect(asked.length).toBeLessThanOrEqual(5)
  answer = { status: 200, body: '{"score":0}' }
  at.advance(6)
  expect(await scored([policyReading('externalScore')], patience)).toBe(0)
})
