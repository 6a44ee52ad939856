import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { DirectoryServerDouble, drops, type Reaction, receipt } from '../testing/directory-server.ts'
import { reportResult } from './report-result.ts'
import { cancelChallenge, submitAnswer } from './submit.ts'
import { showWindow } from './view.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())
beforeEach(() => {
  at.advance(3600)
  at.directoryServer.react = receipt()
})

const bodiesOf = (acsTransID: string) =>
  at.directoryServer.rreqs.filter(({ message }) => message.acsTransID === acsTransID).map(({ body }) => body)
const delivered = async (acsTransID: string) => (await at.outbox(acsTransID, 'rreq'))[0]?.handed_over_at !== null
const answers =
  (status: number, body: string | object, headers: Record<string, string> = {}): Reaction =>
  (_rreq, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

test('delivers a result before the window says that the challenge has ended', async () => {
  const { windowKey, code, acsTransID } = await at.windowWithCode()
  await submitAnswer(windowKey, code)
  expect(bodiesOf(acsTransID)).toHaveLength(1)
  expect(await delivered(acsTransID)).toBe(true)
  await at.deliver()
  await reportResult(acsTransID)
  expect(bodiesOf(acsTransID)).toHaveLength(1)
})

test('returns a cardholder who submits again to the merchant only once the result has arrived; a page read before that has no way back', async () => {
  const { windowKey, code, acsTransID } = await at.windowWithCode()
  let answer = () => {}
  at.directoryServer.react = (rreq, response) => {
    answer = () => receipt()(rreq, response)
  }
  const back: string[] = []
  const first = submitAnswer(windowKey, code)
  await until(() => bodiesOf(acsTransID).length === 1)
  const second = submitAnswer(windowKey, code).then(() => back.push('submitted'))
  expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', post: undefined })
  expect(back).toEqual([])
  answer()
  await Promise.all([first, second])
  expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', post: { fields: { cres: expect.any(String) } } })
  expect(bodiesOf(acsTransID)).toHaveLength(1)
})

test('sends the same bytes in each try, with the pauses of the policy', async () => {
  at.directoryServer.react = drops
  const { windowKey, code, acsTransID } = await at.windowWithCode()
  await submitAnswer(windowKey, code)
  const [fixed] = await at.outbox(acsTransID, 'rreq')
  for (let tries = 1; tries <= 10; tries++) {
    expect(bodiesOf(acsTransID)).toHaveLength(tries)
    const [row] = await at.outbox(acsTransID, 'rreq')
    expect(row).toMatchObject({ tries, body: fixed?.body, handed_over_at: null, failed_at: null })
    const pause = pauseAfter(policy.resultRetries, tries) / 1000
    if (pause >= 10) {
      at.advance(pause - 8)
      await at.deliver()
      expect(bodiesOf(acsTransID)).toHaveLength(tries)
      at.advance(8)
    }
    // The pause includes its last millisecond.
    at.advance(0.01)
    await at.deliver()
  }
  expect(new Set(bodiesOf(acsTransID))).toEqual(new Set([fixed?.body]))

  at.directoryServer.react = receipt()
  at.advance(3600)
  await at.deliver()
  expect(await delivered(acsTransID)).toBe(true)
})

describe('sends a result again after an answer that is not its receipt', () => {
  const reactions: readonly (readonly [string, Reaction])[] = [
    ['a broken connection', drops],
    ['an empty answer', answers(200, '')],
    ['garbage', answers(200, '<html>Bad gateway</html>')],
    ['a server error', answers(500, '{}')],
    [
      'a receipt with the wrong status code',
      (rreq, response) => {
        response.statusCode = 502
        receipt()(rreq, response)
      },
    ],
    ['a receipt for another transaction', receipt({ acsTransID: crypto.randomUUID() })],
    ['a receipt of another directory server’s transaction', receipt({ dsTransID: crypto.randomUUID() })],
    ['a receipt of another version', receipt({ messageVersion: '2.1.0' })],
    ['a receipt without its status', receipt({ resultsStatus: undefined })],
    ['an answer that never stops', answers(200, `{"x":"${'x'.repeat(1_000_000)}"}`)],
  ]
  test.each(reactions)('%s', async (_what, reaction) => {
    at.directoryServer.react = reaction
    const { windowKey, acsTransID } = await at.window()
    expect(await cancelChallenge(windowKey)).toEqual({ kind: 'ended' })
    expect(await delivered(acsTransID)).toBe(false)
    at.directoryServer.react = receipt()
    at.advance(0.01)
    await at.deliver()
    expect(await delivered(acsTransID)).toBe(true)
    expect(bodiesOf(acsTransID)).toHaveLength(2)
  })

  test('a redirect, which is not followed', async () => {
    const elsewhere = new DirectoryServerDouble()
    await elsewhere.start()
    at.directoryServer.react = answers(307, '', { location: elsewhere.url })
    const { windowKey, acsTransID } = await at.window()
    await cancelChallenge(windowKey)
    await elsewhere.stop()
    expect([elsewhere.rreqs.length, await delivered(acsTransID)]).toEqual([0, false])
  })

  test('no answer: the cardholder waits five seconds and no longer', async () => {
    at.directoryServer.react = () => {}
    const { windowKey, acsTransID } = await at.window()
    expect(await cancelChallenge(windowKey)).toEqual({ kind: 'ended' })
    expect(await at.outbox(acsTransID, 'rreq')).toMatchObject([{ handed_over_at: null, tries: 1, leased_until: null }])
  })
})

test('sends a result from one process at a time', async () => {
  at.directoryServer.react = drops
  const { windowKey, acsTransID } = await at.window()
  await cancelChallenge(windowKey)
  let answer = () => {}
  at.directoryServer.react = (rreq, response) => {
    const reply = () => receipt()(rreq, response)
    if (rreq.message.acsTransID === acsTransID) answer = reply
    else reply()
  }
  at.advance(0.01)
  const first = at.deliver()
  await until(() => bodiesOf(acsTransID).length === 2)
  await Promise.all([at.deliver(), reportResult(acsTransID), at.deliver()])
  answer()
  await first
  expect(bodiesOf(acsTransID)).toHaveLength(2)
  expect(await delivered(acsTransID)).toBe(true)
})

test('sends a result from another process when the lease of one that died has expired', async () => {
  at.directoryServer.react = drops
  const { windowKey, acsTransID } = await at.window()
  await cancelChallenge(windowKey)
  at.directoryServer.react = receipt()
  const held = Date.parse(String((await at.challenge(acsTransID)).ended_at)) + 10_000
  await at.sql`update outbox set leased_until = ${held}, lease = lease + 1 where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID})`
  await at.deliver()
  expect(await delivered(acsTransID)).toBe(false)
  at.advance(11)
  await at.deliver()
  expect(await delivered(acsTransID)).toBe(true)
})

test('logs an alert when a result has not been accepted for a day, and keeps trying', async () => {
  at.directoryServer.react = drops
  const { windowKey, acsTransID } = await at.window()
  await cancelChallenge(windowKey)
  const alerts = () => at.log.filter(line => line.includes('rreq.undelivered-for-a-day') && line.includes(acsTransID))
  at.advance(policy.resultAlertAfter / 1000 - 60)
  await at.deliver()
  expect(alerts()).toEqual([])
  at.advance(3600)
  await at.deliver()
  expect(alerts().map(line => JSON.parse(line))).toMatchObject([{ level: 50, acsTransID }])
  at.directoryServer.react = receipt()
  at.advance(3600)
  await at.deliver()
  expect(await delivered(acsTransID)).toBe(true)
})

test('never calls a dsURL whose host no longer belongs to its directory server', async () => {
  const elsewhere = new DirectoryServerDouble()
  await elsewhere.start()
  const { windowKey, acsTransID } = await at.window()
  await at.sql`update challenges set ds_url = ${elsewhere.url} where acs_trans_id = ${acsTransID}`
  await cancelChallenge(windowKey)
  await elsewhere.stop()
  expect([elsewhere.rreqs.length, await delivered(acsTransID)]).toEqual([0, false])
  await at.sql`delete from outbox where challenge_id = (select id from challenges where acs_trans_id = ${acsTransID})`
})

test('ends a challenge while the directory server is down', async () => {
  at.directoryServer.react = drops
  const { windowKey, code, acsTransID } = await at.windowWithCode()
  expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
  expect(await at.challenge(acsTransID)).toMatchObject({ state: 'ended', outcome: 'authenticated' })
})

describe('notifies a directory server of the fault in its answer', () => {
  const erroOf = (acsTransID: string) => at.directoryServer.erros.filter(erro => erro.acsTransID === acsTransID)

  test.each([
    ['no RRes at all', answers(200, '<html>'), { errorCode: '101' }],
    [
      'an RRes without its status',
      receipt({ resultsStatus: undefined }),
      { errorCode: '201', errorDetail: 'resultsStatus' },
    ],
    [
      'an RRes of another transaction',
      receipt({ dsTransID: crypto.randomUUID() }),
      { errorCode: '301', errorDetail: 'dsTransID' },
    ],
    [
      'an RRes of another version',
      receipt({ messageVersion: '2.1.0' }),
      { errorCode: '203', errorDetail: 'messageVersion' },
    ],
  ] as const)('once, when it was %s', async (_what, react, told) => {
    at.directoryServer.react = react
    const { windowKey, acsTransID } = await at.window()
    await cancelChallenge(windowKey)
    at.advance(3600)
    await at.deliver()
    const common = { messageType: 'Erro', messageVersion: '2.2.0', errorComponent: 'A', errorMessageType: 'RRes' }
    expect(erroOf(acsTransID)).toMatchObject([{ ...common, ...told }])
    expect(await delivered(acsTransID)).toBe(false)
  })
})

describe('an Erro in place of the RRes', () => {
  const erroOf = (acsTransID: string) => at.directoryServer.erros.filter(erro => erro.acsTransID === acsTransID)
  const erro = {
    messageType: 'Erro',
    messageVersion: '2.2.0',
    errorComponent: 'D',
    errorDescription: 'x',
    errorDetail: 'x',
  }
  const logged = (acsTransID: string) =>
    at.log.map(line => JSON.parse(line)).filter(line => line.msg === 'erro.received' && line.acsTransID === acsTransID)

  test.each([
    ['312, a duplicate', { ...erro, errorCode: '312' }, '312'],
    ['403, a passing fault', { ...erro, errorCode: '403' }, '403'],
    ['without what it must have', { messageType: 'Erro', errorCode: '101' }, '101'],
    ['without a readable code', { messageType: 'Erro', errorCode: 'secret' }, 'unreadable'],
  ])(
    '(%s) ends the tries: the result is neither sent again nor answered with an Erro',
    async (_what, body, errorCode) => {
      at.directoryServer.react = answers(200, body)
      const { windowKey, acsTransID } = await at.window()
      await cancelChallenge(windowKey)
      at.advance(3600)
      await at.deliver()
      expect(bodiesOf(acsTransID)).toHaveLength(1)
      expect([erroOf(acsTransID), await delivered(acsTransID)]).toEqual([[], true])
      expect(logged(acsTransID)).toMatchObject([{ directoryServer: 'first', errorCode, count: expect.any(Number) }])
    },
  )

  test('is counted by its code', async () => {
    at.directoryServer.react = answers(200, { ...erro, errorCode: '405' })
    const windows = [await at.window(), await at.window()]
    for (const { windowKey } of windows) await cancelChallenge(windowKey)
    expect(windows.flatMap(({ acsTransID }) => logged(acsTransID)).map(({ count }) => count)).toEqual([1, 2])
  })
})

test('sends the transaction id in X-Request-ID with a 2.3.1 result, and no such header with an earlier version', async () => {
  for (const version of ['2.2.0', '2.3.1'] as const) {
    const { windowKey, acsTransID } = await at.window({}, version)
    await cancelChallenge(windowKey)
    const received = at.directoryServer.rreqs.find(({ message }) => message.acsTransID === acsTransID)
    expect(received?.headers['x-request-id']).toBe(version === '2.3.1' ? acsTransID : undefined)
  }
})
